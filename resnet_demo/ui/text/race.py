"""Words of the race in the tab Compare: its form, how it stands, and the differences below its curves."""

ENGLISH = {
    "race.variants": "Who races",
    "race.variants.info": "Two to four networks, equal but for their shortcuts.",
    "race.length.info": "of the whole race, {low} to {high}",
    "race.details.info": "What is not asked here is as in the recipe “30-second demo” of the tab Train.",
    "race.start": "Start the race",
    "race.few": "Nothing was started: choose two or more networks.",
    "race.stop": "Stop",
    "race.resume": "Resume",
    "race.confusion": "Confusion difference",
    "race.classify": "Classify with them",
    "race.earlier": "Earlier races",
    "race.earlier.title": "{networks}, {data}, {date}",
    "race.gone": "This race no longer exists.",
    "race.empty": "Press “Start the race”: the curves of all networks appear here while they learn.",
    "race.only_look": "not yours: you can look",
    "race.between": " · ",
    "race.pair": "Of which two",
    "race.pair.choice": "{network} less {other}",
    "race.failed": "{network}: {why}",
    "race.equal": (
        "Before step 1: {equal} of {shared} shared tensors equal bit for bit. Since then: {batches_equal} of {batches} "
        "checksums of an epoch's batches equal."
    ),
    "race.equal.tensors": (
        "Before step 1: {equal} of {shared} shared tensors equal bit for bit. The first end of an epoch will tell "
        "whether their batches are."
    ),
    "race.equal.none": "Whether they began equal is said as soon as two of them have begun.",
    "race.result": "Result",
    "race.column.network": "Network",
    "race.column.state": "State",
    "race.column.step": "Steps",
    "race.column.loss": "Training loss",
    "race.column.accuracy": "Training accuracy",
    "race.column.validation_loss": "Validation loss",
    "race.column.validation_accuracy": "Validation accuracy",
    "race.column.rate": "Images/s in the race",
    "race.once": (
        "This is one race with one seed: n = 1, so there is no standard deviation and no verdict. With another seed "
        "the order may be another."
    ),
    "race.about": (
        "Losses and accuracies are those of the last epoch, which may be a part of one: in training over the augmented "
        "pictures with the weights of the moment, in validation over pictures that are never trained on."
    ),
    "race.link.ask": "Link to this race",
    "race.link.address": "Address",
    "race.link.about": "Whoever opens it sees the race, live as long as it goes on, and can change nothing.",
    "race.link.code": "QR code of the address",
    "race.link.copy": "Copy",
    "race.link.copied": "Copied",
    "difference.label": "Differences between the networks",
    "difference.empty": "The differences appear here as soon as two networks have reported.",
    "difference.less": "Less",
    "difference.title": "Difference from {run}",
    "difference.less.loss": "Loss less that of {run}",
    "difference.less.accuracy": "Accuracy less that of {run} (points)",
    "difference.size": "Window",
    "difference.about": (
        "Lines: training, mean of the last {size} reports at equal steps; bands: ± 2 standard errors of that mean, the "
        "noise of the batches of this race and not that of another seed. Marks: validation."
    ),
}

CHINESE = {
    "race.variants": "谁参加比赛",
    "race.variants.info": "两到四个网络，只有捷径连接不同。",
    "race.length.info": "整个比赛的长度，{low} 到 {high}",
    "race.details.info": "这里没有问到的，与“训练”页的“30 秒演示”方案相同。",
    "race.start": "开始比赛",
    "race.few": "没有开始：请选择两个或更多网络。",
    "race.stop": "停止",
    "race.resume": "继续比赛",
    "race.confusion": "混淆矩阵之差",
    "race.classify": "用它们来分类",
    "race.earlier": "以前的比赛",
    "race.earlier.title": "{networks}，{data}，{date}",
    "race.gone": "这场比赛已不存在。",
    "race.empty": "点击“开始比赛”：网络学习时，所有网络的曲线会出现在这里。",
    "race.only_look": "不是你的：可以查看",
    "race.between": " · ",
    "race.pair": "哪两个",
    "race.pair.choice": "{network} 减 {other}",
    "race.failed": "{network}：{why}",
    "race.equal": (
        "第 1 步之前：{shared} 个共有张量中有 {equal} 个逐位相同。"
        "此后：{batches} 个轮次的批次校验和中有 {batches_equal} 个相同。"
    ),
    "race.equal.tensors": ("第 1 步之前：{shared} 个共有张量中有 {equal} 个逐位相同。第一轮结束时会知道批次是否相同。"),
    "race.equal.none": "有两个网络开始之后，这里会说明它们开始时是否相同。",
    "race.result": "结果",
    "race.column.network": "网络",
    "race.column.state": "状态",
    "race.column.step": "步数",
    "race.column.loss": "训练损失",
    "race.column.accuracy": "训练准确率",
    "race.column.validation_loss": "验证损失",
    "race.column.validation_accuracy": "验证准确率",
    "race.column.rate": "比赛中每秒图片数",
    "race.once": "这只是一个随机种子的一场比赛：n = 1，所以没有标准差，也没有结论。换一个种子，名次可能不同。",
    "race.about": (
        "损失和准确率属于最后一轮（可能不满一轮）：训练的数值由增强后的图片和当时的权重得出，验证的数值由从不用于训练的图片得出。"
    ),
    "race.link.ask": "生成这场比赛的链接",
    "race.link.address": "地址",
    "race.link.about": "打开它的人能看到这场比赛，进行中时是实时的，但不能改变任何东西。",
    "race.link.code": "地址的二维码",
    "race.link.copy": "复制",
    "race.link.copied": "已复制",
    "difference.label": "网络之间的差",
    "difference.empty": "两个网络都有记录之后，差值会显示在这里。",
    "difference.less": "减去",
    "difference.title": "与 {run} 的差",
    "difference.less.loss": "损失减去 {run} 的损失",
    "difference.less.accuracy": "准确率减去 {run} 的准确率（百分点）",
    "difference.size": "窗口",
    "difference.about": (
        "线：训练，在相同步数上最近 {size} 次记录的平均；色带：该平均值的 ± 2 个标准误差，是这场比赛中批次的噪声，"
        "不是换种子的噪声。标记：验证。"
    ),
}
