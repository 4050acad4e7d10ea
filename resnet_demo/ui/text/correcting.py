"""Words of the section of Confusion that corrects the labels of a visitor's own images."""

ENGLISH = {
    "correct.fold": "Correct your labels and train again",
    "correct.about": (
        "A wrong answer is often a wrong label. Choose what a click on an image above does; the same click again, "
        "or one on its row below, takes it back. The edited images become a new data set, each in the split it was "
        "in, and a new run starts from these weights with the same settings."
    ),
    "correct.action": "A click on an image",
    "correct.look": "only shows where the model looks",
    "correct.accept": "makes the prediction its label",
    "correct.out": "leaves the image out",
    "correct.label": "labels it {label}",
    "correct.list": "Changes",
    "correct.column.image": "Image",
    "correct.column.label": "Label",
    "correct.column.new": "New label",
    "correct.left_out": "left out",
    "correct.again": "Train again from here",
    "correct.again.count": "Train again from here (changes: {count})",
    "correct.suffix": ", edited",
}

CHINESE = {
    "correct.fold": "修正标签并重新训练",
    "correct.about": (
        "误判的原因往往是标签有误。选择点击上方图像时执行的操作；再点一次，或点击下方对应的行，即可撤销。修改后的图"
        "像另成一个数据集，每张仍在原来的数据划分中，并以相同设置、从当前模型的权重开始新的训练。"
    ),
    "correct.action": "点击图像时",
    "correct.look": "只显示模型关注的区域",
    "correct.accept": "以预测结果作为标签",
    "correct.out": "去除该图像",
    "correct.label": "标为{label}",
    "correct.list": "修改列表",
    "correct.column.image": "图像",
    "correct.column.label": "标签",
    "correct.column.new": "新标签",
    "correct.left_out": "已去除",
    "correct.again": "从这里重新训练",
    "correct.again.count": "从这里重新训练（{count} 处修改）",
    "correct.suffix": "（已修改）",
}
