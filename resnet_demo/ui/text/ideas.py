"""The ideas of the tab Networks: what He et al. 2015 (arXiv:1512.03385) say, where they say it, and no more."""

ENGLISH = {
    "idea.degrade": "Deeper plain networks get worse",
    "idea.degrade.text": (
        "Beyond some depth, adding layers to a plain network makes its accuracy worse, and not by overfitting: the "
        "training error rises too. Yet the deeper network could copy the shallower one and let its further layers "
        "do nothing; training finds no solution that is as good."
    ),
    "idea.degrade.where": "section 1 and figure 1; sections 4.1 and 4.2, figure 6",
    "idea.cause": "The cause is left open",
    "idea.cause.text": (
        "Section 4.1 calls vanishing gradients an unlikely cause: with batch normalisation the forward signals keep "
        "non-zero variance, and the authors verified that the gradients have healthy norms. They conjecture that deep "
        "plain networks may converge exponentially slowly, and leave the reason to future work."
    ),
    "idea.cause.where": "section 4.1",
    "idea.shortcut": "What the shortcut does",
    "idea.shortcut.text": (
        "A block with a shortcut learns only F(x), the difference between what it should compute and its input x, and "
        "the sum y = F(x) + x is formed afterwards. If doing nothing is best, the weights only have to go towards "
        "zero, which the paper supposes to be easier than to build an identity out of several layers."
    ),
    "idea.shortcut.where": "sections 3.1 and 3.2, equation 1",
    "idea.conv": "What the Conv Block is for",
    "idea.conv.text": (
        "F(x) and x can only be added if their shapes are equal. Where a stage begins with more channels or half the "
        "resolution, the shortcut has to change them too; such a block is often called Conv Block, every other "
        "Identity Block. The paper draws those shortcuts dotted and gives the blocks no names."
    ),
    "idea.conv.where": "sections 3.2 and 3.3, equation 2, figure 3",
    "idea.shortcuts": "Three shortcuts",
    "idea.shortcuts.text": (
        "Where dimensions change, A pads with zeros and B projects with a 1×1 convolution; C projects in every block. "
        "On ImageNet, with 34 layers, all three were much better than the plain network, B slightly better than A "
        "and C marginally better than B; the authors conclude that projections are not essential."
    ),
    "idea.shortcuts.where": "section 3.3; section 4.1, table 3",
    "idea.blocks": "Why bottlenecks",
    "idea.blocks.text": (
        "A bottleneck narrows the data by a 1×1 convolution, works on it with a 3×3 and widens it again by another "
        "1×1; it costs about as much time as a basic block with a quarter of the channels. The authors chose it out "
        "of concern for the training time they could afford, and call identity shortcuts particularly important for it."
    ),
    "idea.blocks.where": "section 4.1, “Deeper Bottleneck Architectures”, figure 5",
    "idea.strides": "v1 and v1.5",
    "idea.strides.text": (
        "Where a bottleneck halves the resolution, the authors' published networks have the stride in the first 1×1 "
        "convolution, torchvision's in the 3×3 (“v1.5”). All tensors have the same shapes, so the weights of one fit "
        "the other, but they compute different functions, and v1.5 needs more multiply-adds."
    ),
    "idea.strides.where": "table 1; for v1.5 the documentation of torchvision",
}

CHINESE = {
    "idea.degrade": "普通网络加深反而变差",
    "idea.degrade.text": (
        "超过一定深度后，给普通网络增加层数会使准确率下降，而且这不是过拟合：训练误差也在上升。其实更深的网络可以照搬"
        "较浅的网络，让多出的层什么都不做；训练却找不到同样好的解。"
    ),
    "idea.degrade.where": "第 1 节和图 1；第 4.1、4.2 节，图 6",
    "idea.cause": "原因尚无定论",
    "idea.cause.text": (
        "第 4.1 节认为梯度消失不太可能是原因：有了批量归一化，前向信号的方差不为零，作者也看到反向梯度的范数正常。"
        "他们推测深的普通网络的收敛速度可能呈指数级下降，并把原因留待今后研究。"
    ),
    "idea.cause.where": "第 4.1 节",
    "idea.shortcut": "捷径连接的作用",
    "idea.shortcut.text": (
        "带捷径连接的块只需学习 F(x)，即目标函数与输入 x 之差，随后相加得到 y = F(x) + x。如果最好什么都不做，"
        "权重只需趋向零；论文设想这比用几层网络拼出恒等映射容易。"
    ),
    "idea.shortcut.where": "第 3.1、3.2 节，式 1",
    "idea.conv": "卷积块的用途",
    "idea.conv.text": (
        "F(x) 与 x 形状相同才能相加。当一个阶段开始时通道变多或分辨率减半，捷径连接也必须随之改变；这样的块常称为卷积块"
        "（Conv Block），其余的称为恒等块（Identity Block）。论文用虚线画出这些捷径连接，没有给这两种块起名字。"
    ),
    "idea.conv.where": "第 3.2、3.3 节，式 2，图 3",
    "idea.shortcuts": "三种捷径连接",
    "idea.shortcuts.text": (
        "在维度改变处，A 补零，B 用 1×1 卷积作投影；C 在每个块都作投影。在 ImageNet 上，34 层时三者都比普通网络好得多，"
        "B 略好于 A，C 又稍好于 B；作者由此认为投影并非必需。"
    ),
    "idea.shortcuts.where": "第 3.3 节；第 4.1 节，表 3",
    "idea.blocks": "为什么用瓶颈块",
    "idea.blocks.text": (
        "瓶颈块先用 1×1 卷积减少通道，再作 3×3 卷积，最后用另一个 1×1 卷积恢复通道；它的计算时间与通道数为其四分之一的"
        "基本块相近。作者选用它是考虑到训练时间，并指出恒等捷径连接对它尤其重要。"
    ),
    "idea.blocks.where": "第 4.1 节“Deeper Bottleneck Architectures”，图 5",
    "idea.strides": "v1 与 v1.5",
    "idea.strides.text": (
        "瓶颈块在分辨率减半处，作者公布的网络把步幅放在第一个 1×1 卷积，torchvision 放在 3×3 卷积（“v1.5”）。所有张量"
        "形状相同，权重可以互换，但计算的函数不同，v1.5 的乘加次数更多。"
    ),
    "idea.strides.where": "表 1；v1.5 见 torchvision 的文档",
}
