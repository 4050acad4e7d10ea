"""Carrying a run out: the training loop on one side, the run's folder on the other, the evaluation at the
end.

Used by the command line and by every worker. An event is yielded after it has been written. Must not depend on pages or
queues.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from ..data.dataset import Dataset
from ..engine.config import TrainConfig
from ..engine.distributed import World
from ..engine.evaluate import Predictions, evaluation_rows, predict_split
from ..engine.events import CheckpointSaved, EpochDone, Event, RunFinished, RunStarted, StepMetrics
from ..engine.initial import fit_initial
from ..engine.reasons import because
from ..engine.train import is_out_of_memory, race
from .files import INITIAL, LOCK, RESUME, STOP
from .folder import RunError, RunFolder
from .lock import is_locked
from .records import REASON, damaged, open_file, read
from .writer import RunWriter, load_checkpoint_state, open_writer, replace_file

LONGEST_REASON = 1_000  # characters


def execute(
    folder: RunFolder,
    dataset: Dataset,
    device: torch.device,
    *,
    resume: bool = False,
    evaluate: bool = True,
    world: World | None = None,
) -> Iterator[Event]:
    """Train the run in `folder` on `dataset`, from the start or from its checkpoint, and write all of it.

    A file `stop` in the folder asks the run to stop, also one that is there already (see `forget_stop`); what it says
    is the reason, and it is gone once the run has ended. Where the folder keeps initial values the run begins from
    them.
    evaluate: predict on the evaluation sets once it has finished. world: of several processes only the main one
    writes. Raises ValueError for data or a machine that do not fit, RunError for a file that cannot be used.
    """
    for _, event in execute_race([folder], dataset, device, resume=resume, evaluate=evaluate, world=world):
        yield event


def execute_race(
    folders: Sequence[RunFolder],
    dataset: Dataset,
    device: torch.device,
    *,
    resume: bool = False,
    evaluate: bool = True,
    world: World | None = None,
) -> Iterator[tuple[RunFolder, Event]]:
    """`execute` for the members of a race: each event with the run whose log it is in. `stop` in one folder is for
    all."""
    world = world or World()
    stops = [folder.path / STOP for folder in folders]
    with ExitStack() as opened:
        writers = [opened.enter_context(open_writer(folder)) for folder in folders if world.is_main]
        states = [load_checkpoint_state(folder) if resume and not begins_anew(folder) else None for folder in folders]
        events = race(
            [folder.config for folder in folders],
            dataset,
            device=device,
            resume=states,
            initial=[None if state else load_initial(folder) for folder, state in zip(folders, states, strict=True)],
            save=lambda number, state: writers[number].save(state),
            should_stop=lambda: any(stop.exists() for stop in stops),
            world=world,
        )
        for number, event in events:
            if writers:
                if isinstance(event, RunFinished) and event.status == "finished" and evaluate:
                    event = _evaluated(event, writers[number], dataset, device)
                if isinstance(event, RunFinished) and event.status == "stopped":
                    event = replace(event, **_asked(stops))
                writers[number].append(event)
            yield folders[number], event
        for stop in stops if writers else ():
            _withdraw(stop)


def forget_stop(folders: Sequence[RunFolder]) -> None:
    """Remove a request to stop before these runs are begun or resumed: it was made to an earlier process, which died
    before it could answer. One that is made to a process at work stays."""
    for folder in folders:
        if not is_locked(folder.path / LOCK):
            _withdraw(folder.path / STOP)


def _asked(stops: Sequence[Path]) -> dict[str, Any]:
    """The reason that whoever wrote one of the files `stop` gave, as `because` puts it or in their own words; {}
    without one."""
    for stop in stops:
        try:
            if why := read(stop, _reason):
                return why
        except (FileNotFoundError, RunError):
            continue
    return {}


def _withdraw(stop: Path) -> None:
    try:
        stop.unlink(missing_ok=True)
    except OSError as error:  # a folder, which would stop the run for ever
        raise damaged(f"{stop.parent.name}/{STOP}", error) from error


def _reason(content: bytes) -> dict[str, Any]:
    try:
        why = REASON.validate_json(content)
        return because(why["code"], **why["values"])
    except (ValueError, TypeError, LookupError):  # somebody's own words, if it is text
        return {"reason": content.decode()[:LONGEST_REASON], "code": "", "values": {}} if content else {}


def _evaluated(event: RunFinished, writer: RunWriter, dataset: Dataset, device: torch.device) -> RunFinished:
    """Write the predictions of the finished run and return its last event: a failed one if memory did not suffice."""
    try:
        writer.write_predictions(evaluate_run(writer.folder, dataset, device), dataset)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return replace(event, status="failed", **because("ended.memory_evaluating"))
    return event


def has_started(folder: RunFolder) -> bool:
    """Whether the log says so; a run that was killed before its first line begins at the beginning."""
    return any(isinstance(event, RunStarted) for event in folder.raw_events())


def begins_anew(folder: RunFolder) -> bool:
    """Whether resuming the run means to begin it: it never began, or was ended before it had trained anything."""
    trained = (CheckpointSaved, StepMetrics, EpochDone)
    return not has_started(folder) or not (
        (folder.path / RESUME).is_file()
        or folder.has_weights()
        or any(isinstance(event, trained) for event in folder.raw_events())
    )


def can_resume(folder: RunFolder) -> bool:
    """Whether the run can go on from its checkpoint, or begin anew with nothing lost; not where its log is damaged."""
    try:
        return (folder.path / RESUME).is_file() or begins_anew(folder)
    except RunError:
        return False


def save_initial(folder: RunFolder, state: Mapping[str, Tensor]) -> None:
    """Keep values that the run is to begin from; ValueError if they do not fit its network (`fit_initial`)."""
    values = {name: value.contiguous().cpu() for name, value in fit_initial(state, folder.config.model).items()}
    replace_file(folder.path / INITIAL, lambda file: file.write(safetensors_bytes(values)))


def load_initial(folder: RunFolder) -> dict[str, Tensor] | None:
    """The values that the run begins from, None for those of its seed; RunError for a file that cannot be used."""
    path = folder.path / INITIAL
    if not folder.config.initial and not path.exists():
        return None
    try:
        with open_file(path):
            values = load_file(path)
        fit_initial(values, folder.config.model)
        return values
    except Exception as error:  # safetensors raises various classes for a damaged file
        file = f"{folder.id}/{INITIAL}"
        detail = textwrap.shorten(getattr(error, "strerror", None) or str(error), 300, placeholder=" …")
        raise RunError("damaged_weights", file=file, detail=detail) from error


def evaluate_run(folder: RunFolder, dataset: Dataset, device: torch.device) -> dict[str, Predictions]:
    """Predictions of the run's stored weights, in fp32, on each of its evaluation sets."""
    return evaluate_model(folder.load_model(), folder.config, dataset, device)


def evaluate_model(
    model: torch.nn.Module, config: TrainConfig, dataset: Dataset, device: torch.device
) -> dict[str, Predictions]:
    """Predictions of `model`, with the preprocessing and the split of `config`, on each evaluation set."""
    return {
        name: predict_split(model, split, rows, config.mean, config.std, device)
        for name, (split, rows) in evaluation_rows(dataset, config.split_seed).items()
    }
