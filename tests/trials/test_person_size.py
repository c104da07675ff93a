from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.footage import Camera
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk
from simgait.trials.person_size import person_size

LIMITS = (0.7, 1.4)


def guessed_by_one_camera(height_m: float, *, filmed: bool):
    recording = trial_from_walk(walk(draw_walker(4, "normal"), 3.0), monocular=True).recording
    camera = Camera(900.0, 1280, 720, "stated", np.array([0.0, 0.0, 1.0]), np.eye(3))
    known = replace(recording, height_m=height_m)
    if not filmed:
        return known
    return replace(known, camera=camera, image_px=recording.keypoints_m[..., :2])


def test_a_small_child_on_film_has_an_adults_legs_by_the_detector():
    size = person_size(guessed_by_one_camera(0.93, filmed=True), 0.73, None, LIMITS)
    assert size.scale == pytest.approx(0.62, abs=0.02)
    assert size.height_m == 0.93
    assert any("were scaled by 0.6" in note for note in size.notes)


@pytest.mark.parametrize("filmed", [True, False])
def test_only_positions_that_can_be_called_measured_are_told_how(filmed):
    (note,) = person_size(guessed_by_one_camera(1.7, filmed=filmed), 0.78, None, LIMITS).notes
    assert "were scaled by 1.07" in note
    assert ("--positions measured" in note) != filmed


def test_another_detectors_points_keep_its_legs_though_their_camera_is_known():
    known = replace(guessed_by_one_camera(0.93, filmed=True), image_px=None)
    with pytest.raises(InputError, match="check the unit of the keypoints and the height"):
        person_size(known, 0.73, None, LIMITS)


def test_keypoints_whose_unit_was_said_are_not_that_small():
    with pytest.raises(InputError, match="check the unit of the keypoints and the height"):
        person_size(guessed_by_one_camera(0.93, filmed=False), 0.73, None, LIMITS)


def test_legs_on_film_in_no_metres_are_refused():
    with pytest.raises(InputError, match="at most"):
        person_size(guessed_by_one_camera(1.7, filmed=True), 0.3, None, LIMITS)
    with pytest.raises(InputError, match="at least"):
        person_size(guessed_by_one_camera(0.9, filmed=True), 1.5, None, LIMITS)


def test_measured_legs_of_an_adult_in_inches_are_no_small_person():
    metres = guessed_by_one_camera(1.75, filmed=False)
    measured = replace(metres, height_m=None, scale_is_metric=True)
    with pytest.raises(InputError, match=r"as of a person of 0.69 m: check the unit of the file"):
        person_size(measured, 0.338, None, LIMITS)
    given = person_size(measured, 0.338, 0.69, LIMITS)
    assert given.height_m == 0.69 and not given.height_is_estimated
    by_reader = replace(measured, height_m=0.69, height_is_estimated=True)
    assert person_size(by_reader, 0.338, None, LIMITS).height_is_estimated
    assert not person_size(by_reader, 0.338, 0.69, LIMITS).height_is_estimated
    assert person_size(measured, 0.42, None, LIMITS).height_m == pytest.approx(0.857, abs=0.03)
