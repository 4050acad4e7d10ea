"""Words of the part of the tab Compare that shows what the shortcut options A, B and C do."""

ENGLISH = {
    "shortcuts.about": (
        "A residual block adds its input x to the output F(x) of its layers: y = ReLU(F(x) + x). At two places in "
        "ResNet-20 the shapes do not match: F(x) has half the height, half the width and twice the channels. A, B and "
        "C are three ways to make x fit (He et al. 2015, section 4.1)."
    ),
    "shortcuts.A": "A: zeros",
    "shortcuts.A.text": "Subsamples x and pads it with zero channels. Nothing is learned.",
    "shortcuts.B": "B: 1×1 where needed",
    "shortcuts.B.text": "A learned 1×1 convolution where dimensions change; elsewhere x unchanged.",
    "shortcuts.C": "C: 1×1 in every block",
    "shortcuts.C.text": "A learned 1×1 convolution in every block; x never passes unchanged.",
    "shortcuts.more": "More about A, B and C",
    "shortcuts.more.A": (
        "A: where dimensions change, it keeps every second pixel of x in both directions and adds channels of zeros, "
        "half of them in front and half behind. Elsewhere it passes x unchanged."
    ),
    "shortcuts.more.B": (
        "B: where dimensions change, it applies a 1×1 convolution of stride 2 and batch normalization, both learned. "
        "Elsewhere it passes x unchanged."
    ),
    "shortcuts.more.C": (
        "C: where dimensions change, it is the same as B. Elsewhere it applies a 1×1 convolution with batch "
        "normalization, too."
    ),
    "shortcuts.changes": "{name} changes dimensions: {given} → {made}",
    "shortcuts.keeps": "{name} keeps dimensions: {given}",
    "shortcuts.cost": "All shortcuts of {network}: {count} 1×1 convolutions, {parameters} parameters.",
    "shortcuts.place": "{network}. {place}",
    "shortcuts.ways.open": "(open)",
    "shortcuts.ways.hint": (
        "Shapes are channels × height × width. Click a drawing for its shapes, parameters, multiply-adds, formula and "
        "source code."
    ),
    "shortcuts.numbers": "Cost in ResNet-20",
    "shortcuts.changes.parameters": "layer2.0, changes dimensions: parameters",
    "shortcuts.changes.work": "layer2.0: multiply-adds",
    "shortcuts.keeps.parameters": "layer2.1, keeps dimensions: parameters",
    "shortcuts.keeps.work": "layer2.1: multiply-adds",
    "shortcuts.whole.parameters": "Entire model: parameters",
    "shortcuts.whole.work": "Entire model: multiply-adds",
    "shortcuts.try": "Try it with numbers",
    "shortcuts.try.about": (
        "Two channels of 4 × 4 numbers stand for x. Change any of them: the results are computed by the same modules "
        "as in the models. Point at a number of the result to see where it comes from."
    ),
    "shortcuts.size": "channels: {count}, {side} × {side} each",
    "shortcuts.weights": "{outputs} × {inputs}, learned",
    "shortcuts.step.x": "x",
    "shortcuts.step.kept": "every 2nd row and column",
    "shortcuts.step.weights": "1×1 weights",
    "shortcuts.step.padding": "with zeros: added to F(x)",
    "shortcuts.step.projection": "weighted sums: added to F(x)",
    "shortcuts.step.identity": "x unchanged: added to F(x)",
    "shortcuts.read.zero": "Channel {channel}, row {row}, column {column} = 0: this channel was filled with zeros.",
    "shortcuts.read.copy": (
        "Channel {channel}, row {row}, column {column} = {number}: copied from channel {source}, row {source_row}, "
        "column {source_column} of x."
    ),
    "shortcuts.read.sum": "Channel {channel}, row {row}, column {column}: {sum} = {number}",
    "shortcuts.case.A.conv": (
        "Parameters: {count}. {left} of 32 numbers (dashed) are dropped, the others are copied. In the zero channels "
        "the sum is F(x) alone: there the block has no shortcut."
    ),
    "shortcuts.case.B.conv": (
        "Parameters: {count}, half of them weights and half batch normalization. Each number of the result mixes the "
        "two channels of one pixel. Here, too, {left} of 32 numbers (dashed) are dropped: a 1×1 convolution of stride "
        "2 never reads them."
    ),
    "shortcuts.case.C.conv": (
        "Parameters: {count}. Where dimensions change, C is the same as B and also drops {left} of 32 numbers. The "
        "difference shows in a block that keeps dimensions."
    ),
    "shortcuts.case.A.identity": (
        "Parameters: {count}. The shapes match already, so x is added unchanged; {left} numbers are dropped. B does "
        "the same here, C does not."
    ),
    "shortcuts.case.B.identity": (
        "Parameters: {count}. The shapes match already, so x is added unchanged; {left} numbers are dropped. A does "
        "the same here, C does not."
    ),
    "shortcuts.case.C.identity": (
        "Parameters: {count}; {left} numbers are dropped. Here C differs from B: the shapes match already, and still x "
        "passes through a 1×1 convolution. With identity weights it would change nothing, but it has to learn them."
    ),
    "shortcuts.norm": (
        "In the model, batch normalization follows. With its initial values and statistics it changes no number of "
        "this result by more than {change}, so it is not shown."
    ),
    "shortcuts.wrong.x": (
        "Channel {a}, row {b}, column {c} of x is “{given}”; accepted is a number from −{most} to {most}. The results "
        "have not changed."
    ),
    "shortcuts.wrong.weights": (
        "The weight from channel {b} to channel {a} is “{given}”; accepted is a number from −{most} to {most}. The "
        "results have not changed."
    ),
    "shortcuts.follow.option": "Shortcut",
    "shortcuts.follow.option.A": "A",
    "shortcuts.follow.option.B": "B",
    "shortcuts.follow.option.C": "C",
    "shortcuts.follow.place": "Block",
    "shortcuts.follow.place.conv": "changes dimensions",
    "shortcuts.follow.place.identity": "keeps dimensions",
    "shortcuts.follow.channel": "channel {number}",
    "shortcuts.follow.zeros": "channel {number}: zeros",
    "shortcuts.follow.from": "from {number}",
    "shortcuts.follow.to": "to {number}",
    "shortcuts.follow.number": "x, channel {channel}, row {row}, column {column}",
    "shortcuts.follow.weight": "Weight from channel {from} to channel {to}",
    "shortcuts.follow.random": "Random numbers",
    "shortcuts.follow.sums": "Copies, sum, difference",
    "shortcuts.follow.same.conv": "Same as A",
    "shortcuts.follow.same.identity": "Identity",
    "shortcuts.follow.initial": "Untrained",
    "shortcuts.follow.csv": "Download CSV",
}

