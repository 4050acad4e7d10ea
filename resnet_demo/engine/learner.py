"""A network and its optimizer on one device: single steps, validation, and the state between them.

Keeps its place in the epoch and what it has predicted there. The images are those of its `Batches`, which other
learners may share. Must not depend on clocks, lengths of runs or events, which belong to `train`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

from ..data.dataset import Dataset
from ..models import build_model
from .batches import Batches
from .compilation import Compiled, compile_network, training_step
from .config import TrainConfig
from .device import keep_freed_memory, pick_precision
from .distributed import World
from .evaluate import autocast, predict_logits
from .events import EpochDone
from .frozen import FrozenFeatures
from .initial import fit_initial
from .limits import check_limits
from .schedule import learning_rate
from .sgd import SGD

State = dict[str, Any]
Initial = Mapping[str, torch.Tensor]
FACTOR = 6_364_136_223_846_793_005  # Knuth's, of a linear congruential generator of 64 bits: order counts
COUNTERS = ("step", "epoch_loss", "epoch_correct", "epoch_images")


class Learner:
    """What changes while a network learns. `step` is the number of steps done.

    initial: values to begin from instead of those of the seed (`fit_initial`); ValueError if they do not fit.
    """

    def __init__(
        self,
        config: TrainConfig,
        batches: Batches,
        world: World,
        initial: Initial | None = None,
    ):
        device = batches.device
        self.config, self.batches, self.device, self.world = config, batches, device, world
        self.batch, self.steps_per_epoch = batches.size, batches.steps_per_epoch
        self.precision = pick_precision(config.precision, device)
        initial = fit_initial(initial, config.model) if initial else {}

        model = build_model(config.model, seed=config.seed)
        model.load_state_dict(initial, strict=False)  # what does not come from there keeps the values of the seed
        self.model = model.to(device).to(memory_format=torch.channels_last)
        self.frozen: FrozenFeatures | None = None
        if config.freeze:
            self.model.requires_grad_(False).eval().fc.requires_grad_(True)
            self.frozen = FrozenFeatures(self.model, batches, self.precision)
        self.trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = SGD(
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
            self.network = self._shared(self.model.fc if config.freeze else self.model)

        self.step = 0
        self.lr = 0.0
        rows = len(batches.train_rows)
        self.predicted = torch.zeros(rows, dtype=torch.int32, device=device)
        self.seen = torch.zeros(rows, dtype=torch.bool, device=device)
        self.fed = torch.zeros((), dtype=torch.int64, device=device) if config.race else None  # checksum of the epoch
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
        if self.fed is not None:
            self.fed.zero_()

    def begin_report(self) -> None:
        """Begin to sum up the steps of a report, all within the present epoch; they end with `report`."""
        # loss, right answers and norm, on the device; the loop fetches them once for all learners
        self.totals = torch.zeros(3, device=self.device)
        self.network.train()

    def do_step(self, progress: float, last: bool) -> None:
        """Do the next step. progress: sets its learning rate. last: whether it is the last one of this report, whose
        gradient is measured. Does not wait for the device."""
        config = self.config
        self.lr = learning_rate(progress, schedule=config.schedule, peak=config.lr, warmup=config.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = self.lr
        order, labels, inputs = self._inputs()
        with autocast(self.device, self.precision):
            logits = self.network(inputs)
        loss = F.cross_entropy(logits.float(), labels, label_smoothing=config.label_smoothing)
        self.scaler.scale(loss).backward()
        if last:
            self.totals[2] = self._gradient_norm() / self.world.size  # gradients are equal in all processes
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            answers = logits.argmax(1)
            self.totals[0] += loss * len(labels)
            self.totals[1] += (answers == labels).sum()
            self.predicted[order] = answers.int()
            self.seen[order] = True
            if self.fed is not None:
                self.fed.mul_(FACTOR).add_(self.batches.at(self.step).checksum())
        self.step += 1

    def _inputs(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of the next step: positions among the training rows, labels, and what the network is given."""
        if self.frozen is None:
            batch = self.batches.at(self.step)
            return batch.order, batch.labels, batch.pictures.permute(0, 3, 1, 2)
        order = self.batches.order_at(self.step)
        return order, self.batches.labels[self.batches.train_rows[order]], self.frozen.at(order)

    def report(self, totals: Sequence[float], steps: int) -> tuple[float, float, float]:
        """Mean loss, share of right answers, and L2 norm of the last step's gradient, over all processes.

        totals: `totals` as the host has fetched them, summed over all processes. steps: since `begin_report`.
        """
        loss_sum, correct, norm = totals
        images = steps * self.batch
        self.epoch_loss, self.epoch_correct = self.epoch_loss + loss_sum, self.epoch_correct + correct
        self.epoch_images += images
        return loss_sum / images, correct / images, norm

    def epoch_done(self, seconds: float) -> EpochDone:
        """Validate, and gather what every process predicted in this pass."""
        predicted, seen = self._gathered()
        data = self.batches
        if self.frozen is None:
            logits = predict_logits(self.model, data.images, data.validation_rows, data.mean, data.std, self.precision)
        else:
            logits = self.frozen.validation_logits()
        labels = data.labels[data.validation_rows]
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
            batches=None if self.fed is None else f"{self._summed(self.fed).item() % 2**64:016x}",
        )

    def digests(self) -> dict[str, str]:
        """The beginning of the SHA-256 of each parameter's bytes, by its name."""
        values = {name: value.detach().cpu().contiguous() for name, value in self.model.named_parameters()}
        return {name: hashlib.sha256(value.numpy().tobytes()).hexdigest()[:16] for name, value in values.items()}

    def weights_are_finite(self) -> bool:
        """Whether every parameter and running statistic is a finite number, in all processes."""
        values = [value for value in self.model.state_dict().values() if value.is_floating_point()]
        broken = ~torch.isfinite(torch.stack(torch._foreach_norm(values)))
        return not self.world.sum(broken.sum()).item()

    def warm_up(self) -> Compiled:
        """Compile what would be compiled at the first step, on a batch of zeros that leaves no trace."""
        kept = {name: value.clone() for name, value in self.model.named_buffers()}
        share = replace(self.config, batch_size=self.batch // self.world.size)
        self.model.train()
        compiled = compile_network(self.model, training_step(share, self.device), self.device)
        self.optimizer.zero_grad(set_to_none=True)
        for name, value in kept.items():
            self.model.get_buffer(name).copy_(value)
        self.network = self._shared(compiled.network)
        return compiled

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
            **({} if self.fed is None else {"fed": self._summed(self.fed)}),
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
                if self.fed is not None:
                    self.fed.copy_(state["fed"])
            for name in COUNTERS:
                setattr(self, name, state[name])
        except (KeyError, RuntimeError, ValueError) as error:
            raise ValueError(f"the checkpoint does not belong to this configuration: {error}") from error

    def _gathered(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Predicted classes and which rows were seen in this epoch, by all processes: each row was seen by one."""
        return self.world.sum(self.predicted * self.seen), self.world.sum(self.seen.int()).bool()

    def _summed(self, fed: torch.Tensor) -> torch.Tensor:
        """The checksum over all processes: it is a sum, weighted by steps."""
        return self.world.sum(fed.clone())

    def _gradient_norm(self) -> torch.Tensor:
        self.scaler.unscale_(self.optimizer)
        gradients = [parameter.grad for parameter in self.trained if parameter.grad is not None]
        return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))

    def _shared(self, network: torch.nn.Module) -> torch.nn.Module:
        """The network as several processes train it together."""
        if self.world.size == 1:
            return network
        ids = [self.device.index or torch.cuda.current_device()] if self.device.type == "cuda" else None
        return DistributedDataParallel(network, device_ids=ids)


def make_learners(
    configs: Sequence[TrainConfig],
    dataset: Dataset,
    device: torch.device,
    world: World,
    initial: Sequence[Initial | None],
) -> list[Learner]:
    """A learner for each configuration, all on the same pictures; ValueError before anything is built."""
    for config in configs:
        if config.fingerprint != dataset.fingerprint:
            raise ValueError(
                f"the run was configured for other data than these: fingerprint {config.fingerprint[:12] or 'none'} "
                f"in the configuration, {dataset.fingerprint[:12]} in the data set '{dataset.name}'"
            )
        check_limits(config, dataset, device, world.size)
    if configs[0].threads:
        torch.set_num_threads(configs[0].threads)
    if device.type == "cpu":
        keep_freed_memory()
    batches = Batches(configs[0], dataset, device, world)
    return [Learner(config, batches, world, begin) for config, begin in zip(configs, initial, strict=True)]
