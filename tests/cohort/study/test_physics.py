"""The real command: killed and given again; the same numbers however walks are packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cohort.study.manifest_check import read_manifest
from simgait.cohort.study.run import Study, run_study
from simgait.commands.cohort import parsers
from simgait.pipeline import find_policy
from tests.cli.conftest import policy
from tests.cohort.study.killing import differences, kill_and_go_on, make_study

__all__ = ["policy"]


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_as_if_it_had_not_been(policy: Path) -> None:
    found, codes = kill_and_go_on(3, 1, 3, ["--policy", str(policy)])
    assert not found and codes[-1] == codes[0] == 1


@pytest.mark.slow
def test_one_at_a_time_or_all_together_the_numbers_are_the_same(
    policy: Path, tmp_path: Path
) -> None:
    manifest = read_manifest(make_study(tmp_path / "in", 3), parsers())
    for together in (1, 64):
        out = tmp_path / str(together)
        ended = list(run_study(Study(out, find_policy(policy), manifest, together=together)))
        assert len(ended) == 5
    assert differences(tmp_path / "1", tmp_path / "64") == []
