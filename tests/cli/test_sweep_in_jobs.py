"""`sweep --on jobs`, against the stand-in for the Hub that executes jobs on this machine."""

from __future__ import annotations

import os

import pytest

from resnet_demo.cli import main
from resnet_demo.runs.folder import RunFolder

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt", reason="the stand-in's image has a shell"),
    pytest.mark.usefixtures("signed_in"),
]
FILE = "{model: resnet8, data: shapes, steps: 4, batch-size: 16, precision: fp32, threads: 1, seed: [0, 1]}"


def test_jobs_are_started_once_their_price_is_accepted_and_followed(world, tmp_path, capsys):
    file = tmp_path / "two.yaml"
    file.write_text(FILE)
    command = ["sweep", str(file), "--on", "jobs", "--flavor", "cpu-basic", "--timeout", "10m"]
    assert main(command, world.places) == 2
    assert "2 jobs on CPU Basic of 10 minutes cost at most $0.02 together; --most 0.02" in capsys.readouterr().err
    assert not world.jobs.jobs and not world.repositories
    assert main([*command, "--most", "0.02"], world.places) == 0
    said = capsys.readouterr().out
    assert "cost at most $0.02 together" in said and "| model=resnet8 | 2 |" in said
    assert len(world.jobs.jobs) == 2 and world.repositories == []
    for seed in (0, 1):
        run = RunFolder(world.places.runs / f"two-shapes-resnet8-seed-{seed}")
        assert run.state() == "finished" and run.config.seed == seed and run.predictions()
    assert main(command, world.places) == 0  # nothing is left to be paid for
    assert len(world.jobs.jobs) == 2
