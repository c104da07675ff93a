"""Work over processes: one that dies takes nothing with it."""

from __future__ import annotations

import os
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
