"""Words of the part of the tab Networks on the inside of a trained model."""

ENGLISH = {
    "networks.architecture": "Architecture",
    "networks.architecture.question": "How is a residual network built?",
    "networks.inside": "Inside a model",
    "networks.inside.question": "What happens to an image on its way, and what if a shortcut is cut?",
    "inside.upload": "Upload your image",
    "inside.lead": (
        "A block adds F(x) to what its shortcut carries (He et al. 2015, section 3.2). Without the shortcut, later "
        "blocks lose what they were trained to work on; without the branch, the shortcut still carries x on (Veit "
        "et al. 2016, section 4)."
    ),
    "inside.trained": "As trained",
    "inside.cut": "With {count} cut",
    "inside.range": "0 to {top}",
    "inside.stem": "Stem",
    "inside.maxpool": "Max pooling",
    "inside.filters": "Filters",
    "inside.filters.all": "Stem: {count} filters, {height}×{width}",
    "inside.filters.about": (
        "The weights of the first convolution, each filter from its lowest (dark) to its highest (bright)."
    ),
    "inside.zeros": "{share} zeros",
    "inside.channels": "{part}: all {count} channels",
    "inside.channels.about": (
        "What this part computes for this image, after ReLU: {height} × {width} values in each channel, from 0 "
        "(dark) to {top} (bright). The most active channel comes first."
    ),
    "inside.field": (
        "The unit in row {row}, column {column} can see {height} × {width} pixels of {rows} × {columns} (frame)."
    ),
    "inside.field.share": (
        "Half of its response to this image comes from {share} of the pixels (bright; effective receptive field, "
        "Luo et al. 2016)."
    ),
    "inside.field.blank": "It does not respond to this image.",
    "inside.accuracy": "On {count} test images: {trained} correct as trained, {cut} with these cuts.",
    "inside.counting": "Measuring: {done} of {all} images.",
    "inside.no_test": "The test images of this model are not on this machine, so accuracy is not measured.",
    "inside.preparing": "The test images are being prepared; click again in a moment for the accuracy.",
    "inside.look": "Look inside: follow this image, cut a shortcut",
    "inside.model": "Model",
    "inside.block": "Block",
    "inside.layer": "Layer",
    "inside.named": "{name} {value}",
    "inside.comma": ", ",
    "inside.norms": "What does a block add?",
    "inside.norms.about": (
        "A residual block adds F(x) to what its shortcut carries; where F(x) is small, the block changes little. "
        "Sizes are L2 norms over all values of a block, before its last ReLU (He et al. 2015, section 4.2, "
        "“Analysis of Layer Responses”)."
    ),
    "inside.norms.chart": "Norms, block by block",
    "inside.norms.image": "This image",
    "inside.norms.images": "Mean over {count} test images",
    "inside.norms.shortcut": "shortcut(x)",
    "inside.norms.branch": "F(x)",
    "inside.norms.total": "sum",
    "inside.norms.place": "{block}: shortcut(x) {shortcut}, F(x) {branch}, sum {total}",
    "inside.responses.chart": "Standard deviation of layer responses, as in figure 7",
    "inside.responses.note": (
        "Responses are the outputs of each 3×3 layer, after batch normalization and before ReLU or addition (figure "
        "7 of He et al. 2015), in evaluation mode."
    ),
    "inside.responses.this": "This model",
    "inside.responses.std": "Standard deviation",
    "inside.responses.unit": "3×3 layer",
    "inside.removal": "What if a whole block is removed?",
    "inside.removal.about": (
        "Each block is removed in turn, the others stay as trained. A residual network still has all paths that "
        "avoid the block; a plain network has lost its only one (Veit et al. 2016, “Residual Networks Behave Like "
        "Ensembles of Relatively Shallow Networks”, figure 3)."
    ),
    "inside.removal.chart": "Accuracy without one block",
    "inside.removal.panel": "{blocks} blocks, accuracy (%)",
    "inside.removal.unit": "block",
    "inside.removal.nothing": "none",
    "inside.removal.all": "With all blocks:",
    "inside.removal.without": "Without {block}:",
    "inside.removal.accuracy": "Accuracy",
    "inside.removal.hint": "Point at a block to read the accuracies.",
    "inside.removal.note": (
        "On the first {rows} test images. A removed block of a residual network is its shortcut alone; a plain "
        "block passes its input on, subsampled and padded with zeros where dimensions change."
    ),
    "inside.removal.none": "Nothing has been measured yet.",
    "inside.removal.live": "For the selected model nothing is recorded; measuring takes seconds to minutes.",
    "inside.removal.run": "Remove each block in turn",
    "flow.hint": "Click a shortcut (arc) or a branch (box) to cut it; click the tiles to see all channels.",
    "flow.cut": "{count} cut: {answer}",
    "flow.undo": "Undo",
    "flow.all": "Restore all",
    "flow.shortcut": "Cut this shortcut",
    "flow.branch": "Silence this branch",
    "flow.identity": "x",
    "flow.padding": "pad",
    "flow.projection": "1×1",
    "flow.open": "Show all channels",
    "channels.channel": "Channel {number} of {count}.",
    "channels.unit": "Click a point to see its receptive field.",
    "channels.seen": "The image as the model sees it. Click a point of the channel to see its receptive field.",
    "channels.view": "The image as the model sees it",
    "channels.shut": "Close",
}

