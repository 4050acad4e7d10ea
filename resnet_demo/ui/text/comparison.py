"""Words of what the published runs show of A, B, C and plain, of the tests, and of the charts of values (`dots`)."""

ENGLISH = {
    "comparison.lead": (
        "All models were trained in this project under the same conditions: identical initial values in every tensor "
        "that two models share, identical images in identical order. What differs between two models is the shortcut, "
        "and noise; only several seeds show how large the noise is."
    ),
    "comparison.none": "There are no published runs that differ only in shortcut and seed.",
    "comparison.short": (
        "Short runs: fewer epochs than the longest runs on this data set, which makes several seeds affordable. Longer "
        "training reaches higher accuracies."
    ),
    "comparison.finding.beats": "{better} beats {worse} by {points} points ({seeds}).",
    "comparison.finding.same": "{better} and {worse}: no clear difference ({points} points, {seeds}).",
    "comparison.finding.untested": "{better} is {points} points ahead of {worse} ({seeds}, not tested).",
    "comparison.seed": "{n} seed",
    "comparison.seeds": "{n} seeds",
    "comparison.costs": "Parameters: {costs}.",
    "comparison.cost": "{name} {parameters}",
    "comparison.statistics": "Statistics",
    "comparison.papers": "Results in the papers: ImageNet, and depth 110",
    "comparison.how": "How these models were trained",
    "comparison.set.test": "test set",
    "comparison.set.test-lossless": "lossless test images",
    "comparison.set.validation": "validation set",
    "comparison.which": "Comparison",
    "comparison.title": "Depth {depth}, {data}, {epochs} epochs, n = {n}",
    "comparison.one": "n = 1: one seed does not show the noise between seeds, so there is no standard deviation.",
    "comparison.label": "Cost and accuracy of the variants",
    "comparison.column.network": "Model",
    "comparison.column.parameters": "Parameters",
    "comparison.column.work": "Multiply-adds",
    "comparison.column.size": "Size",
    "comparison.column.latency": "Latency",
    "comparison.column.accuracy": "Accuracy, {set}",
    "comparison.column.n": "n",
    "comparison.column.weights": "Weights",
    "comparison.size": "{kilobytes:,.0f} KB",
    "comparison.accuracy": "{mean} %",
    "comparison.accuracy.std": "{mean} ± {std} %",
    "comparison.weights.none": "none",
    "comparison.weights": "{here} of {n} seeds",
    "comparison.table.note": (
        "In the table: multiply-adds for one image, size of the weights file in half precision, accuracy as mean ± "
        "standard deviation over n seeds. Lossless test images: those that the data set stores without compression "
        "loss."
    ),
    "comparison.measure": "Measure latency on this machine",
    "comparison.measuring": "Measuring in turn …",
    "comparison.measured": (
        "Latency on {device}: one image, fp32, median of {rounds} rounds in which the models took turns (fastest to "
        "slowest round). Other work on this machine is included."
    ),
    "comparison.latency": "{median:.2f} ms ({low:.2f} to {high:.2f})",
    "comparison.chart": "{title}: each seed",
    "comparison.chart.panel": "Accuracy (%), {set}",
    "comparison.chart.said": "Each mark is one seed, the line their mean, the whisker ± one standard deviation.",
    "comparison.chart.said.one": "Each mark is one seed.",
    "comparison.chart.seed": "seed {seed} {value} %",
    "comparison.chart.place": "{network}: {seeds}",
    "comparison.chart.place.mean": "{network}: {seeds}; mean {mean} %, standard deviation {std} points",
    "comparison.chart.between": ", ",
    "comparison.key.A": "A",
    "comparison.key.B": "B",
    "comparison.key.C": "C",
    "comparison.key.plain": "plain",
    "comparison.pair": "{first} and {second}",
    "comparison.verdicts": "Pairwise comparisons",
    "comparison.verdict.title": "{pair}: {verdict}",
    "comparison.verdict.separated": "clear difference",
    "comparison.verdict.noise": "within noise",
    "comparison.verdict.none": "not tested",
    "comparison.verdict.test": "{second} − {first}: {difference} points on average ({low} to {high}), p = {p}.",
    "comparison.verdict.better": "{better} is better than {worse}.",
    "comparison.verdict.same": "The difference is within the noise between seeds.",
    "comparison.verdict.other": "On the {set} alone: {difference} points ({low} to {high}), p = {p}.",
    "comparison.verdict.other.constant": "On the {set} alone: {difference} points in every seed.",
    "comparison.verdict.needed": "Detecting half a point (80 % power) would need {range} seeds.",
    "comparison.verdict.range": "{low} to {high}",
    "comparison.verdict.more": "more than {most:,}",
    "comparison.verdict.constant": (
        "{second} − {first} is {difference} points in every seed; without noise to compare with there is no test."
    ),
    "comparison.verdict.few": "Too few seeds in common: {n}; a test needs at least {least}.",
    "comparison.verdict.few.all": (
        "n = {n}: nothing shows how much two seeds of the same model differ; a test needs at least {least} seeds."
    ),
    "comparison.verdict.source": "n = {n} seeds: {seeds}",
    "comparison.verdicts.note": (
        "Paired t-tests over seeds on the {set} ({rows:,} images), which was fixed in advance; p adjusted by Holm over "
        "the {pairs} pairs, intervals by Bonferroni, 95 % together; seeds needed at the same level, for both ends of "
        "the 95 % interval of the standard deviation. Holm is slightly more sensitive than Bonferroni intervals: one "
        "may include 0 where p is below 0.05. The other set is for information only."
    ),
    "comparison.verdicts.label": "Pairwise comparisons as a table",
    "comparison.column.pair": "Pair",
    "comparison.column.difference": "Difference (points), {set}",
    "comparison.column.p": "p (Holm)",
    "comparison.column.verdict": "Result",
    "comparison.column.needed": "Seeds for half a point",
    "comparison.interval": "{difference} ({low} to {high})",
    "comparison.networks": "These trained models",
    "comparison.networks.note": (
        "McNemar’s exact test on the {set} ({rows:,} images): are two trained models right equally often? p adjusted "
        "by Holm over the pairs. It is about these trained models alone; another seed gives other models."
    ),
    "comparison.networks.hint": "Click a row to see the difference of the two confusion matrices.",
    "comparison.networks.label": "Tests of single models",
    "comparison.column.seed": "Seed",
    "comparison.column.only_first": "Only the first is right",
    "comparison.column.only_second": "Only the second is right",
    "comparison.column.words": "Result",
    "comparison.networks.better": "{better} is right more often",
    "comparison.networks.same": "no difference shown",
    "comparison.p.small": "< 0.001",
    "comparison.paper": "ImageNet, 34 layers",
    "comparison.paper.note": (
        "He et al. 2015, table 3: error on the validation set, ten crops, one model each. The authors call the "
        "differences between A, B and C small."
    ),
    "comparison.paper.label": "Errors on ImageNet, as published",
    "comparison.column.top1": "Top-1 error",
    "comparison.column.top5": "Top-5 error",
    "comparison.deep": "CIFAR-10, 110 layers",
    "comparison.deep.note": (
        "Test errors from He et al. 2016, Identity Mappings in Deep Residual Networks (arXiv:1603.05027), table 1; not "
        "trained here. With 1×1 convolutions on all shortcuts (C) such a deep network trains worse."
    ),
    "comparison.deep.label": "Errors of ResNet-110, as published",
    "comparison.column.error": "Test error",
    "comparison.error": "{percent} %",
    "dots.label": "Chart",
    "dots.play": "Play",
    "dots.pause": "Pause",
    "dots.position": "Position in the recording",
    "dots.png": "PNG",
    "dots.svg": "SVG",
    "dots.csv": "CSV",
}

