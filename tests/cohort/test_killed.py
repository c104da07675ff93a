"""The real command, killed and stopped from outside. With more kills: `tests.cohort.killing`."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.cli.conftest import policy
from tests.cohort.killing import stops

__all__ = ["policy"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_finished_is_kept_and_the_rest_goes_on(
    policy: Path, number: signal.Signals
) -> None:
    found = stops(3, number, 1, "--policy", str(policy), n_files=4)
    assert all(one.is_right for one in found), found
    if number is signal.SIGTERM:
        # Python itself takes a moment before it hears anything, and who is asked as the last report
        # is written has ended.
        heard = [one for one in found if one.identical is None and one.said]
        ended = "4 reports in "
        assert all("simgait: stopped; " in one.said or ended in one.said for one in heard), heard