CHINESE = {
    "networks.architecture": "结构",
    "networks.architecture.question": "残差网络是怎样搭建的？",
    "networks.inside": "模型内部",
    "networks.inside.question": "图像在网络中经历了什么？切断一条捷径连接会怎样？",
    "inside.upload": "上传你的图像",
    "inside.lead": (
        "残差块把 F(x) 加到捷径连接传来的值上（He et al. 2015，第 3.2 节）。没有捷径连接，后面的块就得不到训练时所依"
        "赖的输入；没有残差分支，捷径连接仍把 x 传下去（Veit et al. 2016，第 4 节）。"
    ),
    "inside.trained": "训练好的模型",
    "inside.cut": "切断 {count} 处",
    "inside.range": "0 到 {top}",
    "inside.stem": "输入层",
    "inside.maxpool": "最大池化",
    "inside.filters": "滤波器",
    "inside.filters.all": "输入层：{count} 个 {height}×{width} 滤波器",
    "inside.filters.about": "第一个卷积的权重，每个滤波器从最低（暗）到最高（亮）。",
    "inside.zeros": "{share} 为零",
    "inside.channels": "{part}：全部 {count} 个通道",
    "inside.channels.about": (
        "该部分对这张图像的计算结果（ReLU 之后）：每个通道 {height} × {width} 个值，从 0（暗）到 {top}（亮）。最活跃"
        "的通道在前。"
    ),
    "inside.field": "第 {row} 行第 {column} 列的单元能看到 {rows} × {columns} 像素中的 {height} × {width}（方框）。",
    "inside.field.share": "它对这张图像的响应有一半来自 {share} 的像素（亮处；有效感受野，Luo et al. 2016）。",
    "inside.field.blank": "它对这张图像没有响应。",
    "inside.accuracy": "{count} 张测试图像：训练好的模型答对 {trained}，切断后答对 {cut}。",
    "inside.counting": "正在测量：{all} 张图像中的 {done} 张。",
    "inside.no_test": "本机没有这个模型的测试图像，因此不测量准确率。",
    "inside.preparing": "测试图像正在准备，稍后再点击一次即可得到准确率。",
    "inside.look": "看看内部：跟随这张图像，切断捷径连接",
    "inside.model": "模型",
    "inside.block": "残差块",
    "inside.layer": "层",
    "inside.named": "{name} {value}",
    "inside.comma": "，",
    "inside.norms": "一个残差块增加了什么？",
    "inside.norms.about": (
        "残差块把 F(x) 加到捷径连接传来的值上；F(x) 小的地方，这个块改变得就少。大小为块内全部值在最后一个 ReLU 之前"
        "的 L2 范数（He et al. 2015，第 4.2 节“层响应分析”）。"
    ),
    "inside.norms.chart": "逐块的范数",
    "inside.norms.image": "这张图像",
    "inside.norms.images": "{count} 张测试图像的均值",
    "inside.norms.shortcut": "捷径(x)",
    "inside.norms.branch": "F(x)",
    "inside.norms.total": "和",
    "inside.norms.place": "{block}：捷径(x) {shortcut}，F(x) {branch}，和 {total}",
    "inside.responses.chart": "层响应的标准差（同论文图 7）",
    "inside.responses.note": (
        "响应指每个 3×3 层在批量归一化之后、ReLU 或相加之前的输出（He et al. 2015 图 7），在评估模式下测量。"
    ),
    "inside.responses.this": "当前模型",
    "inside.responses.std": "标准差",
    "inside.responses.unit": "3×3 层",
    "inside.removal": "如果拿掉整个残差块呢？",
    "inside.removal.about": (
        "依次拿掉每一个块，其余保持训练好的状态。残差网络还有绕开该块的所有路径；普通网络则失去了唯一的路径（Veit "
        "et al. 2016，arXiv:1605.06431，图 3）。"
    ),
    "inside.removal.chart": "拿掉一个块之后的准确率",
    "inside.removal.panel": "{blocks} 个块，准确率（%）",
    "inside.removal.unit": "块",
    "inside.removal.nothing": "无",
    "inside.removal.all": "全部保留：",
    "inside.removal.without": "拿掉 {block}：",
    "inside.removal.accuracy": "准确率",
    "inside.removal.hint": "指向某个块可查看准确率。",
    "inside.removal.note": (
        "在前 {rows} 张测试图像上测量。残差网络中被拿掉的块只剩捷径连接；普通块则把输入原样传下去，维度改变处隔点取"
        "样并补零。"
    ),
    "inside.removal.none": "还没有测量结果。",
    "inside.removal.live": "所选模型没有记录；测量需要几秒到几分钟。",
    "inside.removal.run": "依次拿掉每个块",
    "flow.hint": "点击捷径连接（弧线）或残差分支（方框）即可切断；点击小图可查看全部通道。",
    "flow.cut": "已切断 {count} 处：{answer}",
    "flow.undo": "撤销",
    "flow.all": "全部恢复",
    "flow.shortcut": "切断这条捷径连接",
    "flow.branch": "关闭这个残差分支",
    "flow.identity": "x",
    "flow.padding": "补零",
    "flow.projection": "1×1",
    "flow.open": "显示全部通道",
    "channels.channel": "{count} 个通道中的第 {number} 个。",
    "channels.unit": "点击一点查看其感受野。",
    "channels.seen": "模型看到的图像。点击通道上的一点，查看它的感受野。",
    "channels.view": "模型看到的图像",
    "channels.shut": "关闭",
}
