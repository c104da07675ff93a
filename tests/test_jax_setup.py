"""How many devices a CPU is to JAX: as many on every machine, so that numbers are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.jax_setup import DEVICES, THREADS, cpu_devices, room_for_devices


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_as_many_devices_whatever_the_cores(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEVICES)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert cpu_devices() == 2


def test_what_is_said_binds_and_no_number_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICES, "7")
    assert cpu_devices() == 7
    for wrong in ("0", "65", "-1", "two", "1.5"):
        monkeypatch.setenv(DEVICES, wrong)
        with pytest.raises(InputError, match=f"{DEVICES} is '{wrong}'; set it to a number of"):
            cpu_devices()


def test_devices_of_a_cpu_have_threads_to_wait_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)
    for said, threads in (("2", "8"), ("8", "32"), ("1", "4")):
        monkeypatch.setenv(DEVICES, said)
        monkeypatch.delenv(THREADS, raising=False)
        room_for_devices()
        assert os.environ[THREADS] == threads
    room_for_devices()
    assert os.environ[THREADS] == "4"
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=16")
    monkeypatch.delenv(THREADS)
    room_for_devices()
    assert os.environ[THREADS] == "64", "of as many devices as XLA's own flag makes"
    monkeypatch.setenv(THREADS, "3")
    room_for_devices()
    assert os.environ[THREADS] == "3", "what is said binds"


@pytest.mark.slow
def test_a_training_of_true_size_does_not_stand_still_on_two_devices(tmp_path: Path) -> None:
    # With as many threads as devices it did: docs/history/training.md.
    recipe = tmp_path / "light.toml"
    recipe.write_text("[networks]\npolicy_layers = [64, 64]\nvalue_layers = [64, 64]\n")
    command = [
        "-m",
        "simgait",
        "benchmark",
        "training",
        "--devices",
        "2",
        "--repeats",
        "3",
        "--config",
    ]
    environment = {name: value for name, value in os.environ.items() if name != THREADS}
    done = subprocess.run(  # noqa: S603
        [sys.executable, *command, str(recipe)],
        env=environment, capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    assert "resume from a checkpoint is the same to the bit: 1" in done.stdout, done.stderr
