"""A network, its optimizer and its data on one device: single steps, validation, and the state between them.

It knows where in an epoch it is and what it has predicted there. It knows no clock, no length of a run and no events:
those belong to `train`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

from ..data.augment import EpochPlan, augment, normalise, plan_epoch
from ..data.dataset import Dataset
from ..models import build_model
from .compilation import Compiled, compile_network, training_step
from .config import TrainConfig
from .device import keep_freed_memory, pick_precision
from .distributed import World
from .evaluate import AUTOCAST, predict_logits
from .events import EpochDone
from .initial import fit_initial
from .limits import check_limits, shared_batch
from .schedule import learning_rate

State = dict[str, Any]
COUNTERS = ("step", "epoch_loss", "epoch_correct", "epoch_images")


class Learner:
    """What changes while a network learns. `step` is the number of steps done.

    initial: values to begin from instead of those of the seed (`fit_initial`).
    Raises ValueError before anything is built if the configuration does not fit the data or the machine.
    """

    def __init__(
        self,
        config: TrainConfig,
        dataset: Dataset,
        device: torch.device,
        world: World,
        initial: Mapping[str, torch.Tensor] | None = None,
    ):
        if config.fingerprint != dataset.fingerprint:
            raise ValueError(
                f"the run was configured for other data than these: fingerprint {config.fingerprint[:12] or 'none'} "
                f"in the configuration, {dataset.fingerprint[:12]} in the data set '{dataset.name}'"
            )
        train_rows, validation_rows = dataset.split_rows(config.split_seed)
        check_limits(config, dataset, device, world.size)
        self.batch = shared_batch(config, len(train_rows), world.size)
        if config.threads:
            torch.set_num_threads(config.threads)
        if device.type == "cpu":
            keep_freed_memory()
        self.config, self.device, self.world = config, device, world
        self.precision = pick_precision(config.precision, device)
        self.steps_per_epoch = len(train_rows) // self.batch
        initial = fit_initial(initial, config.model) if initial else {}

        self.images = torch.from_numpy(np.array(dataset.train.images)).to(device)  # a copy: memory-mapped on disk
        self.labels = torch.tensor(dataset.train.labels, device=device)
        self.train_rows = torch.from_numpy(train_rows).to(device)
        self.validation_rows = torch.from_numpy(validation_rows).to(device)
        self.mean, self.std = (torch.tensor(v, device=device) for v in (config.mean, config.std))

        model = build_model(config.model, seed=config.seed)
        model.load_state_dict(initial, strict=False)  # what does not come from there keeps the values of the seed
        self.model = model.to(device, memory_format=torch.channels_last)
        if config.freeze:
            self.model.requires_grad_(False).fc.requires_grad_(True)
        self.trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.SGD(
            self.trained,
            lr=config.lr,
            momentum=config.momentum,
            nesterov=config.nesterov,
            weight_decay=config.weight_decay,
            foreach=True,
        )
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.precision == "fp16")
        self.network: torch.nn.Module = self.model
        if not config.compile:  # else it is made ready in `warm_up`
            self.network = self._shared(self.model)

        self.step = 0
        self.lr = 0.0
        self.plan: tuple[int, EpochPlan] | None = None
        self.predicted = torch.zeros(len(train_rows), dtype=torch.int32, device=device)
        self.seen = torch.zeros(len(train_rows), dtype=torch.bool, device=device)
        self.start_epoch()

    @property
    def position(self) -> int:
        """Steps done in the present epoch; 0 right after one has ended."""
        return self.step % self.steps_per_epoch

    def start_epoch(self) -> None:
        """Forget what the last epoch summed up and predicted."""
        self.epoch_loss = self.epoch_correct = 0.0  # sums over the pictures of the present epoch
        self.epoch_images = 0
        self.predicted.zero_()
        self.seen.zero_()

    def steps(self, progress: list[float]) -> tuple[float, float, float]:
        """Do one step for each entry of `progress` (which sets its learning rate), all within the present epoch.

        Returns the mean loss, the share of right answers, and the L2 norm of the last step's gradient, over all
        processes. Waits for the device once, at the end.
        """
        config, world = self.config, self.world
        share = self.batch // world.size
        plan = self._plan(self.step // self.steps_per_epoch)
        totals = torch.zeros(3, device=self.device)
        self.network.train(not config.freeze)  # what is frozen keeps the statistics of its batch normalisation too
        for number, reached in enumerate(progress, 1):
            self.lr = learning_rate(reached, schedule=config.schedule, peak=config.lr, warmup=config.warmup)
            for group in self.optimizer.param_groups:
                group["lr"] = self.lr
            start = self.position * self.batch + world.rank * share
            part = plan[start : start + share]
            rows = self.train_rows[part.order]
            labels = self.labels[rows]
            pictures = augment(normalise(self.images[rows], self.mean, self.std), part, config.augmentation)
            with torch.autocast(self.device.type, AUTOCAST.get(self.precision), enabled=self.precision in AUTOCAST):
                logits = self.network(pictures.permute(0, 3, 1, 2))
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=config.label_smoothing)
            self.scaler.scale(loss).backward()
            if number == len(progress):
                totals[2] = self._gradient_norm() / world.size  # gradients are equal in all processes
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad(set_to_none=True)
            with torch.no_grad():
                answers = logits.argmax(1)
                totals[0] += loss * share
                totals[1] += (answers == labels).sum()
                self.predicted[part.order] = answers.int()
                self.seen[part.order] = True
            self.step += 1
        loss_sum, correct, norm = world.sum(totals).tolist()  # the one synchronisation of a report
        images = len(progress) * self.batch
        self.epoch_loss, self.epoch_correct = self.epoch_loss + loss_sum, self.epoch_correct + correct
        self.epoch_images += images
        return loss_sum / images, correct / images, norm

    def epoch_done(self, seconds: float) -> EpochDone:
        """Validate, and gather what every process predicted in this pass."""
        predicted, seen = self._gathered()
        logits = predict_logits(self.model, self.images, self.validation_rows, self.mean, self.std, self.precision)
        labels = self.labels[self.validation_rows]
        answers = logits.argmax(1)
        return EpochDone(
            step=self.step,
            epoch=self.step / self.steps_per_epoch,
            seconds=seconds,
            train_loss=self.epoch_loss / self.epoch_images,
            train_accuracy=self.epoch_correct / self.epoch_images,
            validation_loss=F.cross_entropy(logits, labels).item(),
            validation_accuracy=(answers == labels).float().mean().item(),
            train_predictions=predicted.cpu().numpy(),
            train_seen=seen.cpu().numpy(),
            validation_predictions=answers.cpu().numpy(),
        )

    def weights_are_finite(self) -> bool:
        """Whether every parameter and running statistic is a finite number, in all processes."""
        values = [value for value in self.model.state_dict().values() if value.is_floating_point()]
        broken = ~torch.isfinite(torch.stack(torch._foreach_norm(values)))
        return not self.world.sum(broken.sum()).item()

    def warm_up(self) -> Compiled:
        """Compile what would be compiled at the first step, on a batch of zeros that leaves no trace."""
        kept = {name: value.clone() for name, value in self.model.named_buffers()}
        share = replace(self.config, batch_size=self.batch // self.world.size)
        self.model.train(not self.config.freeze)
        found = compile_network(self.model, training_step(share, self.device), self.device)
        self.optimizer.zero_grad(set_to_none=True)
        for name, value in kept.items():
            self.model.get_buffer(name).copy_(value)
        self.network = self._shared(found.network)
        return found

    def state(self) -> State:
        """All that going on needs; order and augmentation are functions of seed and epoch and need nothing.

        Every process has to ask for it: what each of them predicted is gathered.
        """
        predicted, seen = self._gathered()
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "predicted": predicted,
            "seen": seen,
            **{name: getattr(self, name) for name in COUNTERS},
        }

    def restore(self, state: State) -> None:
        """Go on from a `state`; ValueError if it is that of another configuration."""
        try:
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            if state["scaler"] and self.scaler.is_enabled():  # empty where the precision had no need of one
                self.scaler.load_state_dict(state["scaler"])
            if self.world.is_main:  # the other processes' share is in it already
                self.predicted.copy_(state["predicted"])
                self.seen.copy_(state["seen"])
            for name in COUNTERS:
                setattr(self, name, state[name])
        except (KeyError, RuntimeError, ValueError) as error:
            raise ValueError(f"the checkpoint does not belong to this configuration: {error}") from error

    def _gathered(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Predicted classes and which rows were seen in this epoch, by all processes: each row was seen by one."""
        return self.world.sum(self.predicted * self.seen), self.world.sum(self.seen.int()).bool()

    def _gradient_norm(self) -> torch.Tensor:
        self.scaler.unscale_(self.optimizer)
        return torch.linalg.vector_norm(torch.stack(torch._foreach_norm([p.grad for p in self.trained])))

    def _plan(self, epoch: int) -> EpochPlan:
        if self.plan is None or self.plan[0] != epoch:
            size = self.images.shape[1]
            plan = plan_epoch(len(self.train_rows), size, self.config.augmentation, self.config.seed, epoch)
            self.plan = epoch, plan.to(self.device)
        return self.plan[1]

    def _shared(self, network: torch.nn.Module) -> torch.nn.Module:
        """The network as several processes train it together."""
        if self.world.size == 1:
            return network
        ids = [self.device.index or torch.cuda.current_device()] if self.device.type == "cuda" else None
        return DistributedDataParallel(network, device_ids=ids)
