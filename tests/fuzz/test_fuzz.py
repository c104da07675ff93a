"""A slice of `make fuzz`: no reader crashes, and sound inputs are read."""

import time
from pathlib import Path

import pytest

from simgait.errors import InputError
from tests.fuzz import run
from tests.fuzz.__main__ import table
from tests.fuzz.run import SOUND, Tally, Worker, cases, keep
from tests.fuzz.targets import Target, targets
from tests.fuzz.worker import Result, case_bytes, run_case

SEED = 1
PER_READER = 3


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> tuple[Target, ...]:
    return targets(tmp_path_factory.mktemp("made"))


def test_sound_inputs_are_read(known, tmp_path):
    for target in known:
        for seed in target.seeds:
            for name, content in {**target.beside, target.file: seed}.items():
                (tmp_path / name).write_bytes(content)
            target.read(tmp_path / target.file)


def test_some_cases_of_every_reader(known, tmp_path):
    wrong = {}
    for target in known:
        for number in range(PER_READER):
            result = run_case(target, SEED, number, tmp_path)
            if result.outcome not in SOUND:
                wrong[target.name, number] = result
    assert not wrong


def test_a_case_is_the_same_whenever_it_is_made(known, tmp_path):
    again = targets(tmp_path)
    for one, other in zip(known, again, strict=True):
        if one.name.startswith("weights"):
            continue  # made by a library that says nothing of the order of its header
        made = [case_bytes(target, SEED, n) for target in (one, other) for n in range(5)]
        assert made[:5] == made[5:], one.name


def reading(read) -> Target:
    return Target("x", 1.0, "x.bin", (b"0123456789",), (lambda _, data: data + b"!",), read)


def failing(error: BaseException):
    def read(_path: Path) -> None:
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(InputError("x.bin: broken; mend it."), "refused"), (KeyError("a"), "KeyError"),
     (InputError("x.bin: no end"), "no sentence"), (MemoryError(), "MemoryError"),
     (SystemExit(1), "SystemExit")],
)  # fmt: skip
def test_what_counts_as_a_failure(tmp_path, error, outcome):
    result = run_case(reading(failing(error)), SEED, 0, tmp_path)
    assert result.outcome == outcome
    assert (result.outcome in SOUND) == (outcome == "refused")


def test_every_reader_gets_its_share_and_failures_are_kept(known, tmp_path):
    drawn = list(cases(known, 1000))
    counts = [sum(index == i for index, _ in drawn) for i in range(len(known))]
    assert 990 <= sum(counts) <= 1010 and min(counts) >= 10
    assert {index for index, _ in drawn[:100]} == set(range(len(known)))
    tally = Tally()
    tally.add(known[1], 4, Result("KeyError", "a.py:1", "the story"), 1.0)
    tally.add(known[1], 5, Result("read"), 1.0)
    keep(tmp_path, known, SEED, tally)
    kept = tmp_path / "TRC-KeyError-4.trc"
    assert kept.read_bytes() == case_bytes(known[1], SEED, 4)
    assert (tmp_path / "TRC-KeyError-4.txt").read_text() == "the story"
    assert "| TRC | 2 | 1 | 0 | 1 | 2 |" in table(known, tally, SEED, 2.0)


def _serve_badly(connection, _seed, _reader):
    """A worker that hangs at case 1 and dies at case 2."""
    connection.send("ready")
    while (told := connection.recv()) is not None:
        if told[1] == 1:
            time.sleep(600)
        if told[1] == 2:
            raise SystemExit(3)
        connection.send(Result("read"))


@pytest.mark.slow
def test_a_worker_that_hangs_or_dies_is_told_and_started_again(monkeypatch):
    monkeypatch.setattr(run, "serve", _serve_badly)
    monkeypatch.setattr(run, "HANG_S", 20.0)  # a busy machine needs seconds to start and to die
    worker = Worker(SEED, "")
    outcomes = [worker.run(0, number).outcome for number in (0, 1, 2, 0)]
    worker.close()
    assert outcomes == ["read", "hang", "died", "read"]
