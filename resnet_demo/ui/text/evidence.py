"""Words of the fold that asks whether a heat map is true, in the part on the inside of a model."""

ENGLISH = {
    "evidence.title": "Is the heat map true?",
    "evidence.paint": (
        "Paint over what the map marks as evidence: if the model relies on it, the bars move. Painting over the "
        "rest should change little (occlusion, Zeiler and Fergus 2013)."
    ),
    "evidence.cover.grey": "grey",
    "evidence.cover.blur": "blur",
    "evidence.cover.mean": "mean color",
    "evidence.original": "Original",
    "evidence.painted": "Painted over",
    "evidence.curves": (
        "The same for the whole map: pixels are deleted, or inserted into a blurred image, the most important "
        "first. A map that tells what matters makes the deletion curve fall early and the insertion curve rise "
        "early, compared with a random map (Petsiuk et al. 2018, RISE)."
    ),
    "evidence.measuring": "Measuring 132 versions of the image …",
    "evidence.chart": "Deletion and insertion",
    "evidence.deletion": "Deletion: {label} (%), lower is better",
    "evidence.insertion": "Insertion: {label} (%), higher is better",
    "evidence.deletion.unit": "pixels deleted (%)",
    "evidence.insertion.unit": "pixels inserted (%)",
    "evidence.map": "in the order of the heat map",
    "evidence.random": "in random order",
    "evidence.areas": "Area under the curve: {map:.2f}, in random order {random:.2f}.",
    "evidence.place": "At {share:.0f} %: {map:.1f} %, in random order {random:.1f} %.",
    "evidence.note": (
        "Deleted pixels get the mean color of the image; one random order, of patches as coarse as the map."
    ),
    "evidence.sanity": (
        "A sanity check: with new random values in the last layer the model has forgotten its classes. If the map "
        "stays the same, it does not show what the model has learned (Adebayo et al. 2018)."
    ),
    "evidence.randomize": "Randomize the last layer",
    "evidence.sanity.title": "The same class, before and after",
    "evidence.sanity.caption": "Only the last layer is randomized; every other layer keeps what it has learned.",
    "evidence.map.own": "As trained",
    "evidence.map.randomized": "Last layer random",
    "evidence.correlation": (
        "Rank correlation of the two maps (Spearman): {value:.2f}. 1 would mean that nothing changed."
    ),
    "evidence.correlation.none": "One of the two maps shows no evidence, so they cannot be correlated.",
    "brush.size": "Brush",
    "brush.cover": "Cover with",
    "brush.clear": "Clear",
    "brush.view": "The image as the model sees it",
    "brush.canvas": "Paint over the image: drag, or move with the arrow keys and paint with the space bar",
}

CHINESE = {
    "evidence.title": "热力图可信吗？",
    "evidence.paint": (
        "涂掉热力图标出的依据：如果模型确实依赖它，条形会变化；涂掉其余部分则影响不大（遮挡法，Zeiler 与 Fergus 2013，"
        "arXiv:1311.2901）。"
    ),
    "evidence.cover.grey": "灰色",
    "evidence.cover.blur": "模糊",
    "evidence.cover.mean": "平均颜色",
    "evidence.original": "原图",
    "evidence.painted": "涂改后",
    "evidence.curves": (
        "对整张热力图做同样的检验：按重要性从高到低删除像素，或把像素加到模糊的图像上。与随机的图相比，能说明什么重"
        "要的热力图会使删除曲线更早下降、插入曲线更早上升（Petsiuk et al. 2018，RISE，arXiv:1806.07421）。"
    ),
    "evidence.measuring": "正在测量该图像的 132 个版本……",
    "evidence.chart": "删除与插入",
    "evidence.deletion": "删除：{label}的概率（%），越低越好",
    "evidence.insertion": "插入：{label}的概率（%），越高越好",
    "evidence.deletion.unit": "已删除的像素（%）",
    "evidence.insertion.unit": "已插入的像素（%）",
    "evidence.map": "按热力图的顺序",
    "evidence.random": "按随机顺序",
    "evidence.areas": "曲线下面积：{map:.2f}，随机顺序 {random:.2f}。",
    "evidence.place": "{share:.0f}% 处：{map:.1f}%，随机顺序 {random:.1f}%。",
    "evidence.note": "删除的像素取图像的平均颜色；随机顺序只有一种，其块与热力图一样粗。",
    "evidence.sanity": (
        "合理性检查：最后一层换成新的随机值后，模型已忘记它的类别。如果热力图不变，它就没有反映模型学到的东西（"
        "Adebayo et al. 2018，arXiv:1810.03292）。"
    ),
    "evidence.randomize": "随机化最后一层",
    "evidence.sanity.title": "同一类别，随机化前后",
    "evidence.sanity.caption": "只随机化最后一层，其余各层保持学到的参数。",
    "evidence.map.own": "训练好的模型",
    "evidence.map.randomized": "最后一层随机",
    "evidence.correlation": "两张热力图的秩相关系数（Spearman）：{value:.2f}。1 表示没有任何变化。",
    "evidence.correlation.none": "其中一张热力图没有依据，无法计算相关系数。",
    "brush.size": "画笔",
    "brush.cover": "覆盖为",
    "brush.clear": "清除",
    "brush.view": "模型看到的图像",
    "brush.canvas": "涂改图像：拖动，或用方向键移动、用空格键涂抹",
}
