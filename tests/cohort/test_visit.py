"""Recordings of one visit: each tracked with all, and refused where they are none."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait import pipeline
from simgait.cohort import results_folder
from simgait.cohort.inputs import recordings_in
from simgait.cohort.one_visit import OneVisit
from simgait.cohort.results_folder import track_into
from simgait.cohort.visit import Walks, prepare_visit, walks_of_recordings
from simgait.cohort.visit_page import write_visit_page_if_one
from simgait.errors import InputError
from simgait.footage import Camera
from simgait.pipeline import PreparedWalk, TrackOptions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.metrabs_v1 import METRABS_17_V1
from simgait.types import Recording
from tests.cli.conftest import Walk
from tests.visit_folders import visit_folder


@pytest.fixture(scope="module")
def detected() -> Recording:
    """A walk as one camera saw it."""
    from simgait.synthetic.recording import trial_from_walk
    from simgait.synthetic.walkers.specification import draw_walker
    from simgait.synthetic.walkers.walk import walk

    walked = walk(draw_walker(5, "normal"), 3.0)
    return replace(trial_from_walk(walked, view="ahead").recording, pose=None, events=())


def turned(recording: Recording, name: str, **changes: Any) -> Recording:
    """The walk back."""
    points = recording.keypoints_m * [-1.0, -1.0, 1.0]
    return replace(recording, keypoints_m=points, recording_id=name, **changes)


def ready(walks: Walks) -> list[PreparedWalk]:
    assert not isinstance(walks, Exception)
    return walks


def numbers(walk: PreparedWalk) -> list[Any]:
    trial = walk.trial
    return [trial.keypoints_m, trial.pelvis_path_m, trial.travel_factor, *vars(walk.dims).values()]


def test_a_visit_of_one_walk_is_the_walk_alone(detected) -> None:
    (alone,) = pipeline.walks_in_memory(detected, TrackOptions())
    ((_, found),) = walks_of_recordings([detected], TrackOptions(), OneVisit())
    (one,) = ready(found)
    assert one.visit is None and one.trial.notes == alone.trial.notes
    for a, b in zip(numbers(one), numbers(alone), strict=True):
        np.testing.assert_array_equal(a, b)


def test_walks_share_and_say_so_whatever_their_order_and_whatever_else_fails(detected) -> None:
    longer = replace(detected, keypoints_m=detected.keypoints_m * 1.05, recording_id="b")
    empty = replace(detected, keypoints_m=detected.keypoints_m * np.nan, recording_id="empty")
    members = [detected, turned(longer, "b"), empty]
    found = walks_of_recordings(members, TrackOptions(), OneVisit({"b": 4.0}))
    assert [name for name, _ in found] == [detected.recording_id, "b", "empty"]
    assert isinstance(found[2][1], InputError)
    (one,), (other,) = ready(found[0][1]), ready(found[1][1])
    assert one.dims == other.dims and one.trial.path_basis == "visit"
    assert other.trial.path_basis == "distance_said"
    assert one.visit is not None and one.visit["walks"] == 2
    assert len(one.visit["files"]) == 2 and one.visit["size_ratio"] != 1.0
    notes = " ".join(one.trial.notes)
    assert "One of 2 walks of a visit" in notes and "whose distance is known" in notes
    assert "cm longer than the other side's" in notes
    back = walks_of_recordings(members[::-1], TrackOptions(), OneVisit({"b": 4.0}))
    for a, b in zip(numbers(one), numbers(ready(back[2][1])[0]), strict=True):
        np.testing.assert_array_equal(a, b)


def test_walks_in_one_direction_say_that_asymmetry_may_be_the_cameras(detected) -> None:
    found = walks_of_recordings([detected, detected], TrackOptions(), OneVisit())
    assert "No walk of the visit goes the opposite way" in ready(found[0][1])[0].trial.notes[-1]


def test_a_detectors_joints_are_those_of_all_walks_together(good_walk: Walk) -> None:
    """One whose proportions are beyond the definitions by chance goes with the others."""
    names = tuple(n for n in KEYPOINT_NAMES if n in METRABS_17_V1.shows)
    index = {name: KEYPOINT_NAMES.index(name) for name in KEYPOINT_NAMES}

    def through(ratio: float, name: str) -> Recording:
        """Its points with such a thigh, over the shank, and MeTRAbs's hips."""
        points = good_walk.points_m.copy()
        for side in ("Left", "Right"):
            hip, knee, ankle = (index[f"{side} {joint}"] for joint in ("Hip", "Knee", "Ankle"))
            down = ratio / (1.0 + ratio) - 0.5
            points[:, knee] += down * (points[:, ankle] - points[:, hip])
        hips = points[:, [index["Left Hip"], index["Right Hip"]]]
        middle, leg_m = hips.mean(axis=1, keepdims=True), 0.491 * good_walk.height_m
        apart_m = np.linalg.norm(hips[:, 0] - hips[:, 1], axis=-1).mean()
        wide = middle + (hips - middle) * 0.28 * leg_m / apart_m
        points[:, [index["Left Hip"], index["Right Hip"]]] = wide
        return Recording(
            recording_id=name, source_format="npz", time_s=np.arange(len(points)) / 30.0,
            keypoint_names=names, keypoints_m=points[:, [index[n] for n in names]],
            confidence=np.ones((len(points), len(names))), scale_is_metric=False,
            pelvis_travels=True, height_m=good_walk.height_m,
        )  # fmt: skip

    odd = through(1.42, "odd")
    (alone,) = pipeline.walks_in_memory(odd, TrackOptions())
    assert alone.trial.joint_definitions == ""
    members = [odd, through(1.28, "usual"), through(1.27, "c")]
    found = walks_of_recordings(members, TrackOptions(), OneVisit())
    assert [ready(own)[0].trial.joint_definitions for _, own in found] == ["metrabs-17"] * 3


