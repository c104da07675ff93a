"""A training by several processes: one curve, one writer, one stop."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning import processes
from simgait.learning.config import PPOConfig
from simgait.learning.processes import Doorkeeper, any_of, gathered, guest_folder, is_first
from simgait.learning.sharding import training_mesh
from simgait.learning.training import LOG_FILE
from tests.learning.test_sharding import same

TOGETHER = Path(__file__).with_name("together.py")


def start(index: int, count: int, port: int, folder: Path, *more: object) -> Any:
    unset = ("JAX_NUM_CPU_DEVICES", "SIMGAIT_DEVICES")
    environment = {k: v for k, v in os.environ.items() if k not in unset} | {
        "SIMGAIT_DEVICES": "1",
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
        "PYTHONPATH": str(TOGETHER.parents[2]),
    }
    words = [sys.executable, str(TOGETHER), *map(str, (index, count, port, folder, *more))]
    return subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(started: Any) -> Any:
    """What a process printed."""
    out, err = started.communicate(timeout=900)
    assert started.returncode == 0, err[-3000:]
    return json.loads(out.splitlines()[-1])


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("localhost", 0))
        return int(held.getsockname()[1])


def logged(folder: Path) -> list[dict[str, float]]:
    with (folder / "run" / LOG_FILE).open() as file:
        rows = [{k: v for k, v in row.items() if k != "wall_s"} for row in csv.DictReader(file)]
    return [{k: float(v) for k, v in row.items() if v} for row in rows]


@pytest.mark.slow
def test_two_processes_learn_what_one_does_and_stop_together(tmp_path: Path) -> None:
    """One is asked to stop, and both do; the same command then ends as one process alone."""
    alone, both = tmp_path / "alone", tmp_path / "both"
    for folder in (alone, both):
        folder.mkdir()
    assert ended(start(0, 1, 0, alone))[0] is False
    port = free_port()
    first = start(0, 2, port, both)
    second = start(1, 2, port, both, 5)  # the second hears of it, the first does not
    found = [ended(one) for one in (first, second)]
    assert [stopped for stopped, _, _ in found] == [True, True]
    port = free_port()
    found = [ended(one) for one in [start(i, 2, port, both) for i in range(2)]]
    assert [stopped for stopped, _, _ in found] == [False, False]
    same(logged(both), logged(alone))
    # The second wrote and logged nothing.
    assert found[0][1] and not found[1][1]
    said = found[0][2]
    assert any("going on after" in sentence for sentence in said)
    assert {p.name for p in (both / "run").iterdir()} - {
        p.name for p in (alone / "run").iterdir()
    } == {processes.READY_FILE}


def test_one_process_is_the_first_and_asks_nobody() -> None:
    assert is_first() and any_of(True) and not any_of(False)
    tree = {"a": jax.numpy.ones(3)}
    assert gathered(tree) is tree


class Two:
    """Two processes of which this is one, as JAX tells it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, index: int) -> None:
        monkeypatch.setattr(jax, "process_count", lambda: 2)
        monkeypatch.setattr(jax, "process_index", lambda: index)
        from jax.experimental import multihost_utils

        monkeypatch.setattr(multihost_utils, "broadcast_one_to_all", lambda drawn: np.int32(7))
        monkeypatch.setattr(processes, "LOOK_S", 0.001)


def test_guests_come_in_when_the_first_has_prepared_or_hear_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Two(monkeypatch, 0)
    first = Doorkeeper(tmp_path)
    with first.kept():
        first.open()
    assert Doorkeeper(tmp_path).wait() is True
    with first.kept():
        pass  # it opened before
    assert Doorkeeper(tmp_path).wait() is True
    (tmp_path / processes.READY_FILE).unlink()
    with first.kept():
        pass  # nothing was left to do
    assert Doorkeeper(tmp_path).wait() is False
    with pytest.raises(InputError), first.kept():
        raise InputError("the disk is full.")
    with pytest.raises(InputError, match="the disk is full"):
        Doorkeeper(tmp_path).wait()
    with pytest.raises(InputError, match="left no checkpoint here"):
        guest_folder(tmp_path, "run.safetensors", pytest.fail)


def test_a_door_of_an_earlier_meeting_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Two(monkeypatch, 1)
    (tmp_path / processes.READY_FILE).write_text('{"meeting": 6, "state": "ready", "sentence": ""}')
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            (tmp_path / processes.READY_FILE).write_text(
                '{"meeting": 7, "state": "ready", "sentence": ""}'
            )

    monkeypatch.setattr("simgait.learning.processes.time.sleep", sleep)
    assert Doorkeeper(tmp_path).wait() is True and len(looks) == 3


def test_devices_are_of_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [f"{process}.{n}" for process in range(2) for n in range(3)]
    monkeypatch.setattr(jax, "process_count", lambda: 2)
    monkeypatch.setattr(jax, "devices", lambda: devices)
    found: list[list[str]] = []
    monkeypatch.setattr(
        "simgait.learning.sharding.Mesh", lambda devices, _: found.append(list(devices))
    )
    recipe = PPOConfig(n_envs=8, unroll=3, minibatches=2)
    training_mesh(recipe, 1)
    training_mesh(recipe, 2)
    training_mesh(recipe, None)
    assert found == [["0.0", "1.0"], ["0.0", "0.1", "1.0", "1.1"], ["0.0", "0.1", "1.0", "1.1"]]
    with pytest.raises(InputError, match="--devices 3 of each of 2 processes: n_envs = 8"):
        training_mesh(recipe, 3)
    with pytest.raises(InputError, match="--devices 4: there are 3"):
        training_mesh(recipe, 4)
