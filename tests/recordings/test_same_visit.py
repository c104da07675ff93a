"""What recordings of one visit must agree on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.footage import Camera
from simgait.recordings.same_visit import as_one_visit
from simgait.types import Recording


def recording(name: str, **facts: Any) -> Recording:
    given: dict[str, Any] = {
        "recording_id": name, "source_format": "npz", "time_s": np.arange(2) / 30.0,
        "keypoint_names": ("Pelvis",), "keypoints_m": np.zeros((2, 1, 3)),
        "confidence": np.ones((2, 1)), "scale_is_metric": False, "pelvis_travels": True,
    }  # fmt: skip
    return Recording(**given | facts)


def camera(focal_px: float, source: str) -> Camera:
    return Camera(focal_px, 1920, 1080, source, np.zeros(3), np.eye(3))


def test_what_one_says_of_the_person_holds_for_all():
    walks = [
        recording("a", height_m=1.72, subject_id="P1"),
        recording("b", height_m=1.74, mass_kg=70.0),
        recording("c"),
    ]
    for one in as_one_visit(walks):
        assert one.height_m == pytest.approx(1.73)
        assert (one.mass_kg, one.subject_id) == (70.0, "P1")
        assert not one.height_is_estimated
    assert as_one_visit(walks[:1])[0] is walks[0]
    guessed = recording("d", height_m=1.73, height_is_estimated=True)
    assert all(one.height_is_estimated for one in as_one_visit([*walks, guessed]))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"subject_id": "P1"}, {"subject_id": "P2"}, "each has another subject"),
        ({"height_m": 1.6}, {"height_m": 1.7}, r"the height is 1\.60 m and 1\.70 m"),
        ({"height_m": 1.64471}, {"height_m": 1.70308}, r"the height is 1\.64 m and 1\.70 m"),
        ({"mass_kg": 60.0}, {"mass_kg": 80.0}, "the mass is 60 kg and 80 kg"),
        ({"recorded_on": "2026-01-01"}, {"recorded_on": "2026-01-02"}, "another day"),
        ({"scale_is_metric": True}, {}, "another kind of positions"),
        ({"error_model": "wide-v1"}, {"error_model": "monocular-v1"}, "another synthetic detector"),
        ({"keypoint_names": ("Head",)}, {}, "another set of keypoints"),
        (
            {"camera": camera(1600.0, "tag"), "image_px": np.zeros((2, 1, 2))}, {},
            "another kind of source",
        ),
        (
            {"camera": camera(1600.0, "tag")}, {"camera": camera(1700.0, "stated")},
            "other fields of view",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_one_visit_is_refused_and_no_subject_is_quoted(one, other, why: str):
    walks = [recording("a", **one), recording("x"), recording("b", **other)]
    if "camera" in other:
        walks.pop(1)
    with pytest.raises(InputError, match=f"are no walks of one visit: .*{why}; track") as refused:
        as_one_visit(walks)
    assert "P1" not in str(refused.value)


def test_a_height_that_is_given_overrules_and_an_assumed_lens_says_nothing():
    as_one_visit([recording("a", height_m=1.6), recording("b", height_m=1.7)], height_is_given=True)
    lenses = [camera(1600.0, "tag"), camera(900.0, "assumed"), camera(1500.0, "distance")]
    as_one_visit([replace(recording("a"), camera=one) for one in lenses])


def test_markers_may_be_lacking_in_one_of_several_trials():
    walks = [recording("a", scale_is_metric=True) for _ in range(2)]
    as_one_visit([walks[0], replace(walks[1], keypoint_names=("Head",))])
