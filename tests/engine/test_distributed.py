"""Two gloo processes train what one process trains that accumulates the two half-batches."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from tiny import tiny_config, tiny_dataset

from resnet_demo.data.augment import augment, normalise, plan_epoch
from resnet_demo.engine import train
from resnet_demo.engine.distributed import World, join, leave
from resnet_demo.engine.events import EpochDone, Event
from resnet_demo.engine.schedule import learning_rate
from resnet_demo.models import build_model
from resnet_demo.runs.queue.executor import ProcessExecutor

STEPS = 4
pytestmark = pytest.mark.timeout(900)  # each process imports torch anew


def learn(rank: int, port: int, result: Path) -> None:
    """What each process does: a run, and again one that is interrupted in the middle of the epoch and goes on."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": 2, "RANK": rank, "LOCAL_RANK": rank}
    os.environ.update({name: str(value) for name, value in place.items()})  # as torchrun has it
    train.REPORT_SECONDS = 0
    dataset, world, model = tiny_dataset(), join("cpu"), {}

    def trained(save, **options) -> list[Event]:
        config = tiny_config(dataset, length=STEPS)
        return [*train.train(config, dataset, device=torch.device("cpu"), world=world, save=save, **options)]

    events = trained(lambda state: model.update({name: value.clone() for name, value in state["model"].items()}))
    reports, kept = iter([False, True]), result.with_suffix(".state")
    trained(lambda state: torch.save(state, kept), should_stop=lambda: next(reports, True))
    torch.distributed.barrier()
    state = torch.load(kept, weights_only=True)  # both go on from what the main one saved
    rest = trained(lambda state: None, resume=state)
    if world.is_main:
        assert state["step"] == 2, state["step"]
        done, resumed = ([event for event in one if isinstance(event, EpochDone)][-1] for one in (events, rest))
        found = {"model": model, "status": events[-1].status} | {
            name: (one.train_predictions.tolist(), int(one.train_seen.sum()), one.train_accuracy)
            for name, one in (("done", done), ("resumed", resumed))
        }
        torch.save(found, result)
    leave()


def by_accumulation(dataset, config):
    """The same steps in one process: gradients of both halves are averaged, statistics are those of the first."""
    model = build_model(config.model, seed=config.seed).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.SGD(
        model.parameters(),
        config.lr,
        config.momentum,
        nesterov=config.nesterov,
        weight_decay=config.weight_decay,
    )
    rows = torch.from_numpy(dataset.split_rows(0)[0])
    images, labels = torch.from_numpy(dataset.train.images), torch.from_numpy(dataset.train.labels)
    plan = plan_epoch(len(rows), 16, config.augmentation, config.seed, 0)
    mean, std = torch.tensor(config.mean), torch.tensor(config.std)
    buffers = [name for name, _ in model.named_buffers()]
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step / STEPS, schedule=config.schedule, peak=config.lr, warmup=config.warmup)
        for half in range(2):
            start = step * config.batch_size + half * config.batch_size // 2
            part = plan[start : start + config.batch_size // 2]
            which = rows[part.order]
            x = augment(normalise(images[which], mean, std), part, config.augmentation).permute(0, 3, 1, 2)
            (F.cross_entropy(model(x), labels[which]) / 2).backward()
            if half == 0:
                kept = {name: model.get_buffer(name).clone() for name in buffers}
        for name in buffers:
            model.get_buffer(name).copy_(kept[name])
        optimizer.step()
        optimizer.zero_grad()
    return model.state_dict()


def test_two_processes_equal_one_that_accumulates_two_half_batches(tmp_path):
    result = tmp_path / "result.pt"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = ProcessExecutor().context  # whose processes have PyTorch already
    processes = [context.Process(target=learn, args=(rank, port, result)) for rank in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    found = torch.load(result, weights_only=True)
    assert found["status"] == "finished"

    dataset = tiny_dataset()
    config = tiny_config(dataset, length=STEPS)
    expected = by_accumulation(dataset, config)
    for name, value in expected.items():
        assert torch.allclose(found["model"][name].float(), value.float(), rtol=1e-4, atol=1e-5), name
    predictions, seen, accuracy = found["done"]
    assert seen == STEPS * config.batch_size  # both halves of each batch are in the record
    rows = dataset.split_rows(0)[0]
    order = plan_epoch(len(rows), 16, config.augmentation, config.seed, 0).order[:seen]
    right = torch.tensor(predictions)[order] == torch.from_numpy(dataset.train.labels[rows])[order]
    assert accuracy == pytest.approx(right.float().mean().item())
    assert found["resumed"] == found["done"]


def test_torchrun_trains_one_run_from_the_command_line(tmp_path, few_shapes, warm_python):
    project = Path(__file__).parents[2]
    command = [warm_python, *"-m torch.distributed.run --standalone --nproc_per_node=2 -m resnet_demo".split()]
    options = "train --model resnet8 --data shapes --steps 3 --batch-size 32 --device cpu --quiet --no-test".split()
    done = subprocess.run(
        [*command, *options, "--runs", tmp_path / "runs"],
        cwd=project,
        env=os.environ | {"OMP_NUM_THREADS": "1", "RESNET_DEMO_CACHE": str(few_shapes(tmp_path / "cache"))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (run,) = (tmp_path / "runs").iterdir()
    last = json.loads((run / "events.jsonl").read_text().splitlines()[-1])
    assert last["event"] == "RunFinished" and last["status"] == "finished" and last["step"] == 3


def test_alone_every_method_is_the_identity():
    world = World()
    assert world.is_main and world.agree((1.5, 2.0), torch.device("cpu")) == [1.5, 2.0]
    assert world.sum(torch.tensor([3.0])).item() == 3.0
