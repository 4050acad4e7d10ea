"""Training a last layer the plain way: each step runs the whole network, in evaluation mode, on the pictures."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_demo.data.augment import normalise, plan_epoch
from resnet_demo.data.dataset import Dataset
from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.initial import fit_initial
from resnet_demo.engine.schedule import learning_rate
from resnet_demo.models import build_model
from resnet_demo.models.resnet import ResNet


def begin(config: TrainConfig, initial: dict[str, Tensor]) -> ResNet:
    model = build_model(config.model, seed=config.seed)
    model.load_state_dict(fit_initial(initial, config.model), strict=False)
    return model.to(memory_format=torch.channels_last).eval()


def train_last_layer(config: TrainConfig, dataset: Dataset, initial: dict[str, Tensor], steps: int) -> ResNet:
    """The network after so many steps of `config` in fp32, on the CPU."""
    model = begin(config, initial)
    model.requires_grad_(False).fc.requires_grad_(True)
    optimizer = torch.optim.SGD(
        model.fc.parameters(), lr=config.lr, momentum=config.momentum, nesterov=config.nesterov,
        weight_decay=config.weight_decay,
    )  # fmt: skip
    rows, _ = dataset.split_rows(config.split_seed)
    images, labels = torch.tensor(dataset.train.images), torch.tensor(dataset.train.labels)
    mean, std = torch.tensor(config.mean), torch.tensor(config.std)
    batch = min(config.batch_size, len(rows))
    per_epoch = len(rows) // batch
    for step in range(steps):
        if step % per_epoch == 0:
            plan = plan_epoch(len(rows), images.shape[1], config.augmentation, config.seed, step // per_epoch)
        place = step % per_epoch * batch
        chosen = torch.from_numpy(rows)[plan.order[place : place + batch]]
        rate = learning_rate(step / steps, schedule=config.schedule, peak=config.lr, warmup=config.warmup)
        for group in optimizer.param_groups:
            group["lr"] = rate
        logits = model(normalise(images[chosen], mean, std).permute(0, 3, 1, 2))
        F.cross_entropy(logits, labels[chosen], label_smoothing=config.label_smoothing).backward()
        optimizer.step()
        optimizer.zero_grad()
    return model
