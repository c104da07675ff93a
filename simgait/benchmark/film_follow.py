"""Whom the simulated body follows on the clips of videobench: joints, steps, phases, by view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.agreement.errors import root_mean_square
from simgait.benchmark.detector_tables import BAR_HEADS, markdown_table
from simgait.benchmark.film_clips import film_case, synthetic_walk
from simgait.benchmark.follow_rows import FOLLOWED, LEFT_LESS_RIGHT, slope_on_truth
from simgait.benchmark.policy_tracker import policy_tracker
from simgait.benchmark.pooling import JOINTS, over_events, over_frames_of_angle
from simgait.benchmark.score_walks import answers_of, records_of
from simgait.benchmark.videobench import LANDMARKS_SUFFIX, read_tracks
from simgait.benchmark.walk_record import Pairs, WalkRecord
from simgait.errors import InputError
from simgait.skeleton.sides import SIDES
from simgait.synthetic.people.cameras import VIEWS
from simgait.synthetic.people.plan import ClipPlan
from simgait.synthetic.people.truth import truth_of
from simgait.tracking.policies import Policy
from simgait.types import EVENT_KINDS

ALONG, ELSEWHERE = "towards and away", "oblique and sagittal"
GROUPS: dict[str, tuple[str, ...]] = {
    **{view: (view,) for view in VIEWS},
    ALONG: ("towards", "away"),
    ELSEWHERE: ("oblique", "sagittal", "oblique_behind"),
    "all": VIEWS,
}
"""Rows of the tables -> views."""
JOINT_BARS_DEG = {
    ALONG: {"hip": (7.0, 5.0), "knee": (7.0, 5.0), "ankle": (8.0, 6.0)},
    ELSEWHERE: {"hip": (5.0, 5.0), "knee": (5.0, 5.0), "ankle": (6.0, 6.0)},
}
"""Largest RMSE, and without each leg's offset; from elsewhere one bar was set, for both."""
FLIP_BAR_CM = 1.5
HEMIPARETIC = "hemiparetic"


@dataclass(frozen=True)
class FollowedClip:
    """A clip whose walk the simulated body walked to its end.

    Attributes:
        record: of the longest straight walk in it, beside what is true of it; angles are those of
            the body that was rendered.
    """

    view: str
    pattern: str
    record: WalkRecord


def follow_clips(folder: Path, plans: Sequence[ClipPlan], policy: Policy) -> list[FollowedClip]:
    """Tracks the clips that a folder holds; those that are refused or fall are left out.

    Field of view and height are told.

    Raises:
        InputError: a file of landmarks is damaged, or of another version.
    """
    kept, cases = [], []
    for plan in plans:
        path = folder / f"{plan.name}{LANDMARKS_SUFFIX}"
        if not path.exists():
            continue
        walk = synthetic_walk(plan)
        tracks, refused = read_tracks(path, truth_of(walk.clip))
        try:
            case = None if refused else film_case(walk, tracks)
        except InputError:
            case = None
        if case is not None:
            kept.append(plan)
            cases.append(case)
    tracker = policy_tracker("simgait", policy, policy.config.name)
    records = records_of(tracker.name, cases, answers_of(tracker, cases)) if cases else []
    return [
        FollowedClip(plan.view, plan.pattern, record)
        for plan, record in zip(kept, records, strict=True)
        if not record.failure
    ]


def joint_table(clips: Sequence[FollowedClip]) -> str:
    """RMSE of hip, knee and ankle (°), without each leg's own offset in brackets.

    First over frames and legs, then of mean curves over the gait cycle.
    """
    what = "RMSE, ° (without offset): frames; mean curves"
    heads = ("view", "clips", *(f"{joint} {what}" for joint in JOINTS))
    rows = [
        [group, str(len(own)), *(_joint_cell(own, joint) for joint in JOINTS)]
        for group, own in _groups(clips)
    ]
    return markdown_table(heads, rows)


def joint_rmse_deg(clips: Sequence[FollowedClip], joint: str) -> tuple[float, float]:
    """RMSE of a joint over frames and legs (°), and the same without each leg's own offset."""
    records = [clip.record for clip in clips]
    whole = over_frames_of_angle(joint, "rmse").of_walks(records)
    return whole, over_frames_of_angle(joint, "debiased").of_walks(records)


def curve_rmse_deg(clips: Sequence[FollowedClip], joint: str) -> tuple[float, float]:
    """RMSE of a joint's mean curves over clips and legs (°), and without each curve's offset."""
    curves = [clip.record.curves_deg for clip in clips]
    names = [f"{side}_{JOINTS[joint]}_deg" for side in SIDES]
    errors = [one[name][1] - one[name][0] for one in curves for name in names if name in one]
    if not errors:
        return np.nan, np.nan
    whole = np.array(errors)
    debiased = whole - whole.mean(axis=1, keepdims=True)
    return root_mean_square(whole.ravel()), root_mean_square(debiased.ravel())


