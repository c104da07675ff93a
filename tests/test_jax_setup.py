"""How many devices a CPU is to JAX: as many on every machine, so that numbers are the same."""

from __future__ import annotations

import pytest

from simgait.errors import InputError
from simgait.jax_setup import DEVICES, cpu_devices


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
