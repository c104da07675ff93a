"""From a policy to its file of intervals: track, keep, fit, judge."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from simgait.benchmark.interval_coverage import Coverage, coverage
from simgait.benchmark.interval_fit import fitted_widths
from simgait.benchmark.interval_records import Kept, kept_records
from simgait.benchmark.interval_walks import WALKERS, real_people, validation_walkers
from simgait.certainty.fitting import LEVEL
from simgait.certainty.widths import FILE, Widths, released_widths, write_widths
from simgait.errors import InputError
from simgait.provenance import git_commit
from simgait.tracking.policies import Policy

WALKS = "walks"
"""Folder of a run that keeps its tracked walks."""
N_WALKERS = 80
"""Chosen: ten of each pattern, so that one walker alone moves no half-width."""
LEARNED_FROM, UNSEEN = "training people", "unseen people"
CAMERAS = {WALKERS: 1, LEARNED_FROM: 1, UNSEEN: 2}
"""Of every detector, for each walk."""
Tell = Callable[[str], None]


def make_intervals(
    policy: Policy,
    data_dir: Path,
    out: Path,
    *,
    n_walkers: int = N_WALKERS,
    tell: Tell = lambda _: None,
) -> tuple[Widths, list[Kept]]:
    """Writes a policy's intervals.json into a folder, beside the walks that it was made from.

    A call that was stopped goes on where it was.

    Args:
        policy: that tracks.
        data_dir: of real marker recordings.
        out: folder of the run.
        n_walkers: synthetic walkers of the validation split.
        tell: called with a sentence before each part.

    Returns:
        the half-widths, and the walks of people whom nothing was made from, to judge them by.

    Raises:
        InputError: the folder cannot be written to, or there are too few people.
    """
    walks = out / WALKS
    fitted: list[Kept] = []
    for name, people in (
        (WALKERS, validation_walkers(n_walkers)),
        (LEARNED_FROM, real_people(data_dir, unseen=False)),
    ):
        fitted += kept_records(walks, name, people, policy, cameras=CAMERAS[name], tell=tell)
    judged = unseen_records(policy, data_dir, walks, tell)
    provenance = {
        "level": LEVEL,
        "commit": git_commit(),
        "people": {
            name: len({one.person for one in fitted if one.people == name})
            for name in (WALKERS, LEARNED_FROM)
        },
        "walks": len(fitted),
    }
    widths = fitted_widths(fitted, policy.sha256, provenance, tell)
    write_widths(out / FILE, widths)
    return widths, judged


def judged_intervals(
    policy: Policy, data_dir: Path, walks: Path | None, tell: Tell = lambda _: None
) -> list[Coverage]:
    """How often the released intervals hold for people whom nothing was made from.

    Args:
        policy: that tracks; the released one.
        data_dir: of real marker recordings.
        walks: folder that keeps the walks; None keeps none.
        tell: called with a sentence before each part.

    Raises:
        InputError: the policy has no intervals, or the folder cannot be written to.
    """
    widths = released_widths()
    if policy.sha256 != widths.policy_sha256:
        raise InputError(
            "There are intervals for the released policy only; make this one's with simgait "
            "policy intervals."
        )
    if walks is not None:
        return coverage(unseen_records(policy, data_dir, walks, tell), widths)
    with tempfile.TemporaryDirectory(prefix="simgait-walks-") as folder:
        return coverage(unseen_records(policy, data_dir, Path(folder), tell), widths)


def unseen_records(
    policy: Policy, data_dir: Path, walks: Path, tell: Tell = lambda _: None
) -> list[Kept]:
    """Tracked walks of people whom nothing was trained on, for judging intervals.

    Args:
        policy: that tracks.
        data_dir: of real marker recordings.
        walks: folder that keeps them.
        tell: called with a sentence before each part.

    Raises:
        InputError: the folder cannot be written to.
    """
    people = real_people(data_dir, unseen=True)
    return kept_records(walks, UNSEEN, people, policy, cameras=CAMERAS[UNSEEN], tell=tell)