CHINESE = {
    "shortcuts.about": (
        "残差块把输入 x 加到各层的输出 F(x) 上：y = ReLU(F(x) + x)。ResNet-20 中有两处形状不匹配：F(x) 的高和宽减半，"
        "通道数加倍。方案 A、B、C 是让 x 与之匹配的三种方法（He 等，2015，第 4.1 节）。"
    ),
    "shortcuts.A": "A：补零",
    "shortcuts.A.text": "对 x 下采样，并补上全零通道。没有需要学习的参数。",
    "shortcuts.B": "B：仅在需要处用 1×1",
    "shortcuts.B.text": "维度改变处用可学习的 1×1 卷积，其他地方 x 原样通过。",
    "shortcuts.C": "C：每个块都用 1×1",
    "shortcuts.C.text": "每个块都用可学习的 1×1 卷积，x 从不原样通过。",
    "shortcuts.more": "详细了解 A、B、C",
    "shortcuts.more.A": (
        "A：维度改变处，在两个方向上每隔一个像素取一个，并补上全零通道，一半在前，一半在后。其他地方 x 原样通过。"
    ),
    "shortcuts.more.B": "B：维度改变处使用步幅为 2 的 1×1 卷积和批量归一化，两者都可学习。其他地方 x 原样通过。",
    "shortcuts.more.C": "C：维度改变处与 B 相同。其他地方同样使用 1×1 卷积和批量归一化。",
    "shortcuts.changes": "{name} 改变维度：{given} → {made}",
    "shortcuts.keeps": "{name} 保持维度：{given}",
    "shortcuts.cost": "{network} 的全部捷径连接：{count} 个 1×1 卷积，{parameters} 个参数。",
    "shortcuts.place": "{network}。{place}",
    "shortcuts.ways.open": "（打开）",
    "shortcuts.ways.hint": "形状为 通道 × 高 × 宽。点击图形，查看其形状、参数量、乘加次数、公式和源代码。",
    "shortcuts.numbers": "在 ResNet-20 中的代价",
    "shortcuts.changes.parameters": "layer2.0（改变维度）：参数量",
    "shortcuts.changes.work": "layer2.0：乘加次数",
    "shortcuts.keeps.parameters": "layer2.1（保持维度）：参数量",
    "shortcuts.keeps.work": "layer2.1：乘加次数",
    "shortcuts.whole.parameters": "整个模型：参数量",
    "shortcuts.whole.work": "整个模型：乘加次数",
    "shortcuts.try": "动手算一遍",
    "shortcuts.try.about": (
        "两个 4 × 4 的数字通道代表 x。可以改动任何一个数字：结果由模型中相同的模块计算。指向结果中的一个数字，就"
        "能看到它从何而来。"
    ),
    "shortcuts.size": "通道数：{count}，每个 {side} × {side}",
    "shortcuts.weights": "{outputs} × {inputs}，可学习",
    "shortcuts.step.x": "x",
    "shortcuts.step.kept": "每隔一行一列取一个",
    "shortcuts.step.weights": "1×1 权重",
    "shortcuts.step.padding": "补零：与 F(x) 相加",
    "shortcuts.step.projection": "加权和：与 F(x) 相加",
    "shortcuts.step.identity": "x 原样：与 F(x) 相加",
    "shortcuts.read.zero": "通道 {channel}，第 {row} 行，第 {column} 列 = 0：这个通道补的全是零。",
    "shortcuts.read.copy": (
        "通道 {channel}，第 {row} 行，第 {column} 列 = {number}：复制自 x 的通道 {source}，第 {source_row} 行，"
        "第 {source_column} 列。"
    ),
    "shortcuts.read.sum": "通道 {channel}，第 {row} 行，第 {column} 列：{sum} = {number}",
    "shortcuts.case.A.conv": (
        "参数：{count} 个。32 个数字中有 {left} 个（虚线）被舍弃，其余照抄。在补零的通道里，和就是 F(x) 本身："
        "那里等于没有捷径连接。"
    ),
    "shortcuts.case.B.conv": (
        "参数：{count} 个，一半是权重，一半属于批量归一化。结果中的每个数字混合同一像素的两个通道。这里同样有 {left} 个"
        "数字（共 32 个，虚线）被舍弃：步幅为 2 的 1×1 卷积从不读取它们。"
    ),
    "shortcuts.case.C.conv": (
        "参数：{count} 个。维度改变处 C 与 B 相同，也舍弃 32 个数字中的 {left} 个。区别在保持维度的块中。"
    ),
    "shortcuts.case.A.identity": (
        "参数：{count} 个。形状本来就匹配，所以 x 原样相加；舍弃 {left} 个数字。B 在这里也一样，C 则不同。"
    ),
    "shortcuts.case.B.identity": (
        "参数：{count} 个。形状本来就匹配，所以 x 原样相加；舍弃 {left} 个数字。A 在这里也一样，C 则不同。"
    ),
    "shortcuts.case.C.identity": (
        "参数：{count} 个；舍弃 {left} 个数字。这里 C 与 B 不同：形状本来就匹配，x 仍要通过 1×1 卷积。若权重恰为恒等"
        "映射，它什么都不改变，但这些权重必须学习得到。"
    ),
    "shortcuts.norm": (
        "模型中随后还有批量归一化。在初始值和初始统计量下，它对这里任何数字的改变都不超过 {change}，因此没有画出。"
    ),
    "shortcuts.wrong.x": (
        "x 的通道 {a}，第 {b} 行，第 {c} 列是“{given}”；应为 −{most} 到 {most} 之间的数字。结果没有变化。"
    ),
    "shortcuts.wrong.weights": (
        "从通道 {b} 到通道 {a} 的权重是“{given}”；应为 −{most} 到 {most} 之间的数字。结果没有变化。"
    ),
    "shortcuts.follow.option": "捷径连接",
    "shortcuts.follow.option.A": "A",
    "shortcuts.follow.option.B": "B",
    "shortcuts.follow.option.C": "C",
    "shortcuts.follow.place": "块",
    "shortcuts.follow.place.conv": "改变维度",
    "shortcuts.follow.place.identity": "保持维度",
    "shortcuts.follow.channel": "通道 {number}",
    "shortcuts.follow.zeros": "通道 {number}：零",
    "shortcuts.follow.from": "来自 {number}",
    "shortcuts.follow.to": "到 {number}",
    "shortcuts.follow.number": "x，通道 {channel}，第 {row} 行，第 {column} 列",
    "shortcuts.follow.weight": "从通道 {from} 到通道 {to} 的权重",
    "shortcuts.follow.random": "随机数字",
    "shortcuts.follow.sums": "照抄、和、差",
    "shortcuts.follow.same.conv": "与 A 相同",
    "shortcuts.follow.same.identity": "恒等映射",
    "shortcuts.follow.initial": "未训练",
    "shortcuts.follow.csv": "下载 CSV",
}
