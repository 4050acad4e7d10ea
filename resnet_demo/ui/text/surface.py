"""Words of the fold on the loss surface, in the part on the inside of a model."""

ENGLISH = {
    "surface.title": "What does the loss surface look like?",
    "surface.about": (
        "The loss around the trained weights, along random directions that are normalized filter by filter (Li et "
        "al. 2018, “Visualizing the Loss Landscape of Neural Nets”). A slice shows two of several hundred thousand "
        "directions: what it does not show may still be there."
    ),
    "surface.scale": "Loss around the weights in the middle, from {low} (dark) to {high} (bright), logarithmic",
    "surface.centre": "loss in the middle {loss}",
    "surface.again": "loss in the middle {loss}; weights trained again with the same settings",
    "surface.note": "Mean cross-entropy of {images} training images; biases and batch normalization are not moved.",
    "surface.lines": "Along one direction",
    "surface.panel": "Depth {depth}: loss",
    "surface.place": "α = {x}: {values}",
    "surface.loss": "loss",
    "surface.none": "Nothing is recorded here yet.",
    "surface.measure": "Measure the selected model along one direction",
    "surface.measuring": "Measuring: {done} of {all} points.",
    "surface.cancel": "Cancel",
    "surface.cancelled": "Cancelled.",
    "surface.no_data": "The training images of this model are not on this machine, so its loss cannot be measured.",
}

CHINESE = {
    "surface.title": "损失曲面是什么样子？",
    "surface.about": (
        "训练好的权重附近的损失，沿随机方向，方向按滤波器归一化（Li et al. 2018，arXiv:1712.09913）。一个切片只显示"
        "几十万个方向中的两个：没有显示的，也可能存在。"
    ),
    "surface.scale": "以训练好的权重为中心的损失，从 {low}（暗）到 {high}（亮），对数刻度",
    "surface.centre": "中心处损失 {loss}",
    "surface.again": "中心处损失 {loss}；按相同设置重新训练的权重",
    "surface.note": "{images} 张训练图像的平均交叉熵；偏置和批量归一化不移动。",
    "surface.lines": "沿一个方向",
    "surface.panel": "深度 {depth}：损失",
    "surface.place": "α = {x}：{values}",
    "surface.loss": "损失",
    "surface.none": "这里还没有记录。",
    "surface.measure": "沿一个方向测量所选模型",
    "surface.measuring": "正在测量：{all} 个点中的 {done} 个。",
    "surface.cancel": "取消",
    "surface.cancelled": "已取消。",
    "surface.no_data": "本机没有这个模型的训练图像，无法测量其损失。",
}