def test_the_lens_that_a_distance_tells_is_that_of_the_other_videos(monkeypatch, detected) -> None:
    asked: dict[str, Any] = {}

    def read(path: Any, options: TrackOptions) -> Any:
        asked[path.name] = options.reader.fov_deg
        source = "distance" if options.reader.distance_m else "stated"
        camera = Camera(960.0, 1920, 1080, source, np.zeros(3), np.eye(3))
        recording = replace(detected, camera=camera, recording_id=path.stem)
        return recording, pipeline.source_in_memory(recording)

    monkeypatch.setattr(pipeline, "read", read)
    walks_of_recordings([Path("a.mp4"), Path("b.mp4")], TrackOptions(), OneVisit({"b.mp4": 4.0}))
    assert asked == {"b.mp4": None, "a.mp4": pytest.approx(90.0)}


def track(lab: Any, visit: OneVisit | None = None, **settings: Any) -> list[Any]:
    files = recordings_in([lab.inputs], exclude=lab.out)
    return list(
        track_into(
            lab.out, lab.policy, files, TrackOptions(), visit=visit or OneVisit(), **settings
        )
    )


def test_a_visit_goes_on_and_notices_another_set_of_walks(laboratory, good_walk: Walk) -> None:
    lab = laboratory("a", "b")
    (lab.inputs / "broken.npz").write_bytes(b"")
    for name in ("a", "b"):
        good_walk.save(lab.inputs / f"{name}.npz", subject_id="P1")
    outcomes = track(lab)
    assert [bool(one.failure) for one in outcomes].count(True) == 1 and len(outcomes) == 3
    request = json.loads((lab.out / "a" / "walk.json").read_text())["request"]
    assert len(request["visit"]) == 3
    whole = lab.contents()
    shutil.rmtree(lab.out / "b")
    lab.tracked.clear()
    track(lab)  # what was lost is tracked again, beside the same others
    assert lab.contents() == whole and lab.tracked == [["a", "b"]]
    good_walk.save(lab.inputs / "c.npz", subject_id="P1", mass_kg=70.0)
    for other in (lambda: track(lab), lambda: track(lab, OneVisit({"a.npz": 4.0})), lab.track):
        with pytest.raises(InputError, match=r"tracked before .* not as now: visit"):
            other()
    assert lab.contents() == whole
    assert len(track(lab, overwrite=True)) == 4


def test_a_visits_page_is_linked_and_goes_where_its_walks_change(
    laboratory, good_walk: Walk, monkeypatch
) -> None:
    def write(folder: Path, tell: Any) -> None:
        (folder / "visit.html").write_text("the visit")

    monkeypatch.setattr(results_folder, "write_visit_page_if_one", write)
    lab = laboratory("a")
    track(lab)
    assert '<a href="visit.html">' in (lab.out / "index.html").read_text()
    good_walk.save(lab.inputs / "b.npz", subject_id="in")
    monkeypatch.setattr(results_folder, "write_visit_page_if_one", lambda folder, tell: None)
    track(lab, overwrite=True)
    assert not (lab.out / "visit.html").exists()
    assert "visit.html" not in (lab.out / "index.html").read_text()


def test_a_visits_page_is_told_of_or_why_there_is_none(tmp_path: Path) -> None:
    told: list[str] = []
    folder = visit_folder(tmp_path / "a", [{("velocity_mps", "both"): (1.0, 0.05)}])
    write_visit_page_if_one(folder, told.append)
    (folder / "walk0" / "parameters.csv").unlink()
    write_visit_page_if_one(folder, told.append)
    assert told[0] == f"the visit on one page: {folder / 'visit.html'}"
    assert told[1].startswith("note: there is no visit.html: walk0/parameters.csv: is not there")


def test_recordings_of_two_people_are_refused_before_anything_is_tracked(
    laboratory, good_walk: Walk
) -> None:
    lab = laboratory()
    good_walk.save(lab.inputs / "a.npz", subject_id="P1")
    good_walk.save(lab.inputs / "b.npz", subject_id="P2")
    with pytest.raises(InputError, match="a and b are no walks of one visit: each has another sub"):
        track(lab)
    assert lab.tracked == [] and not lab.out.exists()


def test_a_distance_belongs_to_one_recording_and_is_one_that_people_walk(laboratory) -> None:
    lab = laboratory("a")
    with pytest.raises(InputError, match=r"of x\.npz: no recording is called so; .*a\.npz"):
        track(lab, OneVisit({"x.npz": 4.0}))
    with pytest.raises(InputError, match=r"distance of a\.npz: nobody walks 4000 m"):
        OneVisit({"a.npz": 4000.0})
    with pytest.raises(InputError, match="several have that name"):
        OneVisit({"a": 4.0}).check_names(["a", "a"])


def test_what_could_not_be_read_does_not_stop_the_others(detected) -> None:
    source = pipeline.source_in_memory(detected)
    found = prepare_visit([InputError("it is empty."), (detected, source)], TrackOptions())
    assert isinstance(found[0], InputError) and len(ready(found[1])) == 1
