"""Words of the degradation of plain networks: recorded runs, their gradients, and norms measured here."""

ENGLISH = {
    "degradation.lead": (
        "The question of the paper's figure 1: does a plain network learn its own training pictures worse when it is "
        "made deeper? So the training error stands first."
    ),
    "degradation.empty": "No published runs of plain and residual networks of two depths with equal recipe are here.",
    "degradation.runs": "Recorded: {networks}, {epochs} epochs on {data}",
    "degradation.slow": (
        "Slow optimisation, not converged degradation: these runs end after {epochs} epochs. They show which "
        "networks learn faster at the beginning, with this recipe and one seed. Whether the deeper plain network "
        "would end worse they do not show, and no verdict follows. In the paper it does, after 64,000 steps (section "
        "4.2, figure 6)."
    ),
    "degradation.table": "Where the runs ended",
    "degradation.column.network": "Network",
    "degradation.column.pass": "Training error, last epoch",
    "degradation.column.validation": "Validation error",
    "degradation.column.norm": "Gradient norm, median",
    "degradation.column.steps": "Steps",
    "degradation.column.seeds": "Seed",
    "degradation.percent": "{value} %",
    "degradation.chart": "Error and gradient norm while training",
    "degradation.chart.training": "Training error (%)",
    "degradation.chart.validation": "Validation error (%)",
    "degradation.chart.norm": "Gradient norm of all weights",
    "degradation.chart.unit": "step",
    "degradation.chart.note": (
        "Training: means over {reports} parts of each run, augmented pictures, weights of the moment. Validation: "
        "after each epoch. Gradient norm: L2 norm over all parameters, medians of the same parts."
    ),
    "degradation.chart.place": "Step {step}: {values}",
    "degradation.chart.value": "{network} {value}",
    "degradation.chart.between": ", ",
    "degradation.chart.said": "Point at the chart, or use the arrow keys, to read the runs.",
    "degradation.replay": "Play a recording",
    "degradation.replay.none": "none: all of it",
    "degradation.replay.info": "The chosen run is played back as if live; the others stay whole.",
    "degradation.without": "The same networks without batch normalisation, recorded",
    "degradation.without.words": (
        "On {data}, epochs: {epochs}, peak learning rate {rate}, so low that none of these networks diverges. "
        "With steps so small hardly anything is learned: what they show is the gradient norm. The variance of x + F(x) "
        "is larger than that of x, so without normalisation signal and gradient grow from block to block; a plain "
        "network with He's initial values keeps both."
    ),
    "degradation.norms": "Gradients at the initial values, measured here",
    "degradation.norms.note": (
        "The loss of one batch, the first {pictures} training pictures of {data}, and its gradient in each layer of "
        "four networks that have learned nothing yet (seed 0), with batch normalisation and without."
    ),
    "degradation.measure": "Measure the gradients",
    "degradation.measuring": "{done} of {all} networks measured …",
    "degradation.measured": "Measured just now on {device}, fp32, in training mode.",
    "degradation.norms.chart": "Gradient norm by layer",
    "degradation.norms.batch": "With batch normalisation",
    "degradation.norms.none": "Without batch normalisation",
    "degradation.norms.unit": "layer",
    "degradation.norms.place": "Layer {layer}: {values}",
    "degradation.norms.value": "{network} {value} ({name})",
    "degradation.norms.said": "L2 norm of the gradient of each layer's weights; logarithmic.",
    "degradation.norms.chart.note": (
        "Layers with weights from the input on, shortcuts left out. One batch, one seed, before the first step: what "
        "happens later in training is in the runs above."
    ),
    "degradation.norms.table": "What was measured",
    "degradation.column.norm_of": "Normalisation",
    "degradation.column.loss": "Loss",
    "degradation.column.total": "Gradient norm, all parameters",
    "degradation.column.first": "First layer",
    "degradation.column.last": "Last layer",
    "degradation.column.signal": "Signal into the last layer",
    "degradation.norm.batch": "batch",
    "degradation.norm.none": "none",
    "degradation.norms.signal": (
        "Signal into the last layer: by how much the outputs of the last convolution (after batch normalisation, "
        "where there is one) differ over pictures and positions, as a standard deviation; with 10 classes a network "
        "that says nothing has a loss of {chance}."
    ),
    "degradation.paper": "What the paper says, and leaves open",
    "degradation.paper.words": (
        "Section 4.1 argues that vanishing gradients are an unlikely cause: the plain networks are trained with "
        "batch normalisation, which gives forward signals non-zero variance, and the authors verified that the "
        "backward gradients have healthy norms. The 34-layer plain network still reaches competitive accuracy. They "
        "conjecture exponentially low convergence rates and leave the reason to be studied. Nothing on this page "
        "decides it."
    ),
    "degradation.paper.source": "He et al. 2015, section 4.1",
    "degradation.paper.norm": "What is measured here",
    "degradation.paper.norm.words": (
        "The norms of the recorded runs are those of networks while they train, with batch normalisation and without. "
        "The norms by layer are those of one batch at the initial values. Both are measurements; neither is an "
        "explanation."
    ),
    "degradation.paper.norm.source": "the recorded runs, and the button above",
}

