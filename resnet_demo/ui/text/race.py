"""Words of the race in the tab Compare: its form, its state, and the differences below its curves."""

ENGLISH = {
    "race.lead": (
        "Models that differ only in their shortcuts train side by side: same initial values, same batches. The first "
        "{steps} steps at depth {depth} already show which one learns sooner."
    ),
    "race.settings": "Models, data and duration",
    "race.variants": "Models",
    "race.variants.info": "Two to four, identical except for their shortcuts.",
    "race.length.info": "for the entire race, {low} to {high}",
    "race.details.info": "All other settings are those of the recipe “30-second demo” in the tab Train.",
    "race.start": "Start race",
    "race.few": "Nothing was started: select at least two models.",
    "race.stop": "Stop",
    "race.resume": "Resume",
    "race.confusion": "Confusion difference",
    "race.classify": "Classify with them",
    "race.earlier": "Earlier races",
    "race.earlier.title": "{networks}, {data}, {date}",
    "race.gone": "This race no longer exists.",
    "race.empty": "Press “Start race”: the curves of all models appear here while they learn.",
    "race.recorded": "Recorded: {networks}",
    "race.only_look": "not yours: view only",
    "race.between": " · ",
    "race.pair": "Pair",
    "race.pair.choice": "{network} − {other}",
    "race.failed": "{network}: {why}",
    "race.equal": (
        "Before step 1: {equal} of {shared} shared tensors identical bit for bit. Since then: {batches_equal} of "
        "{batches} checksums of an epoch’s batches identical."
    ),
    "race.equal.tensors": (
        "Before step 1: {equal} of {shared} shared tensors identical bit for bit. The batches are checked at the end "
        "of the first epoch."
    ),
    "race.equal.none": "Whether the models began with identical values appears once two of them have started.",
    "race.result": "Result",
    "race.column.network": "Model",
    "race.column.state": "State",
    "race.column.step": "Steps",
    "race.column.loss": "Training loss",
    "race.column.accuracy": "Training accuracy",
    "race.column.validation_loss": "Validation loss",
    "race.column.validation_accuracy": "Validation accuracy",
    "race.column.rate": "Images/s in the race",
    "race.once": (
        "This is one race with one seed (n = 1), so there is no standard deviation and no test. With another seed the "
        "order may differ."
    ),
    "race.about": (
        "Losses and accuracies are those of the last epoch, which may be incomplete: in training on augmented images "
        "with the weights of each step, in validation on images that are never used for training."
    ),
    "race.link.ask": "Link to this race",
    "race.link.address": "Address",
    "race.link.about": "Anyone who opens it sees the race, live while it runs, and cannot change anything.",
    "race.link.code": "QR code of the address",
    "race.link.copy": "Copy",
    "race.link.copied": "Copied",
    "difference.label": "Differences between the models",
    "difference.empty": "The differences appear here once two models have reported.",
    "difference.less": "Minus",
    "difference.title": "Difference from {run}",
    "difference.less.loss": "Loss − loss of {run}",
    "difference.less.accuracy": "Accuracy − accuracy of {run} (points)",
    "difference.size": "Window",
    "difference.about": (
        "Lines: training, mean of the last {size} reports at the same steps; bands: ± 2 standard errors of that mean, "
        "the noise of this race’s batches, not of other seeds. Marks: validation."
    ),
}

CHINESE = {
    "race.lead": "仅捷径连接不同的模型同步训练：初始值相同，批次相同。深度 {depth}，只需 {steps} 步就能看出谁先学会。",
    "race.settings": "模型、数据与时长",
    "race.variants": "参赛网络",
    "race.variants.info": "两到四个，除捷径连接外完全相同。",
    "race.length.info": "整个比赛的时长，{low} 到 {high}",
    "race.details.info": "其他设置与“训练”页的“30 秒演示”方案相同。",
    "race.start": "开始比赛",
    "race.few": "没有开始：请至少选择两个模型。",
    "race.stop": "停止",
    "race.resume": "继续",
    "race.confusion": "混淆矩阵之差",
    "race.classify": "用它们分类",
    "race.earlier": "以前的比赛",
    "race.earlier.title": "{networks}，{data}，{date}",
    "race.gone": "这场比赛已不存在。",
    "race.empty": "点击“开始比赛”：训练过程中，所有模型的曲线会出现在这里。",
    "race.recorded": "训练记录：{networks}",
    "race.only_look": "不属于你：仅可查看",
    "race.between": " · ",
    "race.pair": "对比的两个网络",
    "race.pair.choice": "{network} − {other}",
    "race.failed": "{network}：{why}",
    "race.equal": (
        "第 1 步之前：{shared} 个共有张量中有 {equal} 个逐位相同。此后：{batches} 个按轮计算的批次校验和中有 "
        "{batches_equal} 个相同。"
    ),
    "race.equal.tensors": "第 1 步之前：{shared} 个共有张量中有 {equal} 个逐位相同。第一轮结束时检查批次是否相同。",
    "race.equal.none": "两个模型开始训练之后，这里会显示它们的初始值是否相同。",
    "race.result": "结果",
    "race.column.network": "模型",
    "race.column.state": "状态",
    "race.column.step": "步数",
    "race.column.loss": "训练损失",
    "race.column.accuracy": "训练准确率",
    "race.column.validation_loss": "验证损失",
    "race.column.validation_accuracy": "验证准确率",
    "race.column.rate": "比赛中每秒图像数",
    "race.once": "这只是一个随机种子的一场比赛（n = 1），没有标准差，也没有检验。换一个种子，名次可能不同。",
    "race.about": (
        "损失和准确率取自最后一轮（可能不满一轮）：训练值使用增强后的图像和各步当时的权重，验证值使用从不参与训练"
        "的图像。"
    ),
    "race.link.ask": "生成这场比赛的链接",
    "race.link.address": "地址",
    "race.link.about": "打开链接的人可以看到这场比赛（进行中则为实时），但不能做任何改动。",
    "race.link.code": "地址的二维码",
    "race.link.copy": "复制",
    "race.link.copied": "已复制",
    "difference.label": "模型之间的差异",
    "difference.empty": "两个模型都有记录之后，差异会显示在这里。",
    "difference.less": "减去",
    "difference.title": "与 {run} 的差异",
    "difference.less.loss": "损失 − {run} 的损失",
    "difference.less.accuracy": "准确率 − {run} 的准确率（百分点）",
    "difference.size": "窗口",
    "difference.about": (
        "线：训练，在相同步数上最近 {size} 次记录的平均；色带：该平均值的 ± 2 个标准误差，是这场比赛中批次的噪声，"
        "不是换种子的噪声。标记：验证。"
    ),
}
