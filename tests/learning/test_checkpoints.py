"""Checkpoints: one file, the one before it kept, damage noticed."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning.checkpoints import Checkpoints

LIKE = {"w": np.zeros(3, np.float32)}


def saved(folder: Path, *steps: int) -> Checkpoints:
    checkpoints = Checkpoints(folder, "run.safetensors")
    for step in steps:
        checkpoints.save({"w": np.full(3, step, np.float32)}, {"steps": step})
    return checkpoints


def damage(path: Path, place: int = -1) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))


def value(checkpoints: Checkpoints) -> float:
    return float(checkpoints.load(LIKE)["w"][0])


def test_the_newest_is_gone_on_from_and_nothing_is_said(tmp_path: Path) -> None:
    assert saved(tmp_path).facts(pytest.fail) is None
    checkpoints = saved(tmp_path, 1, 2, 3)
    assert checkpoints.facts(pytest.fail) == {"steps": 3} and value(checkpoints) == 3
    assert {file.name for file in tmp_path.iterdir()} == {
        "run.safetensors", "run.before.safetensors",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["value", "header", "torn", "empty", "missing"])
def test_a_damaged_newest_is_replaced_by_the_one_before(tmp_path: Path, how: str) -> None:
    checkpoints = saved(tmp_path, 1, 2)
    told: list[str] = []
    newest = checkpoints.newest
    if how in ("value", "header"):
        damage(newest, -1 if how == "value" else 20)
    elif how == "missing":
        newest.unlink()
    else:
        newest.write_bytes(newest.read_bytes()[: 50 if how == "torn" else 0])
    assert checkpoints.facts(told.append) == {"steps": 1}
    assert len(told) == 1 and "checkpoint before it, after 1 steps" in told[0]
    assert value(checkpoints) == 1
    # The whole one must not be lost when training goes on and the newest is damaged again.
    checkpoints = saved(tmp_path, 2)
    damage(checkpoints.newest)
    assert checkpoints.facts(told.append) == {"steps": 1} and value(checkpoints) == 1


def test_two_damaged_ones_are_a_sentence(tmp_path: Path) -> None:
    checkpoints = saved(tmp_path, 1, 2)
    damage(checkpoints.newest)
    damage(checkpoints.before)
    with pytest.raises(InputError, match=r"run.safetensors and run.before.safetensors cannot"):
        checkpoints.facts(print)


def test_a_full_disk_leaves_the_newest(tmp_path: Path) -> None:
    checkpoints = saved(tmp_path, 1, 2)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    try:
        with pytest.raises(InputError, match="run.safetensors: cannot be written .*; make room"):
            checkpoints.save({"w": np.zeros(500, np.float32)}, {"steps": 3})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert checkpoints.facts(pytest.fail) == {"steps": 2} and value(checkpoints) == 2
    saved(tmp_path, 3)
    assert checkpoints.facts(pytest.fail) == {"steps": 3}


def test_where_no_hard_links_are_there_are_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refuse)
    checkpoints = saved(tmp_path, 1, 2)
    told: list[str] = []
    damage(checkpoints.newest)
    assert checkpoints.facts(told.append) == {"steps": 1} and value(checkpoints) == 1
