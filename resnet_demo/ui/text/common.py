"""Words of the page around the tabs, and of what several tabs use."""

ENGLISH = {
    "page.title": "ResNet, from the inside",
    "page.sentence": "See what small residual networks, trained by this project or by you, make of your picture.",
    "page.device": "Runs on {device}",
    "page.kept": "Pictures stay on this machine for at most {minutes} minutes, then they are deleted.",
    "run.label": "Network",
    "run.title": "{network} on {data}",
    "run.titled": "{name} ({network} on {data})",
    "run.published": "{title}, published",
    "run.trained": "{title}, {date}",
    "run.shortcut": "{network} {shortcut}",
}

CHINESE = {
    "page.title": "走进 ResNet",
    "page.sentence": "看看由本项目或由你训练的残差网络如何识别你的图片。",
    "page.device": "运行于 {device}",
    "page.kept": "图片在本机最多保存 {minutes} 分钟，随后即被删除。",
    "run.label": "网络",
    "run.title": "{network}，{data}",
    "run.titled": "{name}（{network}，{data}）",
    "run.published": "{title}，随项目发布",
    "run.trained": "{title}，{date}",
    "run.shortcut": "{network} {shortcut}",
}