def _joint_cell(clips: Sequence[FollowedClip], joint: str) -> str:
    of_frames, of_curves = joint_rmse_deg(clips, joint), curve_rmse_deg(clips, joint)
    return f"{_in_brackets(of_frames)}; {_in_brackets(of_curves)}"


def _in_brackets(rmse_deg: tuple[float, float]) -> str:
    return f"{_shown(rmse_deg[0], 1)} ({_shown(rmse_deg[1], 1)})"


def follow_table(clips: Sequence[FollowedClip]) -> str:
    """Bias, RMSE and slope on the truth of speed, steps and phases, and when feet land and leave.

    Phases and left less right are of single walks or sides.
    """
    heads = ("view", "clips", *(name for name, _ in _NUMBERS), "initial contact, foot off: ms")
    rows = [
        [group, str(len(own)), *(_numbers_cell(own, pairs) for _, pairs in _NUMBERS), _events(own)]
        for group, own in _groups(clips)
    ]
    return markdown_table(heads, rows)


def follow_bars(clips: Sequence[FollowedClip]) -> str:
    """The bars of rendered people: joints by view, asymmetry, and its flip between views."""
    rows = []
    for group, bars in JOINT_BARS_DEG.items():
        own = _of_views(clips, GROUPS[group])
        for joint, (whole_bar, debiased_bar) in bars.items():
            whole, debiased = joint_rmse_deg(own, joint)
            bar = f"≤ {whole_bar:g} ({debiased_bar:g})"
            rows.append([f"{joint} RMSE (without offset), °, {group}", bar,
                         _in_brackets((whole, debiased)), str(len(own))])  # fmt: skip
    hemiparetic = [clip for clip in clips if clip.pattern == HEMIPARETIC]
    slope = slope_on_truth(_known(hemiparetic, LEFT_LESS_RIGHT.pairs))
    rows.append([f"{LEFT_LESS_RIGHT.label}, slope, hemiparetic",
                 f"≥ {LEFT_LESS_RIGHT.slope_bar:g}", _shown(slope, 2),
                 str(len(hemiparetic))])  # fmt: skip
    rows.append(["its flip between towards and away, cm", f"≤ {FLIP_BAR_CM:g}",
                 _shown(abs(flip_cm(clips)), 1),
                 str(len(_of_views(clips, GROUPS[ALONG])))])  # fmt: skip
    return markdown_table(BAR_HEADS, rows)


def flip_cm(clips: Sequence[FollowedClip]) -> float:
    """Half of what left less right step is too large towards the camera, less away from it (cm).

    NaN where nobody comes, or nobody goes.
    """
    errors = []
    for view in GROUPS[ALONG]:
        known = _known(_of_views(clips, (view,)), LEFT_LESS_RIGHT.pairs)
        errors.append(float(np.mean(known[:, 1] - known[:, 0])) if len(known) else np.nan)
    return (errors[0] - errors[1]) / 2.0


def _mean_of(parameter: str, scale: float) -> Callable[[WalkRecord], Pairs]:
    def pairs(record: WalkRecord) -> Pairs:
        true, found = record.means(parameter)
        return ((scale * true, scale * found),)

    return pairs


_NUMBERS: tuple[tuple[str, Callable[[WalkRecord], Pairs]], ...] = (
    ("speed, cm/s", _mean_of("velocity_mps", 100.0)),
    ("cadence, steps/min", _mean_of("cadence_spm", 1.0)),
    ("step length, cm", _mean_of("step_length_m", 100.0)),
    *((f"{one.label}, {one.unit}", one.pairs) for one in FOLLOWED),
)
"""Columns: name, and truth and estimate of a walk in its unit."""


def _groups(clips: Sequence[FollowedClip]) -> Iterable[tuple[str, list[FollowedClip]]]:
    for group, views in GROUPS.items():
        if own := _of_views(clips, views):
            yield group, own


def _of_views(clips: Sequence[FollowedClip], views: Sequence[str]) -> list[FollowedClip]:
    return [clip for clip in clips if clip.view in views]


def _known(clips: Sequence[FollowedClip], pairs: Callable[[WalkRecord], Pairs]) -> np.ndarray:
    found = np.array([pair for clip in clips for pair in pairs(clip.record)], float).reshape(-1, 2)
    return found[np.isfinite(found).all(axis=1)]


def _numbers_cell(clips: Sequence[FollowedClip], pairs: Callable[[WalkRecord], Pairs]) -> str:
    known = _known(clips, pairs)
    if not len(known):
        return "–"
    error = known[:, 1] - known[:, 0]
    slope = _shown(slope_on_truth(known), 2)
    return f"{error.mean():+.1f}, {root_mean_square(error):.1f}; {slope}"


def _events(clips: Sequence[FollowedClip]) -> str:
    records = [clip.record for clip in clips]
    biases = [over_events(kind, absolute=False).of_walks(records) for kind in EVENT_KINDS]
    return ", ".join(f"{bias:+.0f}" for bias in biases)


def _shown(value: float, places: int) -> str:
    return f"{value:.{places}f}" if np.isfinite(value) else "–"
