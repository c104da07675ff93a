"""A training that is killed goes on, and comes out as if it had not been."""

from __future__ import annotations

import os

import pytest

from tests.learning.kill_train import run


@pytest.mark.slow
def test_killed_trainings_lose_nothing_and_end_as_one_in_one_piece() -> None:
    tally = run(int(os.environ.get("SIMGAIT_KILLS", "3")))
    assert tally.lines and not tally.wrong, "\n".join(tally.wrong)
