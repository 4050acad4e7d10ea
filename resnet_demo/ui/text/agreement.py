"""Words of the part of the tab Compare that shows one picture to all variants of a network."""

ENGLISH = {
    "agreement.about": (
        "One picture goes through every published variant of one comparison. What you see is how these few trained "
        "networks differ on this picture. It says nothing about A, B and C as such: two networks of the same kind, "
        "trained from two seeds, disagree on single pictures too."
    ),
    "agreement.which": "Networks",
    "agreement.choice": "Depth {depth} on {data}, {epochs} epochs: {names}",
    "agreement.upload": "A picture of your own",
    "agreement.plain": "plain",
    "agreement.empty": "Choose a sample picture or one of your own, or a test picture below.",
    "agreement.none": "There are no published networks here that differ in their shortcuts only.",
    "agreement.weightless": (
        "These networks were published without weights, so they cannot be asked. Their answers to the test set are "
        "below."
    ),
    "agreement.gone": "The pictures of this set are not on this machine any more.",
    "agreement.all": "All {count} networks answer {label}.",
    "agreement.differ": "They disagree. {groups}.",
    "agreement.group": "{who}: {label}",
    "agreement.semicolon": "; ",
    "agreement.truth": "Its label in the test set: {label}.",
    "agreement.gap": "Furthest apart on {label}: {low} ({first}) to {high} ({second}).",
    "agreement.sides.class": "class",
    "agreement.sides.rest": "The other classes",
    "agreement.sides.hint": "Click a class to see where each network finds evidence for it.",
    "agreement.sides.where": "Show where each network finds evidence for this class",
    "agreement.sides.csv": "Download CSV",
    "agreement.gallery": "Test pictures on which exactly one of them is right",
    "agreement.summary": (
        "Of {rows} test pictures all networks have {all} right, none has {none} right, exactly one has {alone} right; "
        "of the other {rest} some, but not all, have them right."
    ),
    "agreement.who": "Right, and alone with it",
    "agreement.only": "{name}: {count}",
    "agreement.strip": (
        "Only {name} is right: {first} to {last} of {count}, in the order of the test set. Click a picture to see what "
        "all of them say."
    ),
    "agreement.strip.none": "There is no picture that only {name} has right.",
    "agreement.strip.absent": (
        "Only {name} is right on {count} pictures, in the rows below. To see them, {data} is needed (fingerprint "
        "{fingerprint}…), which is not on this machine; the tab Train fetches data sets."
    ),
    "agreement.strip.fingerprint": (
        "Only {name} is right on {count} pictures, in the rows below. To see them, {data} is needed in the very files "
        "that were predicted (fingerprint {fingerprint}…). The files here are others, so their pictures would be the "
        "wrong ones."
    ),
    "agreement.column.row": "Row",
    "agreement.column.label": "Label",
}

CHINESE = {
    "agreement.about": (
        "同一张图片通过一组对比中所有随项目发布的变体。这里看到的只是这几个训练好的网络在这张图片上的差别，并不说明 "
        "A、B、C 本身如何：同一种网络从两个随机种子训练出来，在个别图片上也会给出不同答案。"
    ),
    "agreement.which": "网络",
    "agreement.choice": "深度 {depth}，{data}，{epochs} 轮：{names}",
    "agreement.upload": "自己的图片",
    "agreement.plain": "普通",
    "agreement.empty": "请选择一张示例图片或自己的图片，也可以选择下方的测试图片。",
    "agreement.none": "这里没有只在捷径上有差别的已发布网络。",
    "agreement.weightless": "这些网络发布时不含权重，无法再提问。它们对测试集的答案见下方。",
    "agreement.gone": "这个数据集的图片已不在这台机器上。",
    "agreement.all": "{count} 个网络都回答{label}。",
    "agreement.differ": "它们意见不一。{groups}。",
    "agreement.group": "{who}：{label}",
    "agreement.semicolon": "；",
    "agreement.truth": "测试集中的标签：{label}。",
    "agreement.gap": "差距最大的类别是{label}：从 {low}（{first}）到 {high}（{second}）。",
    "agreement.sides.class": "类别",
    "agreement.sides.rest": "其他类别",
    "agreement.sides.hint": "点击一个类别，查看每个网络在哪里找到它的依据。",
    "agreement.sides.where": "显示每个网络在哪里找到这个类别的依据",
    "agreement.sides.csv": "下载 CSV",
    "agreement.gallery": "恰好只有一个网络答对的测试图片",
    "agreement.summary": (
        "在 {rows} 张测试图片中，全部网络都答对 {all} 张，全部答错 {none} 张，恰好一个答对 {alone} 张；"
        "其余 {rest} 张有一部分网络答对。"
    ),
    "agreement.who": "唯一答对的网络",
    "agreement.only": "{name}：{count}",
    "agreement.strip": (
        "只有 {name} 答对：{count} 张中的第 {first} 到 {last} 张，按测试集顺序。点击图片查看所有网络的回答。"
    ),
    "agreement.strip.none": "没有只被 {name} 答对的图片。",
    "agreement.strip.absent": (
        "只有 {name} 答对的图片有 {count} 张，所在行见下方。要看到它们，需要 {data}（指纹 {fingerprint}…），"
        "它不在这台机器上；可以在“训练”标签页下载数据集。"
    ),
    "agreement.strip.fingerprint": (
        "只有 {name} 答对的图片有 {count} 张，所在行见下方。要看到它们，需要预测时所用的那些 {data} 文件（指纹 "
        "{fingerprint}…）。这里的文件不同，显示其中的图片会张冠李戴。"
    ),
    "agreement.column.row": "行",
    "agreement.column.label": "标签",
}