CHINESE = {
    "degradation.lead": "论文图 1 的问题：普通网络加深以后，是否连自己的训练图片也学得更差？因此先看训练错误率。",
    "degradation.empty": "这里没有两种深度、相同训练配方的普通网络与残差网络的已发布训练。",
    "degradation.runs": "录制的训练：{networks}，{data}，{epochs} 轮",
    "degradation.slow": (
        "这是优化缓慢，而不是收敛后的退化：这些训练在 {epochs} 轮后就结束了。它们显示在这一配方、一个随机种子下，哪些"
        "网络起初学得更快；更深的普通网络最终是否更差，它们并不能说明，也得不出结论。论文中训练 64,000 步后确实更差（"
        "第 4.2 节，图 6）。"
    ),
    "degradation.table": "训练结束时",
    "degradation.column.network": "网络",
    "degradation.column.pass": "训练错误率，最后一轮",
    "degradation.column.validation": "验证错误率",
    "degradation.column.norm": "梯度范数，中位数",
    "degradation.column.steps": "步数",
    "degradation.column.seeds": "种子",
    "degradation.percent": "{value} %",
    "degradation.chart": "训练过程中的错误率与梯度范数",
    "degradation.chart.training": "训练错误率（%）",
    "degradation.chart.validation": "验证错误率（%）",
    "degradation.chart.norm": "全部权重的梯度范数",
    "degradation.chart.unit": "步",
    "degradation.chart.note": (
        "训练：每次训练分成 {reports} 段，各段取均值，图片经过增强，权重为当时的值。验证：每轮之后。梯度范数：全部参"
        "数的 L2 范数，同样各段取中位数。"
    ),
    "degradation.chart.place": "第 {step} 步：{values}",
    "degradation.chart.value": "{network} {value}",
    "degradation.chart.between": "，",
    "degradation.chart.said": "指向图表或用方向键读出各次训练的数值。",
    "degradation.replay": "播放录制",
    "degradation.replay.none": "不播放：显示全部",
    "degradation.replay.info": "所选训练像现场一样重放，其余保持完整。",
    "degradation.without": "没有批量归一化的相同网络，录制的训练",
    "degradation.without.words": (
        "{data}，{epochs} 轮，最高学习率 {rate}，低到其中没有网络发散。步子这么小，几乎学不到东西：它们显示的是梯度范"
        "数。x + F(x) 的方差大于 x 的方差，没有归一化时，信号和梯度会逐块增大；采用 He 初始值的普通网络则保持两者不变。"
    ),
    "degradation.norms": "初始值处的梯度，在此测量",
    "degradation.norms.note": (
        "一个批次（{data} 训练集的前 {pictures} 张图片）的损失，以及它在四个尚未学习的网络（种子 0）各层中的梯度，分"
        "别在有和没有批量归一化时测量。"
    ),
    "degradation.measure": "测量梯度",
    "degradation.measuring": "已测量 {all} 个网络中的 {done} 个……",
    "degradation.measured": "刚刚在 {device} 上测得，FP32，训练模式。",
    "degradation.norms.chart": "各层的梯度范数",
    "degradation.norms.batch": "有批量归一化",
    "degradation.norms.none": "没有批量归一化",
    "degradation.norms.unit": "层",
    "degradation.norms.place": "第 {layer} 层：{values}",
    "degradation.norms.value": "{network} {value}（{name}）",
    "degradation.norms.said": "各层权重的梯度的 L2 范数，对数坐标。",
    "degradation.norms.chart.note": (
        "从输入开始的各个带权重的层，捷径除外。一个批次，一个种子，第一步之前：训练后来如何，见上面的录制。"
    ),
    "degradation.norms.table": "测量结果",
    "degradation.column.norm_of": "归一化",
    "degradation.column.loss": "损失",
    "degradation.column.total": "全部参数的梯度范数",
    "degradation.column.first": "第一层",
    "degradation.column.last": "最后一层",
    "degradation.column.signal": "进入最后一层的信号",
    "degradation.norm.batch": "批量归一化",
    "degradation.norm.none": "无",
    "degradation.norms.signal": (
        "进入最后一层的信号：最后一个卷积的输出（有批量归一化时取其后）随图片和位置变化的幅度，以标准差表示；10 个类"
        "别时，什么也没说的网络损失为 {chance}。"
    ),
    "degradation.paper": "论文说了什么，又留下了什么",
    "degradation.paper.words": (
        "第 4.1 节认为梯度消失不太可能是原因：普通网络在训练时使用批量归一化，前向信号的方差不为零，作者也核实了反向"
        "梯度的范数是健康的。34 层的普通网络仍能达到有竞争力的准确率。作者猜测其收敛速度呈指数级缓慢，原因留待研究。"
        "本页没有任何内容能对此下定论。"
    ),
    "degradation.paper.source": "He 等，2015，第 4.1 节",
    "degradation.paper.norm": "这里测量了什么",
    "degradation.paper.norm.words": (
        "录制的训练中的范数，是网络训练过程中的范数，分别在有和没有批量归一化时测得。各层的范数来自初始值处的一个批次。"
        "两者都是测量，都不是解释。"
    ),
    "degradation.paper.norm.source": "录制的训练，以及上面的按钮",
}
