"""Words for networks and data sets in lists and titles."""

ENGLISH = {
    "run.label": "Model",
    "run.several": "Up to {most} side by side",
    "run.title": "{network} · {data}",
    "run.titled": "{name} · {network}, {data}",
    "run.epoch": "{title}, {epochs:g} epoch",
    "run.epochs": "{title}, {epochs:g} epochs",
    "run.seed": "{title}, seed {seed}",
    "run.trained": "{title}, {date}",
    "run.shortcut": "{network} {shortcut}",
    "run.unnormalised": "{network} without BN",
    "run.imagenet": "{network} · ImageNet, torchvision weights",
    "data.cifar10": "CIFAR-10",
    "data.fashion-mnist": "Fashion-MNIST",
    "data.brought": "your images",
}

CHINESE = {
    "run.label": "模型",
    "run.several": "最多并排比较 {most} 个",
    "run.title": "{network} · {data}",
    "run.titled": "{name} · {network}，{data}",
    "run.epoch": "{title}，{epochs:g} 轮",
    "run.epochs": "{title}，{epochs:g} 轮",
    "run.seed": "{title}，种子 {seed}",
    "run.trained": "{title}，{date}",
    "run.shortcut": "{network} {shortcut}",
    "run.unnormalised": "{network}（无 BN）",
    "run.imagenet": "{network} · ImageNet，torchvision 权重",
    "data.cifar10": "CIFAR-10",
    "data.fashion-mnist": "Fashion-MNIST",
    "data.brought": "你的图像",
}
