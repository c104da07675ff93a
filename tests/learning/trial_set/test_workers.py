"""Work over processes: one that dies takes nothing with it."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from simgait.learning.trial_set.workers import LostError, each


def half(number: int) -> float:
    if number < 0:
        raise ValueError(str(number))
    return number / 2


def dies_on_three(given: tuple[int, Path]) -> int:
    number, folder = given
    if number == 3:
        os._exit(9)
    (folder / f"{number}-{os.getpid()}").touch()
    return number


def test_one_process_works_here_and_keeps_what_went_wrong() -> None:
    found = dict(each(half, [4, -1, 6], 1))
    assert found[4] == 2.0 and found[6] == 3.0
    assert isinstance(found[-1], ValueError)


@pytest.mark.slow
def test_what_kills_a_process_is_given_up_and_all_else_is_done(tmp_path: Path) -> None:
    items = [(n, tmp_path) for n in range(6)]
    found = {item[0]: value for item, value in each(dies_on_three, items, 2)}
    assert isinstance(found.pop(3), LostError)
    assert found == {n: n for n in (0, 1, 2, 4, 5)}


def says_who_it_is(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(300)


def asks_two(folder: Path) -> None:
    list(each(says_who_it_is, [folder, folder], 2))


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat").read_text() if Path("/proc").is_dir() else ""
    return ") Z " not in status  # a zombie is nobody's any more


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="asks as POSIX does whether a process lives")
def test_workers_end_when_who_asked_them_is_killed(tmp_path: Path) -> None:
    asking = multiprocessing.get_context("spawn").Process(target=asks_two, args=(tmp_path,))
    asking.start()
    deadline_s = time.monotonic() + 200.0
    while len(workers := list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline_s:
        time.sleep(0.2)
    numbers = [int(path.name) for path in workers]
    assert len(numbers) == 2 and all(map(is_alive, numbers))
    asking.kill()
    asking.join()
    while any(map(is_alive, numbers)) and time.monotonic() < deadline_s:
        time.sleep(0.2)
    assert not any(map(is_alive, numbers))
