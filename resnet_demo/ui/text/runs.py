"""Words for networks and data sets in lists and titles."""

ENGLISH = {
    "run.label": "Network",
    "run.several": "Up to {most} side by side",
    "run.title": "{network} on {data}",
    "run.titled": "{name} ({network} on {data})",
    "run.published": "{title}, published",
    "run.epoch": "{title}, {epochs:g} epoch",
    "run.epochs": "{title}, {epochs:g} epochs",
    "run.seed": "{title}, seed {seed}",
    "run.trained": "{title}, {date}",
    "run.shortcut": "{network} {shortcut}",
    "run.unnormalised": "{network} without BN",
    "run.imagenet": "{network} on ImageNet, torchvision's weights",
    "data.cifar10": "CIFAR-10",
    "data.fashion-mnist": "Fashion-MNIST",
    "data.brought": "own pictures",
}

CHINESE = {
    "run.label": "网络",
    "run.several": "最多并排比较 {most} 个",
    "run.title": "{network}，{data}",
    "run.titled": "{name}（{network}，{data}）",
    "run.published": "{title}，随项目发布",
    "run.epoch": "{title}，{epochs:g} 轮",
    "run.epochs": "{title}，{epochs:g} 轮",
    "run.seed": "{title}，种子 {seed}",
    "run.trained": "{title}，{date}",
    "run.shortcut": "{network} {shortcut}",
    "run.unnormalised": "{network}（无 BN）",
    "run.imagenet": "{network}，ImageNet，torchvision 权重",
    "data.cifar10": "CIFAR-10",
    "data.fashion-mnist": "Fashion-MNIST",
    "data.brought": "自己的图片",
}
