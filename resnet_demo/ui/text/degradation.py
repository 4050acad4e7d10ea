"""Words of depth and shortcuts: recorded runs of several depths, their gradients, and norms measured here."""

ENGLISH = {
    "degradation.answer": (
        "Same depth, same images, same recipe, and only one of the two has shortcuts. In the last epoch {plain} still "
        "gets {plain_error} of its training images wrong, {residual} {error}."
    ),
    "degradation.duel": "Recorded: {epochs} epochs on {data}",
    "degradation.lead": (
        "Figure 1 of the paper asks whether a plain network fits its own training images worse when it is made "
        "deeper. That is why the training error comes first here."
    ),
    "degradation.empty": (
        "There are no published runs of plain and residual models at two depths with the same recipe on this machine."
    ),
    "degradation.all": "All recorded runs, with validation error and gradient norm",
    "degradation.runs": "Recorded: {networks}, {epochs} epochs on {data}.",
    "degradation.slow.short": (
        "One run each, {epochs} epochs: this shows which model learns faster at first, not where a long training ends."
    ),
    "degradation.slow.long": (
        "This is slow optimization, not degradation after convergence: the runs end after {epochs} epochs. They show "
        "which models learn faster at first, with this recipe and one seed, but not whether the deeper plain model "
        "would end up worse. In the paper it does, after 64,000 steps (section 4.2, figure 6)."
    ),
    "degradation.table": "Final results",
    "degradation.column.network": "Model",
    "degradation.column.pass": "Training error, last epoch",
    "degradation.column.validation": "Validation error",
    "degradation.column.norm": "Gradient norm, median",
    "degradation.column.steps": "Steps",
    "degradation.column.seeds": "Seed",
    "degradation.percent": "{value} %",
    "degradation.chart": "Error and gradient norm during training",
    "degradation.chart.training": "Training error (%)",
    "degradation.chart.validation": "Validation error (%)",
    "degradation.chart.norm": "Gradient norm of all weights",
    "degradation.chart.unit": "step",
    "degradation.chart.note": (
        "Training: means over {reports} equal parts of each run, on augmented images, with the current weights. "
        "Validation: after each epoch. Gradient norm: L2 norm over all parameters, medians of the same parts."
    ),
    "degradation.chart.place": "Step {step}: {values}",
    "degradation.chart.value": "{network} {value}",
    "degradation.chart.between": ", ",
    "degradation.chart.said": "Point at the chart, or use the arrow keys, to read values.",
    "degradation.replay": "Replay a run",
    "degradation.replay.none": "Show everything",
    "degradation.replay.info": "The selected run is replayed as if it were live; the others are shown in full.",
    "degradation.without": "The same models without batch normalization",
    "degradation.without.words": (
        "Recorded on {data}, epochs: {epochs}, peak learning rate {rate}, low enough that no model diverges. At such a "
        "learning rate hardly anything is learned; what counts here is the gradient norm. The variance of x + F(x) is "
        "larger than that of x, so without normalization signal and gradient grow from block to block; a plain network "
        "with He initialization preserves both."
    ),
    "degradation.norms": "Gradients at initialization, measured on this machine",
    "degradation.norms.note": (
        "The loss of one batch (the first {images} training images of {data}) and its gradient in each layer of four "
        "untrained models (seed 0), with and without batch normalization."
    ),
    "degradation.measure": "Measure the gradients",
    "degradation.measuring": "{done} of {all} models measured …",
    "degradation.measured": "Measured on {device}, fp32, in training mode.",
    "degradation.norms.chart": "Gradient norm by layer",
    "degradation.norms.batch": "With batch normalization",
    "degradation.norms.none": "Without batch normalization",
    "degradation.norms.unit": "layer",
    "degradation.norms.place": "Layer {layer}: {values}",
    "degradation.norms.value": "{network} {value} ({name})",
    "degradation.norms.said": "L2 norm of the gradient of each layer’s weights, log scale.",
    "degradation.norms.chart.note": (
        "Layers with weights, counted from the input, without shortcuts. One batch, one seed, before the first step; "
        "the recorded runs above show what happens during training."
    ),
    "degradation.norms.table": "Measurements",
    "degradation.column.norm_of": "Normalization",
    "degradation.column.loss": "Loss",
    "degradation.column.total": "Gradient norm, all parameters",
    "degradation.column.first": "First layer",
    "degradation.column.last": "Last layer",
    "degradation.column.signal": "Signal into the last layer",
    "degradation.norm.batch": "batch",
    "degradation.norm.none": "none",
    "degradation.norms.signal": (
        "Signal into the last layer: the standard deviation of the last convolution’s outputs over images and "
        "positions, after batch normalization where there is one. A model that guesses uniformly among 10 classes has "
        "a loss of {chance}."
    ),
    "degradation.paper": "What the paper says, and what it leaves open",
    "degradation.paper.words": (
        "Section 4.1 argues that vanishing gradients are an unlikely cause: the plain networks are trained with "
        "batch normalization, which gives forward signals non-zero variance, and the authors verified that the "
        "backward gradients have healthy norms. The 34-layer plain network still reaches competitive accuracy. The "
        "authors conjecture exponentially low convergence rates and leave the reason to future work. Nothing on this "
        "page settles the question."
    ),
    "degradation.paper.source": "He et al. 2015, section 4.1",
    "degradation.paper.norm": "What is measured here",
    "degradation.paper.norm.words": (
        "The norms of the recorded runs are taken during training, with and without batch normalization. The norms by "
        "layer are those of one batch at initialization. Both are measurements, not explanations."
    ),
    "degradation.paper.norm.source": "the recorded runs and the measurement above",
}

