"""Who races and how long: the fields of a race's form, and the runs they make. No component.

Everything that it does not ask for is as in the form of the tab Train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ...engine.config import UNITS, TrainConfig
from ...library.launching import check_data, fitted
from ...library.visitors import Visitor
from ...runs.standing import SubmittedRace
from ...services import Services
from ..shared.model_choice import SHORTCUTS, blocks, depths
from ..shared.training_form import Form, for_config
from ..text import Text

DEEPEST = 110
DEPTHS = tuple(depth for depth in depths("cifar") if depth <= DEEPEST and "basic" in blocks("cifar", depth))
NUMBERS = ("length", "batch_size", "lr", "seed")  # fields that are typed, each with its own sentence if it is wrong


@dataclass(frozen=True)
class Entry:
    """The controls in their order. variants: of SHORTCUTS; the others as in `Form`."""

    variants: Sequence[str]
    data: str
    depth: int
    length: float | None
    unit: str
    batch_size: float | None
    lr: float | None
    seed: float | None

    def settled(self) -> Entry:
        """The nearest entry whose choices exist, the variants in their order, each once."""
        chosen = self.variants if isinstance(self.variants, list | tuple) else ()
        return replace(
            self,
            variants=tuple(one for one in SHORTCUTS if one in chosen),
            depth=self.depth if self.depth in DEPTHS else DEPTHS[0],
            unit=self.unit if self.unit in UNITS else UNITS[0],
        )

    def form(self, first: Form, shortcut: str = SHORTCUTS[0]) -> Form:
        """The form of the tab Train that asks for one of the networks; what is not asked here is as in `first`."""
        asked = {part.name: getattr(self, part.name) for part in fields(self) if part.name != "variants"}
        return replace(first, family="cifar", block="basic", shortcut=shortcut, initial="", freeze=False, **asked)

    def problems(self, first: Form, text: Text) -> dict[str, str]:
        """A sentence for each field with a value that is not allowed."""
        wrong = {name: said for name, said in self.form(first).problems(text).items() if name in NUMBERS}
        return wrong if len(self.variants) > 1 else wrong | {"variants": text("race.few")}

    def configs(self, first: Form) -> list[TrainConfig]:
        """The configurations of an entry without problems, not yet fitted to their data."""
        return [self.form(first, shortcut).config() for shortcut in self.variants]


NAMES = tuple(part.name for part in fields(Entry))


def entry_of(configs: Sequence[TrainConfig]) -> Entry:
    """The entry that asks for a race's configurations again."""
    form = for_config(configs[0])
    asked: dict[str, Any] = {name: getattr(form, name) for name in NAMES if name != "variants"}
    return Entry([config.model.shortcut for config in configs], **asked).settled()


def launch(services: Services, entry: Entry, first: Form, who: Visitor) -> SubmittedRace:
    """Queue the race that an entry without problems describes; one of `ui.errors.REFUSALS` if it cannot be."""
    configs = entry.configs(first)
    check_data(services, configs[0].data)
    services.manager.room.check(who.address, len(configs))
    configs = [fitted(services, config, who) for config in configs]
    return services.manager.submit_race(configs, address=who.address)