CHINESE = {
    "comparison.lead": (
        "所有模型都由本项目在相同条件下训练：两个模型共有的张量初始值完全相同，图像及其顺序也相同。两个模型之间的"
        "差别只有捷径连接和噪声；噪声有多大，只有多个随机种子才能说明。"
    ),
    "comparison.none": "还没有仅在捷径连接和随机种子上不同的发布训练。",
    "comparison.short": ("短训练：轮数少于这个数据集上最长的训练，因此能够使用多个随机种子。训练更久，准确率会更高。"),
    "comparison.finding.beats": "{better} 比 {worse} 高 {points} 个百分点（{seeds}）。",
    "comparison.finding.same": "{better} 与 {worse}：差异不显著（{points} 个百分点，{seeds}）。",
    "comparison.finding.untested": "{better} 比 {worse} 高 {points} 个百分点（{seeds}，未检验）。",
    "comparison.seed": "{n} 个种子",
    "comparison.seeds": "{n} 个种子",
    "comparison.costs": "参数量：{costs}。",
    "comparison.cost": "{name} {parameters}",
    "comparison.statistics": "统计检验",
    "comparison.papers": "论文中的结果：ImageNet 与深度 110",
    "comparison.how": "这些模型的训练条件",
    "comparison.set.test": "测试集",
    "comparison.set.test-lossless": "测试集无损图像",
    "comparison.set.validation": "验证集",
    "comparison.which": "对比",
    "comparison.title": "深度 {depth}，{data}，{epochs} 轮，n = {n}",
    "comparison.one": "n = 1：一个随机种子看不出种子间的波动，因此没有标准差。",
    "comparison.label": "各方案的代价与准确率",
    "comparison.column.network": "模型",
    "comparison.column.parameters": "参数量",
    "comparison.column.work": "乘加次数",
    "comparison.column.size": "大小",
    "comparison.column.latency": "延迟",
    "comparison.column.accuracy": "准确率，{set}",
    "comparison.column.n": "n",
    "comparison.column.weights": "权重",
    "comparison.size": "{kilobytes:,.0f} KB",
    "comparison.accuracy": "{mean}%",
    "comparison.accuracy.std": "{mean} ± {std}%",
    "comparison.weights.none": "无",
    "comparison.weights": "{n} 个种子中的 {here} 个",
    "comparison.table.note": (
        "表中：乘加次数按一张图像计算；大小为半精度权重文件；准确率为 n 个种子的均值 ± 标准差。无损图像指数据集中"
        "未经有损压缩存储的图像。"
    ),
    "comparison.measure": "在本机测量延迟",
    "comparison.measuring": "正在轮流测量……",
    "comparison.measured": (
        "{device} 上的延迟：一张图像，FP32，各模型轮流测量，取 {rounds} 轮的中位数（最快到最慢的一轮）。其中包含"
        "本机其他任务的影响。"
    ),
    "comparison.latency": "{median:.2f} 毫秒（{low:.2f} 到 {high:.2f}）",
    "comparison.chart": "{title}：每个种子",
    "comparison.chart.panel": "准确率（%），{set}",
    "comparison.chart.said": "每个标记是一个种子，横线是均值，竖线为 ± 一个标准差。",
    "comparison.chart.said.one": "每个标记是一个种子。",
    "comparison.chart.seed": "种子 {seed}：{value}%",
    "comparison.chart.place": "{network}：{seeds}",
    "comparison.chart.place.mean": "{network}：{seeds}；均值 {mean}%，标准差 {std} 个百分点",
    "comparison.chart.between": "，",
    "comparison.key.A": "A",
    "comparison.key.B": "B",
    "comparison.key.C": "C",
    "comparison.key.plain": "普通网络",
    "comparison.pair": "{first} 与 {second}",
    "comparison.verdicts": "两两比较的结论",
    "comparison.verdict.title": "{pair}：{verdict}",
    "comparison.verdict.separated": "差异显著",
    "comparison.verdict.noise": "未超出种子间波动",
    "comparison.verdict.none": "未检验",
    "comparison.verdict.test": "{second} − {first}：平均 {difference} 个百分点（{low} 到 {high}），p = {p}。",
    "comparison.verdict.better": "{better} 优于 {worse}。",
    "comparison.verdict.same": "这一差异未超出种子间波动。",
    "comparison.verdict.other": "仅看{set}：{difference} 个百分点（{low} 到 {high}），p = {p}。",
    "comparison.verdict.other.constant": "仅看{set}：每个种子都是 {difference} 个百分点。",
    "comparison.verdict.needed": "要以 80% 的检验功效检出 0.5 个百分点的差异，约需 {range} 个种子。",
    "comparison.verdict.range": "{low} 到 {high}",
    "comparison.verdict.more": "超过 {most:,}",
    "comparison.verdict.constant": (
        "{second} − {first} 在每个种子上都是 {difference} 个百分点；没有可比较的波动，因此无法检验。"
    ),
    "comparison.verdict.few": "共有的种子太少：{n} 个；检验至少需要 {least} 个。",
    "comparison.verdict.few.all": "n = {n}：无从得知同一模型的两个种子相差多少；检验至少需要 {least} 个种子。",
    "comparison.verdict.source": "n = {n} 个种子：{seeds}",
    "comparison.verdicts.note": (
        "在{set}（{rows:,} 张图像，事先确定）上按种子配对的 t 检验；p 值按 Holm 方法对 {pairs} 对校正，区间按 "
        "Bonferroni 方法，合计置信水平 95%；所需种子数按同一水平，取标准差 95% 区间的两端。Holm 方法比 "
        "Bonferroni 区间略灵敏：p 小于 0.05 时，区间仍可能包含 0。另一个数据划分仅供参考。"
    ),
    "comparison.verdicts.label": "两两比较的结论表",
    "comparison.column.pair": "比较对象",
    "comparison.column.difference": "差值（百分点），{set}",
    "comparison.column.p": "p（Holm）",
    "comparison.column.verdict": "结论",
    "comparison.column.needed": "检出 0.5 个百分点所需种子数",
    "comparison.interval": "{difference}（{low} 到 {high}）",
    "comparison.networks": "这些训练好的模型",
    "comparison.networks.note": (
        "McNemar 精确检验，{set}，{rows:,} 张图像：两个训练好的模型答对的次数是否相等；p 值按 Holm 方法对各对校正。"
        "结论只适用于这些模型；换一个种子就是另外的模型。"
    ),
    "comparison.networks.hint": "点击一行可查看两个混淆矩阵的差。",
    "comparison.networks.label": "单个模型的检验",
    "comparison.column.seed": "种子",
    "comparison.column.only_first": "仅前者答对",
    "comparison.column.only_second": "仅后者答对",
    "comparison.column.words": "结论",
    "comparison.networks.better": "{better} 答对更多",
    "comparison.networks.same": "未显示差异",
    "comparison.p.small": "< 0.001",
    "comparison.paper": "ImageNet，34 层",
    "comparison.paper.note": "He 等，2015，表 3：验证集错误率，十次裁剪，各一个模型。作者称 A、B、C 之间的差别很小。",
    "comparison.paper.label": "已发表的 ImageNet 错误率",
    "comparison.column.top1": "Top-1 错误率",
    "comparison.column.top5": "Top-5 错误率",
    "comparison.deep": "CIFAR-10，110 层",
    "comparison.deep.note": (
        "测试错误率取自 He 等 2016 年的论文（arXiv:1603.05027）表 1，并非在此训练。全部捷径连接都用 1×1 卷积（C）时，"
        "如此深的网络训练效果更差。"
    ),
    "comparison.deep.label": "已发表的 ResNet-110 错误率",
    "comparison.column.error": "测试错误率",
    "comparison.error": "{percent}%",
    "dots.label": "图表",
    "dots.play": "播放",
    "dots.pause": "暂停",
    "dots.position": "播放位置",
    "dots.png": "PNG",
    "dots.svg": "SVG",
    "dots.csv": "CSV",
}
