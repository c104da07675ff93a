"""The normative twin of a walk, walked by the physics like any other recording."""

from __future__ import annotations

from collections.abc import Sequence

from simgait.body.fit import measure_dimensions
from simgait.errors import InputError
from simgait.estimators.twin import Twin
from simgait.gait.analyse import analyse_rollout
from simgait.report.trial.opinions import CompanionSays
from simgait.report.trial.twin_walk import TwinBody, TwinWalk, twin_walked
from simgait.report.trial.verdict import judge
from simgait.tracking.policies import Policy
from simgait.tracking.track import track_trials
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import assess

TWIN_FRAMES = 30
"""Shortest twin, 1 s: it lacks up to a cycle of its walk, whose own limit held already."""


def walk_twin(says: Sequence[CompanionSays], policy: Policy) -> TwinWalk:
    """Lets the policy walk the twin that a companion made of a walk, and judges whether it walks.

    Where none made one, or it cannot be tracked, the reason is told.
    """
    for one in says:
        if one.opinion is not None and one.opinion.twin is not None:
            return _walked(one.name, one.opinion.twin, policy)
    who = [one for one in says if one.makes_twins]
    reasons = tuple(f"{one.name}: {one.reason}" for one in who)
    return TwinWalk("", None, reasons or ("No companion makes twins.",))


def _walked(companion: str, twin: Twin, policy: Policy) -> TwinWalk:
    try:
        walks = prepare(twin.recording, PreparationConfig(min_frames=TWIN_FRAMES))
        trial = max(walks, key=lambda walk: walk.n_frames)
        (tracked,) = track_trials(policy, [trial], [measure_dimensions(trial)])
    except InputError as error:
        return TwinWalk(companion, None, (f"It cannot be tracked: {error}",))
    gait = analyse_rollout(tracked.rollout)
    verdict = judge(tracked.trial, tracked.rollout, gait, assess(trial))
    starts_s = twin.starts_s + trial.start_s
    return twin_walked(companion, TwinBody(tracked.rollout, gait, verdict, starts_s))
