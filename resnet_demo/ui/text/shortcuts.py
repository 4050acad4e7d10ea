"""Words of the part of the tab Compare that says what the shortcuts A, B and C are."""

ENGLISH = {
    "shortcuts.about": (
        "A residual block adds its input x to what its layers make of it: y = ReLU(F(x) + x). Twice in ResNet-20 that "
        "sum is impossible: F(x) has half the height, half the width and twice the channels. A, B and C are three ways "
        "to make x fit (He et al. 2015, section 4.1)."
    ),
    "shortcuts.A": "A: zeros",
    "shortcuts.A.text": (
        "Where dimensions change: every second pixel of x, and channels full of zeros, half of them in front, half "
        "behind. Elsewhere: x as it is. Nothing is learnt."
    ),
    "shortcuts.B": "B: 1×1 where it is needed",
    "shortcuts.B.text": (
        "Where dimensions change: a 1×1 convolution of stride 2 and batch normalisation, both learnt. Elsewhere: x as "
        "it is."
    ),
    "shortcuts.C": "C: 1×1 in every block",
    "shortcuts.C.text": (
        "Where dimensions change: the same as B. Elsewhere: a 1×1 convolution with batch normalisation too, so that no "
        "block passes x on as it is."
    ),
    "shortcuts.changes": "{name} changes dimensions: {given} → {made}",
    "shortcuts.keeps": "{name} keeps them: {given}",
    "shortcuts.cost": "All shortcuts of {network}: {count} convolutions 1×1, {parameters} parameters.",
    "shortcuts.place": "{network}. {place}",
    "shortcuts.ways.open": "(open)",
    "shortcuts.ways.hint": (
        "Shapes are channels × height × width. Click a drawing for its shapes, parameters, multiply-adds, formula and "
        "the code that runs."
    ),
    "shortcuts.numbers": "What they cost in ResNet-20",
    "shortcuts.changes.parameters": "layer2.0, which changes dimensions: parameters",
    "shortcuts.changes.work": "layer2.0: multiply-adds",
    "shortcuts.keeps.parameters": "layer2.1, which keeps them: parameters",
    "shortcuts.keeps.work": "layer2.1: multiply-adds",
    "shortcuts.whole.parameters": "The whole network: parameters",
    "shortcuts.whole.work": "The whole network: multiply-adds",
    "shortcuts.try": "Follow the numbers",
    "shortcuts.try.about": (
        "Two channels of 4 × 4 numbers stand for x. Change any of them: they go through the very modules that the "
        "networks are made of. Point at a number of the result to see where it comes from."
    ),
    "shortcuts.size": "channels: {count}, each {side} × {side}",
    "shortcuts.weights": "{outputs} × {inputs}, learnt in training",
    "shortcuts.step.x": "x",
    "shortcuts.step.kept": "every 2nd row and column",
    "shortcuts.step.weights": "1×1 weights",
    "shortcuts.step.padding": "with zeros: what is added",
    "shortcuts.step.projection": "weighted sums: what is added",
    "shortcuts.step.identity": "x as it is: what is added",
    "shortcuts.read.zero": "Channel {channel}, row {row}, column {column} = 0: this channel was filled with zeros.",
    "shortcuts.read.copy": (
        "Channel {channel}, row {row}, column {column} = {number}: copied from channel {source}, row {source_row}, "
        "column {source_column} of x."
    ),
    "shortcuts.read.sum": "Channel {channel}, row {row}, column {column}: {sum} = {number}",
    "shortcuts.case.A.conv": (
        "Parameters: {count}. Of 32 numbers {left} (dashed) are left out, the others are copied. In the channels of "
        "zeros the sum is F(x) alone: there the block has no shortcut."
    ),
    "shortcuts.case.B.conv": (
        "Parameters: {count}, half of them the weights and half of batch normalisation. Each number of the result "
        "mixes the two channels of one pixel. Of 32 numbers {left} (dashed) are left out here too: a 1×1 of stride 2 "
        "never sees them."
    ),
    "shortcuts.case.C.conv": (
        "Parameters: {count}. Where dimensions change C is B, and leaves out {left} of 32 numbers like it. See what it "
        "does in a block that keeps dimensions."
    ),
    "shortcuts.case.A.identity": (
        "Parameters: {count}. Shapes are equal already, so x is added as it is; {left} numbers are left out. B does "
        "the same here, C does not."
    ),
    "shortcuts.case.B.identity": (
        "Parameters: {count}. Shapes are equal already, so x is added as it is; {left} numbers are left out. A does "
        "the same here, C does not."
    ),
    "shortcuts.case.C.identity": (
        "Parameters: {count}; {left} numbers are left out. Here C is not B: shapes are equal already, and still x "
        "passes a 1×1 convolution. With the weights of the identity it could do nothing at all, but it has to learn "
        "them."
    ),
    "shortcuts.norm": (
        "Batch normalisation follows in the network. With its initial values and fresh statistics it changes no number "
        "of this result by more than {change}, so it is not shown."
    ),
    "shortcuts.wrong.x": (
        "Channel {a}, row {b}, column {c} of x is “{given}”; accepted is a number from −{most} to {most}. The results "
        "are still those of before."
    ),
    "shortcuts.wrong.weights": (
        "The weight from channel {b} to channel {a} is “{given}”; accepted is a number from −{most} to {most}. The "
        "results are still those of before."
    ),
    "shortcuts.follow.option": "Shortcut",
    "shortcuts.follow.option.A": "A",
    "shortcuts.follow.option.B": "B",
    "shortcuts.follow.option.C": "C",
    "shortcuts.follow.place": "In a block that",
    "shortcuts.follow.place.conv": "changes dimensions",
    "shortcuts.follow.place.identity": "keeps them",
    "shortcuts.follow.channel": "channel {number}",
    "shortcuts.follow.zeros": "channel {number}: zeros",
    "shortcuts.follow.from": "from {number}",
    "shortcuts.follow.to": "to {number}",
    "shortcuts.follow.number": "x, channel {channel}, row {row}, column {column}",
    "shortcuts.follow.weight": "Weight from channel {from} to channel {to}",
    "shortcuts.follow.random": "Other numbers",
    "shortcuts.follow.sums": "Copies, sum, difference",
    "shortcuts.follow.same.conv": "Do what A does",
    "shortcuts.follow.same.identity": "The identity",
    "shortcuts.follow.initial": "As untrained",
    "shortcuts.follow.csv": "Download CSV",
}

