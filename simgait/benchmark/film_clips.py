"""Rendered clips in no benchmark by which film's intervals are set, and what is true in them.

Synthetic walkers, and people who walk as markers did whom nothing is judged by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.benchmark.captured_walks import captured_clip, captured_walks, contacts_of
from simgait.benchmark.cases import Case, marker_case
from simgait.benchmark.film_bodies import straight_walks
from simgait.benchmark.interval_walks import WALKERS
from simgait.errors import InputError
from simgait.gait.recorded import world_keypoints
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.people.cameras import View
from simgait.synthetic.people.clip import Clip, make_clip
from simgait.synthetic.people.plan import ClipPlan, plan_captured, plan_clip
from simgait.synthetic.people.truth import truth_of
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.walk import draw_walker, walk
from simgait.types import Recording
from simgait.video.landmarks import LandmarkTrack

FILMED_PEOPLE = "filmed people"
"""Set of those who walk as markers did."""
EXACT_HZ = 100.0
"""Of the exact walk that a synthetic walker's clip is judged by."""
DRAWN: tuple[tuple[View, tuple[int, ...]], ...] = (
    ("towards", (948000, 948001)),
    ("oblique", (922000, 945000)),
    ("sagittal", (*range(920000, 920005), *range(942000, 942008))),
    ("oblique_behind", (*range(923000, 923004), 947000)),
    ("away", tuple(range(921000, 921004))),
)
"""Views and seeds of synthetic walkers; all else is drawn."""
FAR_AWAY = (*range(940000, 940008), 941000)
"""Seeds of those who go away, walk normally, and are at least `FAR_M` from the camera: of whom
landmarks show least."""
FAR_M = 4.5
AS_MARKERS_WENT: tuple[tuple[View, int, tuple[str, ...]], ...] = (
    ("sagittal", 930000, ("02/02_01", "05/05_01", "06/06_01", "08/08_01", "26/26_01")),
    ("oblique_behind", 933000, ("02/02_01", "05/05_01", "06/06_01", "08/08_01", "26/26_01")),
    ("away", 931000, ("02/02_01",)),
    ("away", 940500, ("08/08_01",)),
    ("sagittal", 944000, ("27/27_01", "29/29_01", "35/35_01", "39/39_01", "43/43_01", "55/55_04",
                          "HC030A/HC030A05", "HC031A/HC031A06")),
    ("oblique", 946000, ("05/05_01",)),
    ("towards", 949000, ("06/06_01", "26/26_01")),
)  # fmt: skip
"""View, first seed, and the marker recordings of training people, the first walk in each."""


@dataclass(frozen=True)
class ClipWalk:
    """A rendered clip beside the exact walk in it.

    Attributes:
        exact: on the clip's clock, with foot events; `subject_id` says who walks.
        people: the set that he is of.
    """

    clip: Clip
    exact: Recording
    people: str


def training_clips(data_dir: Path) -> Iterator[ClipWalk]:
    """The clips that film's intervals are set on.

    Args:
        data_dir: of real marker recordings.

    Raises:
        InputError: a recording is not there, or holds no walk.
    """
    for view, seeds in DRAWN:
        for seed in seeds:
            yield synthetic_walk(plan_clip(seed, view))
    for seed in FAR_AWAY:
        yield synthetic_walk(plan_clip(seed, "away", pattern="normal", nearest_m=FAR_M))
    for view, first_seed, files in AS_MARKERS_WENT:
        for seed, file in enumerate(files, start=first_seed):
            yield captured_walk(recording_path(data_dir, file), seed, view)


def recording_path(data_dir: Path, file: str) -> Path:
    """Of CMU's motion capture, or of McGill's markers.

    Raises:
        InputError: it is not there.
    """
    of_mcgill = file.startswith("HC")
    path = data_dir / (f"mcgill_c3d/{file}.c3d" if of_mcgill else f"cmu_asfamc/{file}.amc")
    if not path.is_file():
        raise InputError(
            f"{path.relative_to(data_dir)}: not found in the data folder {data_dir.name}; name the "
            "folder that holds it with --data."
        )
    return path


def synthetic_walk(plan: ClipPlan) -> ClipWalk:
    """A synthetic walker's clip.

    Raises:
        InputError: see `clip.make_clip`.
    """
    clip = make_clip(plan)
    assert plan.pattern != "captured"  # or make_clip has refused it
    spec = draw_walker(plan.seed, plan.pattern, clip.person.dimensions)
    made = trial_from_walk(walk(spec, plan.duration_s, EXACT_HZ), monocular=False)
    return ClipWalk(clip, _on_clock_of(clip, made.recording), WALKERS)


def captured_walk(path: Path, seed: int, view: View) -> ClipWalk:
    """A clip of a person who walks as the markers in a file did, in its first walk.

    Raises:
        InputError: see `captured_walks`, `captured_clip`.
    """
    source = captured_walks(path)[0]
    trial = source.trial
    duration_s = float(trial.time_s[-1])
    clip = captured_clip(
        source, plan_captured(seed, source.capture, trial.height_m, duration_s, view)
    )
    points = world_keypoints(trial)
    exact = Recording(
        recording_id=trial.trial_id,
        source_format=source.capture.source_format,
        time_s=trial.time_s,
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=points,
        confidence=np.isfinite(points).all(axis=-1).astype(float),
        scale_is_metric=True,
        pelvis_travels=True,
        subject_id=source.capture.person,
        height_m=trial.height_m,
        events=tuple(contacts_of(trial)),
    )
    return ClipWalk(clip, _on_clock_of(clip, exact), FILMED_PEOPLE)


def _on_clock_of(clip: Clip, exact: Recording) -> Recording:
    """A walk whose time begins with the clip's first picture."""
    events = tuple(replace(e, time_s=e.time_s - clip.first_s) for e in exact.events)
    return replace(exact, time_s=exact.time_s - clip.first_s, events=events)


def film_case(walk: ClipWalk, tracks: Sequence[LandmarkTrack]) -> Case:
    """The longest straight walk that simgait finds in a clip, beside what is true of it.

    Angles are those of the body that was rendered.

    Args:
        walk: the clip.
        tracks: of the people whom BlazePose saw in it.

    Raises:
        InputError: nothing in it can be tracked, and why.
    """
    truth = truth_of(walk.clip)
    walks = straight_walks(truth, tuple(tracks))
    found = max((one.trial for one in walks), key=lambda trial: trial.n_frames)
    trial = replace(found, subject_id=walk.exact.subject_id)
    at_s = trial.start_s + trial.time_s
    angles = [np.interp(at_s, truth.time_s, column) for column in truth.pose[:, ANGLES].T]
    return replace(marker_case(walk.exact, trial), angles_rad=np.stack(angles, axis=1))
