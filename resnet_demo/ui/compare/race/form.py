"""The form of a race: which variants, how long, by which recipe, and the runs that it makes.

Whatever it has no field for is as in the form of the tab Train. It must not depend on Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ....engine.config import LENGTHS, TrainConfig, Unit
from ....fields import Bound
from ....library.launching import check_data, fitted
from ....library.visitors import Visitor
from ....runs.queue.standing import SubmittedRace
from ....services import Services
from ...shared.model_choice import SHORTCUTS, blocks, depths
from ...shared.training_form import Form, bound_of, for_config, wrong_values
from ...text import Text

DEEPEST = 110
DEPTHS = tuple(depth for depth in depths("cifar") if depth <= DEEPEST and "basic" in blocks("cifar", depth))
NUMBERS = ("length", "batch_size", "lr", "seed")  # typed fields, each with its own sentence if it is wrong


@dataclass(frozen=True)
class RaceForm:
    """The fields in their order. variants: of SHORTCUTS; the others as in `Form`."""

    variants: Sequence[str]
    data: str
    depth: int
    length: float | None
    unit: Unit
    batch_size: float | None
    lr: float | None
    seed: float | None

    def settled(self) -> RaceForm:
        """The nearest form whose choices exist, the variants in their order, each once."""
        chosen = self.variants if isinstance(self.variants, list | tuple) else ()
        return replace(
            self,
            variants=tuple(one for one in SHORTCUTS if one in chosen),
            depth=self.depth if self.depth in DEPTHS else DEPTHS[0],
            unit=self.unit if self.unit in LENGTHS else "epochs",
        )

    def training_form(self, first: Form, shortcut: str) -> Form:
        """The form of the tab Train for one of the variants; fields that a race has not are as in `first`."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "variants"}
        return replace(first, family="cifar", block="basic", shortcut=shortcut, initial="", freeze=False, **own)

    def bound(self, name: str) -> Bound:
        """The allowed values of a field of `NUMBERS`."""
        return bound_of(name, self.unit)

    def problems(self, text: Text) -> dict[str, str]:
        """A sentence for each field with a value that is not allowed."""
        wrong = wrong_values(self, NUMBERS, text)
        return wrong if len(self.variants) > 1 else wrong | {"variants": text("race.few")}

    def configs(self, first: Form) -> list[TrainConfig]:
        """The configurations of a form without problems, not yet fitted to their data."""
        return [self.training_form(first, shortcut).config() for shortcut in self.variants]


NAMES = tuple(field.name for field in fields(RaceForm))


def beginning() -> RaceForm:
    """The race to begin with: a short one at the end of which the residual model is ahead.

    Chosen by `tests/benchmarks/race.py`. Its length is in steps, as a busy machine leaves a race of so many seconds so
    few steps that neither model learns anything.
    """
    return RaceForm(
        variants=("A", "none"), data="shapes", depth=20, length=150, unit="steps", batch_size=32, lr=0.05, seed=0
    )


def form_of(configs: Sequence[TrainConfig]) -> RaceForm:
    """The form that makes a race's configurations again."""
    form = for_config(configs[0])
    values: dict[str, Any] = {name: getattr(form, name) for name in NAMES if name != "variants"}
    return RaceForm([config.model.shortcut for config in configs], **values).settled()


def launch(services: Services, form: RaceForm, first: Form, who: Visitor) -> SubmittedRace:
    """Queue the race of a form without problems; one of `ui.errors.REFUSALS` if it cannot be queued."""
    configs = form.configs(first)
    check_data(services, configs[0].data)
    services.manager.room.check(who.address, len(configs))
    configs = [fitted(services, config, who) for config in configs]
    return services.manager.submit_race(configs, address=who.address)
