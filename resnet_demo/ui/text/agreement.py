"""Words of the part of the tab Compare that shows one image to all variants of a model."""

ENGLISH = {
    "agreement.more": "What this shows, and what it does not",
    "agreement.about": (
        "Each published variant of one comparison classifies the same image. You see how these trained models differ "
        "on this image; it says nothing about A, B and C in general: two models of the same kind, trained from two "
        "seeds, disagree on single images, too."
    ),
    "agreement.which": "Models",
    "agreement.choice": "Depth {depth} on {data}, {epochs} epochs: {names}",
    "agreement.upload": "Upload your image",
    "agreement.plain": "plain",
    "agreement.empty": "Choose a sample, upload your image, or choose a test image below.",
    "agreement.none": "There are no published models here that differ only in their shortcuts.",
    "agreement.weightless": (
        "These models were published without weights and cannot classify images. Their predictions for the test set "
        "are below."
    ),
    "agreement.gone": "The images of this set are no longer on this machine.",
    "agreement.all": "All {count} models answer {label}.",
    "agreement.differ": "The models disagree. {groups}.",
    "agreement.group": "{who}: {label}",
    "agreement.semicolon": "; ",
    "agreement.truth": "Label in the test set: {label}.",
    "agreement.gap": "Largest gap, for {label}: {low} ({first}) to {high} ({second}).",
    "agreement.sides.class": "class",
    "agreement.sides.rest": "Other classes",
    "agreement.sides.hint": "Click a class to see where each model finds evidence for it.",
    "agreement.sides.where": "Show where each model finds evidence for this class",
    "agreement.sides.csv": "Download CSV",
    "agreement.gallery": "Test images that exactly one model gets right",
    "agreement.summary": (
        "Of {rows} test images, all models get {all} right, none gets {none} right, and exactly one gets {alone} "
        "right; the other {rest} some models get right, but not all."
    ),
    "agreement.who": "The only model that is right",
    "agreement.only": "{name}: {count}",
    "agreement.strip": (
        "Only {name} is right: {first} to {last} of {count}, in the order of the test set. Click an image to see what "
        "every model answers."
    ),
    "agreement.strip.none": "There is no image that only {name} gets right.",
    "agreement.strip.absent": (
        "Only {name} is right on {count} images, listed below. To see them, {data} is needed (fingerprint "
        "{fingerprint}…), which is not on this machine; download it in the tab Train."
    ),
    "agreement.strip.fingerprint": (
        "Only {name} is right on {count} images, listed below. To see them, exactly the files of {data} that were "
        "predicted are needed (fingerprint {fingerprint}…). The files on this machine differ, so they would show the "
        "wrong images."
    ),
    "agreement.column.row": "Row",
    "agreement.column.label": "Label",
}

CHINESE = {
    "agreement.more": "这里说明什么，不说明什么",
    "agreement.about": (
        "一组对比中的每个发布模型都对同一张图像分类。这里看到的是这些训练好的模型在这张图像上的差别，并不说明 A、B、C "
        "本身如何：同一种模型用两个随机种子训练，在个别图像上的答案也会不同。"
    ),
    "agreement.which": "模型",
    "agreement.choice": "深度 {depth}，{data}，{epochs} 轮：{names}",
    "agreement.upload": "上传你的图像",
    "agreement.plain": "普通",
    "agreement.empty": "请选择示例图像、上传你的图像，或选择下方的测试图像。",
    "agreement.none": "这里没有仅在捷径连接上不同的发布模型。",
    "agreement.weightless": "这些模型发布时不含权重，无法对图像分类。它们对测试集的预测见下方。",
    "agreement.gone": "这个数据集的图像已不在本机。",
    "agreement.all": "{count} 个模型都回答{label}。",
    "agreement.differ": "各模型意见不一。{groups}。",
    "agreement.group": "{who}：{label}",
    "agreement.semicolon": "；",
    "agreement.truth": "测试集中的标签：{label}。",
    "agreement.gap": "差距最大的类别是{label}：从 {low}（{first}）到 {high}（{second}）。",
    "agreement.sides.class": "类别",
    "agreement.sides.rest": "其他类别",
    "agreement.sides.hint": "点击一个类别，查看各模型判断该类别的依据。",
    "agreement.sides.where": "显示各模型判断该类别的依据",
    "agreement.sides.csv": "下载 CSV",
    "agreement.gallery": "只有一个模型答对的测试图像",
    "agreement.summary": (
        "在 {rows} 张测试图像中，所有模型都答对 {all} 张，都答错 {none} 张，只有一个答对 {alone} 张；"
        "其余 {rest} 张有一部分模型答对。"
    ),
    "agreement.who": "唯一答对的模型",
    "agreement.only": "{name}：{count}",
    "agreement.strip": (
        "只有 {name} 答对：{count} 张中的第 {first} 到 {last} 张，按测试集顺序。点击图像查看所有模型的答案。"
    ),
    "agreement.strip.none": "没有只被 {name} 答对的图像。",
    "agreement.strip.absent": (
        "只有 {name} 答对的图像有 {count} 张，列在下方。要显示图像，需要 {data}（指纹 {fingerprint}…），本机没有"
        "这个数据集，可以在“训练”页下载。"
    ),
    "agreement.strip.fingerprint": (
        "只有 {name} 答对的图像有 {count} 张，列在下方。要显示图像，需要预测时所用的那些 {data} 文件（指纹 "
        "{fingerprint}…）。本机的文件与之不同，显示的将不是对应的图像。"
    ),
    "agreement.column.row": "行号",
    "agreement.column.label": "标签",
}