CHINESE = {
    "shortcuts.about": (
        "残差块把输入 x 加到各层对它的计算结果上：y = ReLU(F(x) + x)。ResNet-20 中有两处无法直接相加：F(x) 的高和宽"
        "减半、通道数加倍。A、B、C 是让 x 与之匹配的三种方法（He 等，2015，第 4.1 节）。"
    ),
    "shortcuts.A": "A：补零",
    "shortcuts.A.text": (
        "维度改变处：取 x 的每第二个像素，并补上全为零的通道，一半在前，一半在后。其他地方：x 原样通过。"
        "没有任何需要学习的量。"
    ),
    "shortcuts.B": "B：仅在需要处用 1×1",
    "shortcuts.B.text": "维度改变处：步幅为 2 的 1×1 卷积和批量归一化，都要学习。其他地方：x 原样通过。",
    "shortcuts.C": "C：每个块都用 1×1",
    "shortcuts.C.text": "维度改变处：与 B 相同。其他地方：同样是 1×1 卷积加批量归一化，因此没有一个块让 x 原样通过。",
    "shortcuts.changes": "{name} 改变维度：{given} → {made}",
    "shortcuts.keeps": "{name} 保持维度：{given}",
    "shortcuts.cost": "{network} 的全部捷径：{count} 个 1×1 卷积，{parameters} 个参数。",
    "shortcuts.place": "{network}。{place}",
    "shortcuts.ways.open": "（打开）",
    "shortcuts.ways.hint": "形状为 通道 × 高 × 宽。点击图形，查看其形状、参数、乘加次数、公式和实际运行的代码。",
    "shortcuts.numbers": "它们在 ResNet-20 中的代价",
    "shortcuts.changes.parameters": "layer2.0（改变维度）：参数",
    "shortcuts.changes.work": "layer2.0：乘加次数",
    "shortcuts.keeps.parameters": "layer2.1（保持维度）：参数",
    "shortcuts.keeps.work": "layer2.1：乘加次数",
    "shortcuts.whole.parameters": "整个网络：参数",
    "shortcuts.whole.work": "整个网络：乘加次数",
    "shortcuts.try": "跟随数字",
    "shortcuts.try.about": (
        "两个 4 × 4 的数字通道代表 x。可以改动任何一个：它们会通过构成网络的那些模块本身。指向结果中的一个数字，"
        "就能看到它从何而来。"
    ),
    "shortcuts.size": "通道数：{count}，每个 {side} × {side}",
    "shortcuts.weights": "{outputs} × {inputs}，在训练中学习",
    "shortcuts.step.x": "x",
    "shortcuts.step.kept": "每隔一行一列取一个",
    "shortcuts.step.weights": "1×1 权重",
    "shortcuts.step.padding": "补零：要加上的量",
    "shortcuts.step.projection": "加权和：要加上的量",
    "shortcuts.step.identity": "x 原样：要加上的量",
    "shortcuts.read.zero": "通道 {channel}，第 {row} 行，第 {column} 列 = 0：这个通道补的全是零。",
    "shortcuts.read.copy": (
        "通道 {channel}，第 {row} 行，第 {column} 列 = {number}：复制自 x 的通道 {source}，第 {source_row} 行，"
        "第 {source_column} 列。"
    ),
    "shortcuts.read.sum": "通道 {channel}，第 {row} 行，第 {column} 列：{sum} = {number}",
    "shortcuts.case.A.conv": (
        "参数：{count} 个。32 个数字中有 {left} 个（虚线）被略去，其余照抄。在补零的通道里，和就是 F(x) 本身："
        "那里等于没有捷径。"
    ),
    "shortcuts.case.B.conv": (
        "参数：{count} 个，一半是权重，一半属于批量归一化。结果中的每个数字混合同一像素的两个通道。"
        "这里同样有 {left} 个数字（共 32 个，虚线）被略去：步幅为 2 的 1×1 卷积从不读取它们。"
    ),
    "shortcuts.case.C.conv": (
        "参数：{count} 个。维度改变处 C 就是 B，也同样略去 32 个数字中的 {left} 个。请看它在保持维度的块中做什么。"
    ),
    "shortcuts.case.A.identity": (
        "参数：{count} 个。形状本来就相同，所以 x 原样相加；略去 {left} 个数字。B 在这里也一样，C 则不同。"
    ),
    "shortcuts.case.B.identity": (
        "参数：{count} 个。形状本来就相同，所以 x 原样相加；略去 {left} 个数字。A 在这里也一样，C 则不同。"
    ),
    "shortcuts.case.C.identity": (
        "参数：{count} 个；略去 {left} 个数字。这里 C 与 B 不同：形状本来就相同，x 仍要通过 1×1 卷积。"
        "若权重恰为恒等映射，它可以什么都不改变，但这些权重必须学习得到。"
    ),
    "shortcuts.norm": (
        "网络中随后还有批量归一化。在初始值和全新统计量下，它对这里任何数字的改变都不超过 {change}，因此没有画出。"
    ),
    "shortcuts.wrong.x": (
        "x 的通道 {a}，第 {b} 行，第 {c} 列是“{given}”；应为 −{most} 到 {most} 之间的数字。结果仍是之前的。"
    ),
    "shortcuts.wrong.weights": (
        "从通道 {b} 到通道 {a} 的权重是“{given}”；应为 −{most} 到 {most} 之间的数字。结果仍是之前的。"
    ),
    "shortcuts.follow.option": "捷径",
    "shortcuts.follow.option.A": "A",
    "shortcuts.follow.option.B": "B",
    "shortcuts.follow.option.C": "C",
    "shortcuts.follow.place": "所在的块",
    "shortcuts.follow.place.conv": "改变维度",
    "shortcuts.follow.place.identity": "保持维度",
    "shortcuts.follow.channel": "通道 {number}",
    "shortcuts.follow.zeros": "通道 {number}：零",
    "shortcuts.follow.from": "来自 {number}",
    "shortcuts.follow.to": "到 {number}",
    "shortcuts.follow.number": "x，通道 {channel}，第 {row} 行，第 {column} 列",
    "shortcuts.follow.weight": "从通道 {from} 到通道 {to} 的权重",
    "shortcuts.follow.random": "换一组数字",
    "shortcuts.follow.sums": "照抄、和、差",
    "shortcuts.follow.same.conv": "做 A 所做的",
    "shortcuts.follow.same.identity": "恒等映射",
    "shortcuts.follow.initial": "未训练时的权重",
    "shortcuts.follow.csv": "下载 CSV",
}
