"""Words of the tab Teach."""

ENGLISH = {
    "teach.tab": "Teach",
    "teach.showing": "By showing",
    "teach.showing.question": "Can a model learn your classes from twenty images each?",
    "teach.room": "A class of phones",
    "teach.room.question": "What can a whole class teach a model?",
    "teach.lead": (
        "Show a model a few images of each class: hold a button while the camera looks. It learns them in seconds and "
        "then answers live."
    ),
    "teach.start": "Turn on the camera",
    "teach.stop": "Turn it off",
    "teach.kept": "Images stay in your browser until you press Train.",
    "teach.files_work": "Images from files work without it.",
    "teach.class": "class {number}",
    "teach.name": "Name of class {number}",
    "teach.count": "{count} images",
    "teach.remove": "Remove",
    "teach.remove_of": "Remove class {name}",
    "teach.hold": "Hold to take images",
    "teach.hold_of": "Hold to take images of {name}",
    "teach.files": "From files",
    "teach.files_of": "Images of {name} from files",
    "teach.delete": "Delete image {number} of {name}",
    "teach.unread": "Your browser cannot read these as images: {names}",
    "teach.add": "Add a class",
    "teach.enough": "{enough} images a class are enough to begin; fewer work, too, but less well.",
    "teach.missing.unnamed": "Class {number} needs a name.",
    "teach.missing.twice": "Two classes are called “{name}”: each needs a name of its own.",
    "teach.missing.few": "At least {least} classes are needed.",
    "teach.missing.short": "“{name}” has {count} images; each class needs at least {begin}.",
    "teach.train": "Train",
    "teach.again": "Train again",
    "teach.whole": "Train the whole model",
    "teach.whole.info": "Slower; by default the last layer alone learns, in seconds.",
    "teach.sending": "The images are being sent and decoded.",
    "teach.learning": "The model is learning.",
    "teach.look": "Turn on the camera: the model answers live.",
    "teach.lost": "The images could not be sent. Try again.",
    "teach.unsure": "Unsure, perhaps none of these",
    "teach.imagenet": "{network} (trained on ImageNet)",
    "teach.published": "{network} (trained on CIFAR-10)",
    "teach.started": (
        "{network} looks at each image once, and its last layer learns your classes. The run is in Train, too, with "
        "its curve and validation matrix. Your images are stored on this server like all that are uploaded in Train."
    ),
    "teach.started.whole": (
        "{network} is being fine-tuned, all of its layers. The run is in Train, too, with its curve and validation "
        "matrix. Your images are stored on this server like all that are uploaded in Train."
    ),
    "teach.threshold": (
        "Ready. An answer below {value} is shown as unsure: that is the lowest confidence from which at least {wanted} "
        "of the answers on validation images were right ({right} of {answered}, out of {total} images)."
    ),
    "teach.threshold.none": (
        "Ready, but every answer is shown as unsure: on the {total} validation images no confidence makes {wanted} of "
        "the answers right. Take more images, and more different ones."
    ),
    "teach.ended": "The run ended before its model could be evaluated.",
    "teach.open.train": "See the run in Train",
    "teach.open.confusion": "Confusion matrix",
    "teach.open.classify": "Use in Classify",
}

CHINESE = {
    "teach.tab": "教学",
    "teach.showing": "拍给它看",
    "teach.showing.question": "每类二十张图像，模型能学会你的类别吗？",
    "teach.room": "全班一起教",
    "teach.room.question": "全班一起能教会模型什么？",
    "teach.lead": "给模型看每个类别的几张图像：按住按钮，摄像头即开始拍摄。模型几秒钟就能学会，然后实时给出预测。",
    "teach.start": "打开摄像头",
    "teach.stop": "关闭摄像头",
    "teach.kept": "点击“训练”之前，图像只保存在你的浏览器中。",
    "teach.files_work": "没有摄像头也可以从文件中选择图像。",
    "teach.class": "类别 {number}",
    "teach.name": "类别 {number} 的名称",
    "teach.count": "{count} 张图像",
    "teach.remove": "移除",
    "teach.remove_of": "移除类别 {name}",
    "teach.hold": "按住拍摄",
    "teach.hold_of": "按住拍摄 {name} 的图像",
    "teach.files": "从文件选择",
    "teach.files_of": "从文件选择 {name} 的图像",
    "teach.delete": "删除 {name} 的第 {number} 张图像",
    "teach.unread": "浏览器无法将以下文件读取为图像：{names}",
    "teach.add": "添加类别",
    "teach.enough": "每个类别有 {enough} 张图像就可以开始；少一些也行，但效果会差一些。",
    "teach.missing.unnamed": "第 {number} 个类别需要名称。",
    "teach.missing.twice": "有两个类别都叫“{name}”：每个类别需要各自的名称。",
    "teach.missing.few": "至少需要 {least} 个类别。",
    "teach.missing.short": "“{name}”有 {count} 张图像；每个类别至少需要 {begin} 张。",
    "teach.train": "训练",
    "teach.again": "重新训练",
    "teach.whole": "训练整个模型",
    "teach.whole.info": "较慢；默认只训练最后一层，几秒钟即可完成。",
    "teach.sending": "正在发送并解码图像。",
    "teach.learning": "模型正在学习。",
    "teach.look": "打开摄像头，模型会实时给出预测。",
    "teach.lost": "图像发送失败，请重试。",
    "teach.unsure": "不确定，可能都不是",
    "teach.imagenet": "{network}（在 ImageNet 上训练）",
    "teach.published": "{network}（在 CIFAR-10 上训练）",
    "teach.started": (
        "{network} 对每张图像只计算一次，由最后一层学习你的类别。这次训练也会出现在“训练”中，附有曲线和验证集混淆矩阵。"
        "你的图像与在“训练”中上传的图像一样保存在本服务器上。"
    ),
    "teach.started.whole": (
        "正在微调 {network} 的所有层。这次训练也会出现在“训练”中，附有曲线和验证集混淆矩阵。"
        "你的图像与在“训练”中上传的图像一样保存在本服务器上。"
    ),
    "teach.threshold": (
        "已就绪。置信度低于 {value} 的预测会显示为不确定：从这一置信度起，验证集上的预测至少有 {wanted} 正确"
        "（{total} 张图像中给出预测 {answered} 次，其中 {right} 次正确）。"
    ),
    "teach.threshold.none": (
        "已就绪，但所有预测都会显示为不确定：在 {total} 张验证图像上，没有任何置信度能使 {wanted} 的预测正确。"
        "请拍摄更多、更多样的图像。"
    ),
    "teach.ended": "训练在模型评估之前就结束了。",
    "teach.open.train": "在“训练”中查看",
    "teach.open.confusion": "混淆矩阵",
    "teach.open.classify": "用于分类",
}
