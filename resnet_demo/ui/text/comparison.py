"""Words of what is published about A, B, C and plain, of the verdicts, and of the charts of single values (`dots`)."""

ENGLISH = {
    "comparison.lead": (
        "Trained by this project on equal terms: equal initial values in every tensor that two networks share, equal "
        "pictures in equal order. What remains between two networks is the shortcut, and noise; how large the noise "
        "is, only several seeds tell."
    ),
    "comparison.none": "No published runs differ in nothing but their shortcuts and seeds.",
    "comparison.full": "Runs of full length",
    "comparison.short": "Short runs",
    "comparison.short.about": (
        "Trained for fewer epochs than the longest runs on these data, so that several seeds were affordable. Their "
        "accuracies are no measure of what these networks reach."
    ),
    "comparison.set.test": "test, all rows",
    "comparison.set.test-lossless": "test, stored losslessly",
    "comparison.set.validation": "validation",
    "comparison.which": "Comparison",
    "comparison.title": "Depth {depth}, {data}, {epochs} epochs, n = {n}",
    "comparison.one": "n = 1: one seed shows no noise between seeds, so there is no standard deviation and no verdict.",
    "comparison.label": "Cost and accuracy of the variants",
    "comparison.column.network": "Network",
    "comparison.column.parameters": "Parameters",
    "comparison.column.work": "Multiply-adds",
    "comparison.column.size": "Size",
    "comparison.column.latency": "Latency",
    "comparison.column.accuracy": "Accuracy, {set}",
    "comparison.column.n": "n",
    "comparison.column.weights": "Weights here",
    "comparison.size": "{kilobytes:,.0f} KB",
    "comparison.accuracy": "{mean} %",
    "comparison.accuracy.std": "{mean} ± {std} %",
    "comparison.weights.none": "no weights",
    "comparison.weights": "{here} of {n} seeds",
    "comparison.table.note": (
        "Multiply-adds for one picture; size of the file of weights in half precision; accuracy as mean ± standard "
        "deviation over n seeds."
    ),
    "comparison.measure": "Measure the latency here and now",
    "comparison.measuring": "Measuring by turns …",
    "comparison.measured": (
        "Latency measured just now on {device}: one picture, fp32, median of {rounds} rounds in which the networks "
        "took turns (fastest to slowest round). Whatever else this machine does meanwhile is in it."
    ),
    "comparison.latency": "{median:.2f} ms ({low:.2f} to {high:.2f})",
    "comparison.chart": "{title}: each seed",
    "comparison.chart.panel": "Accuracy (%), {set}",
    "comparison.chart.said": (
        "Each mark is one seed, the line their mean, the whisker one standard deviation up and down."
    ),
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
    "comparison.verdicts": "What the seeds say about each pair",
    "comparison.verdict.title": "{pair}: {verdict}",
    "comparison.verdict.separated": "separated",
    "comparison.verdict.noise": "within noise",
    "comparison.verdict.none": "no verdict",
    "comparison.verdict.test": "{second} less {first}: {difference} points on average ({low} to {high}), p = {p}.",
    "comparison.verdict.better": "{better} was better than {worse}.",
    "comparison.verdict.same": "That difference is within the noise between seeds.",
    "comparison.verdict.other": "Beside it, on {set}: {difference} points ({low} to {high}), p = {p}.",
    "comparison.verdict.other.constant": "Beside it, on {set}: {difference} points in every seed.",
    "comparison.verdict.needed": "To see half a point with 80 % power such a pair needs {range} seeds.",
    "comparison.verdict.range": "{low} to {high}",
    "comparison.verdict.more": "more than {most:,}",
    "comparison.verdict.constant": (
        "{second} less {first} is {difference} points in every seed; without noise to compare with there is no verdict."
    ),
    "comparison.verdict.few": "Too few seeds in common: {n}; a verdict takes {least} or more.",
    "comparison.verdict.few.all": (
        "No verdict: with n = {n} nothing tells how much two seeds of the same network differ; a verdict takes "
        "{least} seeds or more."
    ),
    "comparison.verdict.source": "n = {n} seeds: {seeds}",
    "comparison.verdicts.note": (
        "Paired t-tests over seeds on {set} ({rows:,}), the set that was fixed beforehand; p adjusted by Holm over "
        "the {pairs} pairs, intervals by Bonferroni, together at 95 %; seeds needed at the same level, for the ends "
        "of the 95 % interval of the standard deviation. Holm sees a little more than Bonferroni's intervals show: "
        "one may reach over 0 where p is below 0.05. The other set is shown beside and decides nothing."
    ),
    "comparison.verdicts.label": "Verdicts as a table",
    "comparison.column.pair": "Pair",
    "comparison.column.difference": "Difference (points), {set}",
    "comparison.column.p": "p (Holm)",
    "comparison.column.verdict": "Verdict",
    "comparison.column.needed": "Seeds for half a point",
    "comparison.interval": "{difference} ({low} to {high})",
    "comparison.networks": "These two networks",
    "comparison.networks.note": (
        "McNemar's exact test on {set} ({rows:,}): whether two files of weights are right equally often; p adjusted "
        "by Holm over the pairs. It is about these networks alone; another seed gives other networks."
    ),
    "comparison.networks.hint": "A row opens the difference of the two confusion matrices.",
    "comparison.networks.label": "Tests of single networks",
    "comparison.column.seed": "Seed",
    "comparison.column.only_first": "Only the first right",
    "comparison.column.only_second": "Only the second right",
    "comparison.column.words": "In words",
    "comparison.networks.better": "{better} is right more often",
    "comparison.networks.same": "no difference shown",
    "comparison.p.small": "< 0.001",
    "comparison.paper": "The paper's numbers on ImageNet, 34 layers",
    "comparison.paper.note": (
        "He et al. 2015, table 3: error on the validation set, ten crops, one network each. The authors call the "
        "differences between A, B and C small."
    ),
    "comparison.paper.label": "Errors on ImageNet, as published",
    "comparison.column.top1": "Top-1 error",
    "comparison.column.top5": "Top-5 error",
    "comparison.deep": "Depth 110 on CIFAR-10, published numbers",
    "comparison.deep.note": (
        "Not trained here: test errors from He et al. 2016, Identity Mappings in Deep Residual Networks "
        "(arXiv:1603.05027), table 1. With 1×1 convolutions on all shortcuts (C) so deep a network trains worse."
    ),
    "comparison.deep.label": "Errors of ResNet-110, as published",
    "comparison.column.error": "Test error, published",
    "comparison.error": "{percent} %",
    "dots.label": "Single values",
    "dots.png": "PNG",
    "dots.svg": "SVG",
    "dots.csv": "CSV",
}

