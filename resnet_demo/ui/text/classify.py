"""Words of the tab Classify."""

ENGLISH = {
    "classify.tab": "Classify",
    "picture.label": "Picture",
    "picture.placeholder": "Drop a picture here or click to choose one",
    "picture.samples": "Or try a test picture of the shapes data set; no network was trained on it:",
    "result.label": "What the network says",
    "result.empty": "Choose one of the test pictures or drop one of your own: the answer appears here.",
    "result.table": "Probability of each class",
    "result.class": "Class",
    "result.probability": "Probability",
    "result.knows": "This network knows only",
    "result.whatever": "It answers with one of these whatever the picture shows.",
    "result.copy": "Copy table",
    "result.copied": "Copied",
    "answer.percent": "{percent:.1f} %",
    "answer.tiny": "< 0.1 %",
    "answer.unsure": "The network is unsure: it gives even its best guess only {percent:.0f} %.",
    "view.caption": "The network sees {size} × {size} pixels.",
    "none.yet": (
        "There is no trained network here yet. This trains one in half a minute; it then appears in the list "
        "without a restart:"
    ),
    "none.chosen": "Choose a network first.",
    "none.command": "python -m resnet_demo train --model resnet8 --data shapes",
}

CHINESE = {
    "classify.tab": "图片分类",
    "picture.label": "图片",
    "picture.placeholder": "把图片拖到这里，或点击选择",
    "picture.samples": "或试试 shapes 数据集的测试图片，没有网络用它们训练过：",
    "result.label": "网络的回答",
    "result.empty": "选一张测试图片，或放入你自己的图片，回答会显示在这里。",
    "result.table": "各类别的概率",
    "result.class": "类别",
    "result.probability": "概率",
    "result.knows": "这个网络只认识",
    "result.whatever": "无论图片里是什么，它都只会从中选一个作答。",
    "result.copy": "复制表格",
    "result.copied": "已复制",
    "answer.percent": "{percent:.1f} %",
    "answer.tiny": "< 0.1 %",
    "answer.unsure": "网络没有把握：最可能的类别也只有 {percent:.0f} %。",
    "view.caption": "网络看到的是 {size} × {size} 像素。",
    "none.yet": "这里还没有训练好的网络。下面的命令半分钟就能训练一个，无需重启即会出现在列表中：",
    "none.chosen": "请先选择一个网络。",
    "none.command": "python -m resnet_demo train --model resnet8 --data shapes",
}