CHINESE = {
    "degradation.answer": (
        "深度相同，图像相同，训练方案相同，只有其中一个有捷径连接。最后一轮中，{plain} 的训练错误率仍为 {plain_error}，"
        "{residual} 为 {error}。"
    ),
    "degradation.duel": "训练记录：{data}，{epochs} 轮",
    "degradation.lead": "论文图 1 的问题：普通网络加深后，对自己的训练图像是否反而拟合得更差？因此这里先看训练错误率。",
    "degradation.empty": "本机没有两种深度、训练方案相同的普通模型与残差模型的发布记录。",
    "degradation.all": "全部训练记录，含验证错误率和梯度范数",
    "degradation.runs": "训练记录：{networks}，{data}，{epochs} 轮。",
    "degradation.slow.short": "每个模型只有一次 {epochs} 轮的训练：它说明起初谁学得更快，不说明长时间训练后的结果。",
    "degradation.slow.long": (
        "这是优化缓慢，而不是收敛后的退化：这些训练在 {epochs} 轮后结束。它们说明在这一方案、一个随机种子下哪些模型起初"
        "学得更快，但不能说明更深的普通模型最终是否更差。论文中训练 64,000 步后确实更差（第 4.2 节，图 6）。"
    ),
    "degradation.table": "最终结果",
    "degradation.column.network": "模型",
    "degradation.column.pass": "训练错误率，最后一轮",
    "degradation.column.validation": "验证错误率",
    "degradation.column.norm": "梯度范数，中位数",
    "degradation.column.steps": "步数",
    "degradation.column.seeds": "种子",
    "degradation.percent": "{value}%",
    "degradation.chart": "训练过程中的错误率与梯度范数",
    "degradation.chart.training": "训练错误率（%）",
    "degradation.chart.validation": "验证错误率（%）",
    "degradation.chart.norm": "全部权重的梯度范数",
    "degradation.chart.unit": "步",
    "degradation.chart.note": (
        "训练：每次训练等分为 {reports} 段，各段取均值，使用增强后的图像和当前权重。验证：每轮之后。梯度范数：全部参数"
        "的 L2 范数，同样各段取中位数。"
    ),
    "degradation.chart.place": "第 {step} 步：{values}",
    "degradation.chart.value": "{network} {value}",
    "degradation.chart.between": "，",
    "degradation.chart.said": "指向图表或使用方向键可读取数值。",
    "degradation.replay": "回放一次训练",
    "degradation.replay.none": "显示全部",
    "degradation.replay.info": "所选训练像实时训练一样回放，其余完整显示。",
    "degradation.without": "去掉批量归一化的相同模型",
    "degradation.without.words": (
        "训练记录：{data}，{epochs} 轮，最高学习率 {rate}，低到没有模型发散。学习率这么小，几乎学不到东西；这里要看的是"
        "梯度范数。x + F(x) 的方差大于 x 的方差，没有归一化时，信号和梯度会逐块增大；采用 He 初始化的普通网络则保持两者"
        "不变。"
    ),
    "degradation.norms": "初始化时的梯度，在本机测量",
    "degradation.norms.note": (
        "一个批次（{data} 训练集的前 {images} 张图像）的损失，以及它在四个未训练模型（种子 0）各层中的梯度，分别"
        "在有和没有批量归一化时测量。"
    ),
    "degradation.measure": "测量梯度",
    "degradation.measuring": "已测量 {all} 个模型中的 {done} 个……",
    "degradation.measured": "在 {device} 上测得，FP32，训练模式。",
    "degradation.norms.chart": "各层的梯度范数",
    "degradation.norms.batch": "有批量归一化",
    "degradation.norms.none": "没有批量归一化",
    "degradation.norms.unit": "层",
    "degradation.norms.place": "第 {layer} 层：{values}",
    "degradation.norms.value": "{network} {value}（{name}）",
    "degradation.norms.said": "各层权重梯度的 L2 范数，对数坐标。",
    "degradation.norms.chart.note": (
        "从输入开始的各个带权重的层，不含捷径连接。一个批次，一个种子，第一步之前；训练过程中的情况见上面的训练记录。"
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
        "进入最后一层的信号：最后一个卷积的输出（有批量归一化时取其后）在不同图像和位置上的标准差。在 10 个类别中"
        "均匀猜测的网络，损失为 {chance}。"
    ),
    "degradation.paper": "论文的结论与未决问题",
    "degradation.paper.words": (
        "第 4.1 节认为梯度消失不太可能是原因：普通网络在训练时使用批量归一化，前向信号的方差不为零，作者也验证了"
        "反向梯度的范数正常。34 层的普通网络仍能达到有竞争力的准确率。作者推测其收敛速度可能呈指数级下降，原因留"
        "待今后研究。本页的内容不能对此下定论。"
    ),
    "degradation.paper.source": "He 等，2015，第 4.1 节",
    "degradation.paper.norm": "这里测量的内容",
    "degradation.paper.norm.words": (
        "训练记录中的范数是训练过程中的范数，分别在有和没有批量归一化时测得。各层的范数来自初始化时的一个批次。两者都是"
        "测量，不是解释。"
    ),
    "degradation.paper.norm.source": "训练记录，以及上面的测量",
}
