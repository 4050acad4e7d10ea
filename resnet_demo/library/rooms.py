"""What runs do in rooms: training on the accepted images, runs that phones begin, how these stand, answers to phones.

All of it is deleted when its room closes. Must not depend on Gradio or on words.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ..data.own import OWN
from ..engine.config import preset
from ..engine.events import EpochDone
from ..errors import Refusal
from ..inference.classify import Prediction, classify
from ..models import ModelSpec
from ..rooms.images import checked
from ..rooms.room import Room
from ..rooms.state import Begun, Phone, Picture
from ..runs.folder import RunError, RunFolder
from ..runs.index import UnknownRun
from ..runs.ownership import write_meta
from ..runs.queue.manager import Submitted
from ..services import Services
from .launching import queue, submit
from .runs import usable_run
from .teaching import config_for, find_backbone, threshold_of
from .visitors import Visitor

FEWEST = 4  # accepted images of each class, so that some are left to validate on
PHONE_SECONDS = 15.0  # of a run that a phone begins: thirty of them are over in eight minutes, one after the other
NETWORKS = ("resnet8", "resnet14", "resnet20", "plain20")  # that a phone may train
TRY_AGAIN = 1.0  # seconds until it is looked whether a run has stopped, which is to be deleted


@dataclass(frozen=True)
class Standing:
    """How a run of somebody in a room stands. state, position: as in `Status`. accuracy: on the validation images after
    the last epoch, None before the first."""

    begun: Begun
    name: str
    state: str
    position: int
    accuracy: float | None


@dataclass(frozen=True)
class Answer:
    """What the model of a room says, and whether it is confident enough for that to count."""

    prediction: Prediction
    sure: bool


def train(services: Services, room: Room, who: Visitor) -> Submitted:
    """Queue a run on the accepted images of a room: as in the tab Teach, the last layer of the best model here. Refusal
    where the images are too few."""
    counts = room.state.counts()
    if sum(count >= FEWEST for count in counts.values()) < 2 or any(0 < n < FEWEST for n in counts.values()):
        raise Refusal("room.few", least=FEWEST)
    begins, address = find_backbone(services), "" if who.local else who.address
    with TemporaryDirectory() as folder:
        paths = written(room.state.accepted(), Path(folder))
        images = services.own.lend(paths, room_name(room), begins.preprocess.size, address)
    room.on_close(images.end)
    made = submit(services, config_for(begins, OWN + images.key), who, begins)
    _belongs(services, room, made)
    room.trained(made.run.id)
    return made


def written(pictures: tuple[Picture, ...], folder: Path) -> dict[str, Path]:
    """Write images into a folder; their paths by "class/file"."""
    paths = {}
    for number, picture in enumerate(pictures):
        path = folder / f"{number}.jpg"
        path.write_bytes(picture.content)
        paths[f"{picture.label}/{path.name}"] = path
    return paths


def room_name(room: Room) -> str:
    """What the images of a room are called: by its classes."""
    return ", ".join(room.state.classes)


def begin(services: Services, room: Room, phone: Phone, network: str, who: Visitor) -> str:
    """Queue the short run on shapes that a phone begins, named after its person; the run's id."""
    if network not in NETWORKS:
        raise Refusal("wrong.choice", field="network", allowed=", ".join(NETWORKS), given=network[:30])

    def start() -> str:
        config = preset("demo", ModelSpec.from_name(network), "shapes", length=PHONE_SECONDS)
        made = queue(services, config, who, None, name=phone.name)
        _belongs(services, room, made)
        return made.run.id

    return room.begin(phone, network, start)


def standings(services: Services, room: Room) -> tuple[Standing, ...]:
    """How the runs stand that phones have begun, in the order in which they were begun."""
    state = room.state
    found = ((begun, usable_run(services, begun.run)) for begun in state.runs)
    return tuple(standing(services, begun, run, state.name_of(begun.phone)) for begun, run in found if run)


def standing(services: Services, begun: Begun, run: RunFolder, name: str) -> Standing:
    """How one of them stands."""
    status = services.manager.status(run.id)
    return Standing(begun, name, status.state, status.position, accuracy(run))


def accuracy(run: RunFolder) -> float | None:
    """Validation accuracy after the last epoch, None before the first."""
    try:
        epochs = [event for event in run.events() if isinstance(event, EpochDone)]
    except RunError:
        return None
    return epochs[-1].validation_accuracy if epochs else None


def answer(services: Services, room: Room, content: bytes) -> Answer:
    """What the model of the room says about an image of a phone; Refusal where there is none yet."""
    run = usable_run(services, room.state.run)
    if run is None or not run.has_weights():
        raise Refusal("room.no_model")
    image = checked(content)
    said = classify(image, services.catalogue.get(run.id), services.store, top_k=len(room.state.classes))
    threshold = threshold_of(run)
    return Answer(said, threshold is None or said.confidence >= threshold.value)


def _belongs(services: Services, room: Room, made: Submitted) -> None:
    """Delete a run when its room closes; after a crash of the server when the room would have closed."""
    write_meta(made.run, seconds=room.limits.seconds)
    room.on_close(partial(forget, services, made.run.id, made.token))


def forget(services: Services, run_id: str, token: str) -> None:
    """Stop a run and delete it for good; one that trains is deleted as soon as it has stopped."""
    with suppress(Refusal):  # it is over already
        services.manager.stop(run_id, token)
    try:
        run = services.runs.find(run_id)
    except UnknownRun:  # its owner has deleted it
        return
    if not services.manager.room.remove(run) and not services.manager.queue.closed:
        timer = threading.Timer(TRY_AGAIN, forget, (services, run_id, token))
        timer.daemon = True
        timer.start()
