"""A training spread over simulated devices: the same learning curve on one, two, four and eight."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning.config import PPOConfig
from simgait.learning.sharding import training_mesh

CURVE = Path(__file__).with_name("sharded_curve.py")
TOLERANCE = 2e-3
"""Relative, of a number after three iterations: floats are added in another order, and each
iteration's policy acts on what the one before it left. Measured: 2e-6 after the first iteration."""


def curve(devices: int, folder: Path, *more: str) -> Any:
    """What `sharded_curve` prints on so many simulated devices, in a process of its own."""
    flags = f"--xla_force_host_platform_device_count={devices} --xla_cpu_multi_thread_eigen=false"
    unset = ("JAX_NUM_CPU_DEVICES", "SIMGAIT_DEVICES")
    environment = {k: v for k, v in os.environ.items() if k not in unset} | {"XLA_FLAGS": flags}
    ran = subprocess.run(
        [sys.executable, str(CURVE), str(devices), str(folder), *more],
        env=environment | {"PYTHONPATH": str(CURVE.parents[2])}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return json.loads(ran.stdout.splitlines()[-1])


def same(found: list[dict[str, float]], expected: list[dict[str, float]]) -> None:
    assert len(found) == len(expected) > 0
    for row, other in zip(found, expected, strict=True):
        assert row.keys() == other.keys()
        for name, value in row.items():
            assert value == pytest.approx(other[name], rel=TOLERANCE, abs=1e-5), name


@pytest.mark.slow
def test_the_curve_is_the_same_on_one_two_four_and_eight_devices(tmp_path: Path) -> None:
    alone = curve(1, tmp_path / "1")
    assert len(alone) == 4 and alone[0]["reward"] != alone[-1]["reward"]
    for devices in (2, 4, 8):
        same(curve(devices, tmp_path / str(devices)), alone)
    # A checkpoint of one device after two iterations goes on with four.
    same(curve(4, tmp_path / "1", "resume"), alone[2:])


@pytest.mark.slow
def test_the_curve_of_shac_is_the_same_on_two_devices(tmp_path: Path) -> None:
    alone = curve(1, tmp_path / "1", "shac")
    assert len(alone) == 4 and alone[0]["gradient_norm"] > 0
    same(curve(2, tmp_path / "2", "shac"), alone)


@pytest.mark.slow
def test_a_training_that_was_stopped_on_one_device_ends_on_two(tmp_path: Path) -> None:
    said, rows = curve(2, tmp_path, "whole")
    assert "stopped" in said
    assert any("run: on 2 devices, where it was on 1 before" in sentence for sentence in said)
    assert rows[-1]["steps"] == 96
    assert all(np.isfinite(value) for row in rows for value in row.values())


def recipe(**more: Any) -> PPOConfig:
    return PPOConfig(**({"n_envs": 8, "unroll": 3, "minibatches": 2, "total_steps": 96} | more))


def test_what_does_not_divide_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jax, "devices", lambda: [object()] * 4)
    for devices, more, words in (
        (3, {}, "--devices 3: n_envs = 8 cannot be shared out evenly"),
        (4, {"minibatches": 4}, "--devices 4: a minibatch of 6 steps cannot be shared out"),
        (5, {}, "--devices 5: there are 4"),
        (0, {}, "--devices 0: there are 4"),
    ):
        with pytest.raises(InputError, match=words):
            training_mesh(recipe(**more), devices)


def test_left_to_itself_a_training_takes_as_many_devices_as_divide_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[int] = []
    monkeypatch.setattr(
        "simgait.learning.sharding.Mesh", lambda devices, _: found.append(np.size(devices))
    )
    monkeypatch.setattr(jax, "devices", lambda: [object()] * 4)
    training_mesh(recipe(), None)
    training_mesh(recipe(n_envs=6), None)
    assert found == [4, 3]
    assert training_mesh(recipe(n_envs=5, minibatches=1), None) is None