CHINESE = {
    "comparison.lead": (
        "由本项目在相同条件下训练：两个网络共有的张量初始值完全相同，看到的图片和顺序也相同。两个网络之间只剩下捷径和"
        "噪声的差别；噪声有多大，只有多个随机种子才能说明。"
    ),
    "comparison.none": "还没有仅在捷径和随机种子上不同的已发布训练。",
    "comparison.full": "完整长度的训练",
    "comparison.short": "短训练",
    "comparison.short.about": (
        "轮数少于这些数据上最长的训练，因此负担得起多个随机种子。它们的准确率不能代表这些网络能达到的水平。"
    ),
    "comparison.set.test": "测试集全部",
    "comparison.set.test-lossless": "测试集中无损存储的部分",
    "comparison.set.validation": "验证集",
    "comparison.which": "对比",
    "comparison.title": "深度 {depth}，{data}，{epochs} 轮，n = {n}",
    "comparison.one": "n = 1：一个随机种子看不出种子之间的噪声，因此既没有标准差，也没有结论。",
    "comparison.label": "各变体的代价与准确率",
    "comparison.column.network": "网络",
    "comparison.column.parameters": "参数量",
    "comparison.column.work": "乘加次数",
    "comparison.column.size": "大小",
    "comparison.column.latency": "延迟",
    "comparison.column.accuracy": "准确率，{set}",
    "comparison.column.n": "n",
    "comparison.column.weights": "本机权重",
    "comparison.size": "{kilobytes:,.0f} KB",
    "comparison.accuracy": "{mean} %",
    "comparison.accuracy.std": "{mean} ± {std} %",
    "comparison.weights.none": "无权重",
    "comparison.weights": "{n} 个种子中的 {here} 个",
    "comparison.table.note": "乘加次数按一张图片计算；大小为半精度权重文件；准确率为 n 个随机种子的均值 ± 标准差。",
    "comparison.measure": "此时此地测量延迟",
    "comparison.measuring": "正在轮流测量……",
    "comparison.measured": (
        "刚刚在 {device} 上测得的延迟：一张图片，FP32，各网络轮流测量，取 {rounds} 轮的中位数（最快到最慢的一轮）。这"
        "台机器同时在做的其他事情也计算在内。"
    ),
    "comparison.latency": "{median:.2f} 毫秒（{low:.2f} 到 {high:.2f}）",
    "comparison.chart": "{title}：每个种子",
    "comparison.chart.panel": "准确率（%），{set}",
    "comparison.chart.said": "每个标记是一个随机种子，横线是均值，竖线上下各为一个标准差。",
    "comparison.chart.said.one": "每个标记是一个随机种子。",
    "comparison.chart.seed": "种子 {seed}：{value} %",
    "comparison.chart.place": "{network}：{seeds}",
    "comparison.chart.place.mean": "{network}：{seeds}；均值 {mean} %，标准差 {std} 个百分点",
    "comparison.chart.between": "，",
    "comparison.key.A": "A",
    "comparison.key.B": "B",
    "comparison.key.C": "C",
    "comparison.key.plain": "普通网络",
    "comparison.pair": "{first} 与 {second}",
    "comparison.verdicts": "随机种子对每一对的结论",
    "comparison.verdict.title": "{pair}：{verdict}",
    "comparison.verdict.separated": "可区分",
    "comparison.verdict.noise": "在噪声之内",
    "comparison.verdict.none": "没有结论",
    "comparison.verdict.test": "{second} 减 {first}：平均 {difference} 个百分点（{low} 到 {high}），p = {p}。",
    "comparison.verdict.better": "{better} 好于 {worse}。",
    "comparison.verdict.same": "这一差异在种子之间的噪声之内。",
    "comparison.verdict.other": "另外，在{set}上：{difference} 个百分点（{low} 到 {high}），p = {p}。",
    "comparison.verdict.other.constant": "另外，在{set}上：每个种子都是 {difference} 个百分点。",
    "comparison.verdict.needed": "要以 80 % 的功效看出半个百分点，这样的一对需要 {range} 个种子。",
    "comparison.verdict.range": "{low} 到 {high}",
    "comparison.verdict.more": "超过 {most:,}",
    "comparison.verdict.constant": (
        "{second} 减 {first} 在每个种子上都是 {difference} 个百分点；没有可比较的噪声，因此没有结论。"
    ),
    "comparison.verdict.few": "共有的种子太少：{n} 个；至少需要 {least} 个才有结论。",
    "comparison.verdict.few.all": "没有结论：n = {n} 时，无从得知同一网络的两个种子相差多少；至少需要 {least} 个种子。",
    "comparison.verdict.source": "n = {n} 个种子：{seeds}",
    "comparison.verdicts.note": (
        "在{set}（{rows:,} 行，事先确定的集合）上按种子配对的 t 检验；p 按 Holm 方法对 {pairs} 对校正，区间按 "
        "Bonferroni 方法，合计置信水平 95 %；所需种子数按同一水平，取标准差 95 % 区间的两端。Holm 方法比 Bonferroni "
        "区间略灵敏：p 小于 0.05 时，区间仍可能包含 0。另一个集合仅供参考，不作判断。"
    ),
    "comparison.verdicts.label": "结论表",
    "comparison.column.pair": "对",
    "comparison.column.difference": "差值（百分点），{set}",
    "comparison.column.p": "p（Holm）",
    "comparison.column.verdict": "结论",
    "comparison.column.needed": "看出半个百分点所需种子数",
    "comparison.interval": "{difference}（{low} 到 {high}）",
    "comparison.networks": "这两个网络",
    "comparison.networks.note": (
        "McNemar 精确检验，{set}，{rows:,} 行：两个权重文件答对的次数是否相等；p 按 Holm 方法对各对校正。它只关于这两"
        "个网络；换一个种子就是另外的网络。"
    ),
    "comparison.networks.hint": "点击一行可查看两个混淆矩阵的差。",
    "comparison.networks.label": "单个网络的检验",
    "comparison.column.seed": "种子",
    "comparison.column.only_first": "仅前者答对",
    "comparison.column.only_second": "仅后者答对",
    "comparison.column.words": "说明",
    "comparison.networks.better": "{better} 答对更多",
    "comparison.networks.same": "未显示差异",
    "comparison.p.small": "< 0.001",
    "comparison.paper": "论文在 ImageNet 上的数字，34 层",
    "comparison.paper.note": "He 等，2015，表 3：验证集错误率，十次裁剪，各一个网络。作者称 A、B、C 之间的差别很小。",
    "comparison.paper.label": "已发表的 ImageNet 错误率",
    "comparison.column.top1": "top-1 错误率",
    "comparison.column.top5": "top-5 错误率",
    "comparison.deep": "CIFAR-10 上深度 110 的已发表数字",
    "comparison.deep.note": (
        "并非在此训练：测试错误率取自 He 等 2016 年的论文（arXiv:1603.05027）表 1。所有捷径都用 1×1 卷积（C）时，如此"
        "深的网络训练效果更差。"
    ),
    "comparison.deep.label": "已发表的 ResNet-110 错误率",
    "comparison.column.error": "测试错误率，已发表",
    "comparison.error": "{percent} %",
    "dots.label": "单个数值",
    "dots.png": "PNG",
    "dots.svg": "SVG",
    "dots.csv": "CSV",
}
