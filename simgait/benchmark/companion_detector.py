"""BlazePose's points of videobench-v1 through openpose-gdi, beside the same walks' exact points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.benchmark.film_scores import of_person
from simgait.benchmark.videobench import LANDMARKS_SUFFIX, SHIPPED, VERSION, read_tracks
from simgait.companions.openpose_gdi.columns import LEG_POINTS, on_clock
from simgait.companions.openpose_gdi.evaluation import NAMES
from simgait.companions.openpose_gdi.filmed_walkers import (
    LabelledWindows,
    joined,
    windows_of_walk,
)
from simgait.companions.openpose_gdi.networks import KINDS
from simgait.companions.openpose_gdi.pairs import pairs_of
from simgait.companions.openpose_gdi.targets import TARGETS, targets_of
from simgait.companions.openpose_gdi.too_far_off import withheld_of
from simgait.companions.openpose_gdi.weights import (
    OpenPoseCard,
    TrainedNetworks,
    load_networks,
    predict,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import cell, error_cells, judge
from simgait.gait.scores import ScoreReference
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.skeleton.sides import SIDES
from simgait.synthetic.people.clip import make_clip, synthetic_walk
from simgait.synthetic.people.plan import ClipPlan
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.truth import Truth, truth_of
from simgait.synthetic.recording import subject_of
from simgait.video.landmarks import LandmarkTrack

DETECTOR = "blazepose-33"
Legs = Float[np.ndarray, "T 8 2"]
"""Points `LEG_POINTS` in a clip's T frames (px); NaN missing."""


@dataclass(frozen=True)
class SeenClip:
    """Windows of a walk as a detector drew it, and of its exact points."""

    drawn: LabelledWindows
    exact: LabelledWindows


def drawn_legs(truth: Truth, tracks: Sequence[LandmarkTrack]) -> Legs:
    """BlazePose's points of the person's legs."""
    index = find_keypoint_set(DETECTOR, truth.name).index
    columns = [index[name] for name in LEG_POINTS]
    points = np.full((len(truth.time_s), len(columns), 2), np.nan)
    for track, at, his in of_person(truth, tracks):
        points[at[his]] = track.image_px[his][:, columns]
    return points


def exact_legs(truth: Truth) -> Legs:
    """Where the same joints are in the pictures."""
    return truth.joints_px[:, [JOINTS.index(name) for name in LEG_POINTS]]


def seen_clips(
    plans: Sequence[ClipPlan],
    reference: ScoreReference,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[SeenClip]:
    """The walks that are long enough, while the person is seen whole.

    Args:
        plans: of clips whose landmarks come with simgait.
        reference: healthy people of the exact GDI.
        say: told how far it is.

    Raises:
        InputError: a file is damaged, or of another version.
    """
    for number, plan in enumerate(plans, 1):
        clip = make_clip(plan)
        truth = truth_of(clip)
        tracks, _ = read_tracks(SHIPPED / f"{plan.name}{LANDMARKS_SUFFIX}", truth)
        by_side = targets_of(synthetic_walk(plan, clip.person), reference)
        if number % 50 == 0:
            say(f"{number} of {len(plans)} clips")
        if set(by_side) != set(SIDES):
            continue
        targets = np.stack([by_side[side] for side in SIDES])
        kinds = (drawn_legs(truth, tracks), exact_legs(truth))
        if not all(_is_seen(truth, points).any() for points in kinds):
            continue
        try:
            drawn, exact = (_windows(truth, points, targets) for points in kinds)
        except InputError:
            continue
        yield SeenClip(drawn, exact)


def _is_seen(truth: Truth, points: Legs) -> Bool[np.ndarray, " T"]:
    """Pictures in which the whole person is, and some point of the legs."""
    return np.asarray(truth.whole & np.isfinite(points).all(axis=-1).any(axis=1))


def _windows(truth: Truth, points: Legs, targets: Float[np.ndarray, "2 4"]) -> LabelledWindows:
    """Windows of a clip in which somebody is seen.

    Raises:
        InputError: the walk is too short, or too much of it is missing.
    """
    seen = np.flatnonzero(_is_seen(truth, points))
    part = points[seen[0] : seen[-1] + 1]
    on_time = on_clock(part, truth.fps_hz)
    return windows_of_walk(on_time, targets, subject_of(truth.seed), truth.height_m)


def detector_table(
    plans: Sequence[ClipPlan], say: Callable[[str], None] = lambda line: None
) -> MeasureTable:
    """A row for each number and kind of points, as the released network says it.

    Args:
        plans: of clips whose landmarks come with simgait.
        say: told how far it is.

    Raises:
        InputError: weights are missing or damaged, or a clip's file is; or too few walks are long
            enough to be judged.
        SplitError: somebody was learned from.
    """
    trained, card = load_networks(released_folder())
    seen = list(seen_clips(plans, trained.reference, say))
    rows = [
        *_rows(trained, card, "BlazePose", joined([one.drawn for one in seen])),
        *_rows(trained, card, "exact", joined([one.exact for one in seen])),
    ]
    return MeasureTable(
        f"{VERSION}, {len(seen)} of {len(plans)} walks long enough, truth exact, by the released "
        f"network ({card.released}); withheld: not said of BlazePose's points, by the RMSE that "
        "stands in its card",
        ("number", "points", "pairs", "RMSE", "bias", "r", "slope", "inside its interval, %",
         "interval ±", "RMSE in the card", "withheld"),
        tuple(rows),
    )  # fmt: skip


def _rows(
    trained: TrainedNetworks, card: OpenPoseCard, points: str, windows: LabelledWindows
) -> Iterator[tuple[str, ...]]:
    card.people.refuse_known(windows.people)
    kind = next(one for one in KINDS if one == card.released)
    pairs = pairs_of(windows, predict(trained, kind, windows.columns))
    drawn_by = "" if points == "exact" else DETECTOR
    known, (withheld, _) = (
        card.rmse_by_detector.get(drawn_by, {}),
        withheld_of(card, kind, drawn_by),
    )
    for key, target in TARGETS.items():
        one, width = pairs[key], card.half_widths[kind][key]
        row = judge(
            NAMES[kind], target.label, target.unit, one.truth, one.estimate, one.people, width
        )
        yield (
            f"{target.label} ({target.unit})", points, f"{row.pairs}", *error_cells(row),
            cell(row.inside_percent), cell(width), cell(known.get(key, np.nan)),
            "yes" if key in withheld else "no",
        )  # fmt: skip
