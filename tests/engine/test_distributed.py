"""Two gloo processes train what one process trains that accumulates the two half-batches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from tiny import tiny_config, tiny_dataset

from resnet_demo.data.augment import augment, normalise, plan_epoch
from resnet_demo.engine.distributed import World
from resnet_demo.engine.schedule import learning_rate
from resnet_demo.models import build_model

STEPS = 4
pytestmark = pytest.mark.timeout(900)  # each process imports torch anew

WORKER = """
import sys, torch
from tiny import tiny_config, tiny_dataset
from resnet_demo.engine.distributed import join, leave
from resnet_demo.engine.events import EpochDone
from resnet_demo.engine.train import train
import resnet_demo.engine.train as loop
loop.REPORT_SECONDS = 0
world = join("cpu")
dataset = tiny_dataset()
saved = {}
events = list(train(tiny_config(dataset, length=STEPS), dataset, device=torch.device("cpu"), world=world,
                    save=lambda state: saved.update({k: v.clone() for k, v in state["model"].items()})))
# again, interrupted in the middle of the epoch: both processes go on from what the main one saved
reports, states = iter([False, True]), []
list(train(tiny_config(dataset, length=STEPS), dataset, device=torch.device("cpu"), world=world,
           should_stop=lambda: next(reports, True), save=lambda state: torch.save(state, sys.argv[1] + ".state")))
torch.distributed.barrier()
state = torch.load(sys.argv[1] + ".state", weights_only=True)
rest = list(train(tiny_config(dataset, length=STEPS), dataset, device=torch.device("cpu"), world=world, resume=state))
if world.is_main:
    assert state["step"] == 2, state["step"]
    resumed = [e for e in rest if isinstance(e, EpochDone)][-1]
    done = [e for e in events if isinstance(e, EpochDone)][-1]
    torch.save({"model": saved, "seen": int(done.train_seen.sum()), "status": events[-1].status,
                "accuracy": done.train_accuracy, "predictions": done.train_predictions.tolist(),
                "resumed": (resumed.train_predictions.tolist(), int(resumed.train_seen.sum()),
                            resumed.train_accuracy)}, sys.argv[1])
leave()
""".replace("STEPS", str(STEPS))


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
    tests = Path(__file__).parents[1]
    script, result = tmp_path / "worker.py", tmp_path / "result.pt"
    script.write_text(WORKER)
    search = os.pathsep.join([str(tests / "support"), str(tests.parent)])
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc_per_node=2",
        script,
        result,
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": search, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = torch.load(result, weights_only=True)
    assert found["status"] == "finished"

    dataset = tiny_dataset()
    config = tiny_config(dataset, length=STEPS)
    expected = by_accumulation(dataset, config)
    for name, value in expected.items():
        assert torch.allclose(found["model"][name].float(), value.float(), rtol=1e-4, atol=1e-5), name
    assert found["seen"] == STEPS * config.batch_size  # both halves of each batch are in the record
    rows = dataset.split_rows(0)[0]
    plan = plan_epoch(len(rows), 16, config.augmentation, config.seed, 0)
    seen = plan.order[: found["seen"]]
    right = torch.tensor(found["predictions"])[seen] == torch.from_numpy(dataset.train.labels[rows])[seen]
    assert found["accuracy"] == pytest.approx(right.float().mean().item())
    assert found["resumed"] == (found["predictions"], found["seen"], found["accuracy"])


def test_torchrun_trains_one_run_from_the_command_line(tmp_path, few_shapes):
    project = Path(__file__).parents[2]
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc_per_node=2",
        "-m",
        "resnet_demo",
    ]
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
