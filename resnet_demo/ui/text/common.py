"""Words of the page around the tabs, and of what several tabs use."""

ENGLISH = {
    "page.title": "ResNet, from the inside",
    "page.language": "English",
    "page.sentence": "See what residual networks are made of, and what they make of your picture.",
    "page.picture": "A residual block: two layers, and the shortcut that goes around them",
    "page.device": "Runs on {device}",
    "page.kept": "Pictures stay on this machine for at most {minutes} minutes, then they are deleted.",
    "page.contents": "On this page",
    "header.switches": "Language and appearance",
    "header.dark": "Dark page",
    "header.present": "Presenter's page: large type",
    "header.controls": "Controls",
    "header.keys": "PageUp and PageDown change tabs, F fills the screen, Esc ends.",
    "download.busy": "More than {most} downloads from your address wait already; try again in a moment.",
}

CHINESE = {
    "page.title": "走进 ResNet",
    "page.language": "中文",
    "page.sentence": "看看残差网络由什么构成，又如何识别你的图片。",
    "page.picture": "残差块：两个层，以及绕过它们的捷径连接",
    "page.device": "运行于 {device}",
    "page.kept": "图片在本机最多保存 {minutes} 分钟，随后即被删除。",
    "page.contents": "本页内容",
    "header.switches": "语言与外观",
    "header.dark": "深色页面",
    "header.present": "演示页面：大号字体",
    "header.controls": "控件",
    "header.keys": "PageUp 和 PageDown 切换标签页，F 全屏，Esc 退出。",
    "download.busy": "来自您的地址的下载请求已有超过 {most} 个在排队，请稍后再试。",
}
