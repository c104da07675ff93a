from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.filmed import recording_of_walk
from simgait.recordings.options import NOTHING_SAID
from simgait.video import decode, watch
from simgait.video.decode import frames
from simgait.video.filmed_walk import (
    Asked,
    check_not_sideways,
    film_walk,
    left_out_notes,
    lens_note,
    walk_of_tracks,
)
from simgait.video.watch import Watched
from tests.video.conftest import Painted, noise
from tests.video.made_up import LENS, filmed_walker

SIXTY = Asked(field_of_view_deg=60.0)
FOCAL_PX = 128 / 2 / np.tan(np.radians(30.0))
"""Of 128 pixels at 60°."""


def crossing(k: int) -> list[tuple[float, float, float] | None]:
    """Somebody of 25 pixels a metre who glides across the picture at 1.2 m/s."""
    return [(14.0 + 1.0 * k, 45.0, 25.0)]


@pytest.fixture
def film(write_clip, monkeypatch):
    def make(where=crossing, n=90, asked=SIXTY, **clip):
        path = write_clip("walk.mp4", noise(n), **clip)
        painted = Painted(where)

        def counted(*part):
            for frame in frames(*part):
                painted.comes(frame.picture)
                yield frame

        monkeypatch.setattr(watch, "frames", counted)
        return film_walk(path, asked, painted)

    return make


def test_a_walk_across_the_picture_has_its_speed(film):
    walk = film()
    hips = walk.points_m[:, [23, 24]].mean(axis=1)
    speed = np.polyfit(walk.time_s, hips, 1)[0]
    # To the picture's right, which is the camera's right: y is to its left.
    assert speed[1] == pytest.approx(-30 / 25, rel=0.15)
    assert hips[:, 0].mean() == pytest.approx(FOCAL_PX / 25, rel=0.15)
    assert walk.lens.source == "stated" and "60° on the long side, as stated" in walk.notes[-1]


def test_a_speed_that_is_said_is_how_far_the_recording_goes(film):
    walk = film()
    said = replace(NOTHING_SAID, speed_mps=1.3)
    recording = recording_of_walk(walk, said)
    assert recording.distance_m == pytest.approx(1.3 * (walk.time_s[-1] - walk.time_s[0]))
    with pytest.raises(InputError, match="a distance and a speed are given"):
        recording_of_walk(walk, replace(said, distance_m=4.0))


def test_how_far_off_landmarks_are_comes_with_the_recording(film):
    walk = film()
    recording = recording_of_walk(walk, NOTHING_SAID)
    assert recording.image_px is not None and recording.image_sd_px is not None
    assert recording.drawn_by == "blazepose-33"
    seen = np.isfinite(recording.image_px).all(axis=-1)
    assert (np.isfinite(recording.image_sd_px) == seen).all()
    assert (recording.image_sd_px[seen] > 0.0).all()


def test_an_assumed_lens_is_said_aloud(film):
    said = film(asked=Asked())
    assert "ASSUMED" in said.notes[-1] and said.notes[-1].endswith("give --fov, or --distance.")
    # Of several walks of one film none can be said to be so long.
    assert "--distance" not in lens_note(said.lens, passes=True)


def test_pictures_with_legs_outside_are_left_out_and_missing(film):
    """In the last pictures the feet sink below the picture's edge."""
    walk = film(lambda k: [(14.0 + k, 45.0 + max(k - 60, 0), 25.0)])
    lost = np.isnan(walk.points_m).all(axis=(1, 2))
    # The toes are 23 pixels below the hips, the edge 51.
    assert not lost[:60].any() and len(walk.time_s) == 89
    assert any("legs leave the picture" in note for note in walk.notes)


@pytest.mark.parametrize(
    ("lost", "said"), [(1, "1 of 9 pictures was"), (2, "2 of 9 pictures were")]
)
def test_pictures_that_are_left_out_are_counted(lost, said):
    out, why = np.arange(9) < lost, "the legs leave the picture"
    assert left_out_notes(out, why) == (f"{said} left out: the legs leave the picture.",)
    assert left_out_notes(out[lost:], why) == ()


@pytest.mark.slow
def test_a_head_at_the_upper_edge_may_be_cut_off_and_is_said(film):
    above = [any("upper edge" in note for note in film(lambda k, y=y: [(14.0 + k, y, 25.0)]).notes)
             for y in (45.0, 22.0)]  # fmt: skip
    assert above == [False, True]


def test_legs_that_are_never_there_are_refused(film):
    with pytest.raises(
        InputError, match="walk.mp4: the legs of person 1 leave the picture in 90 of"
    ):
        film(lambda k: [(14.0 + k, 90.0, 25.0)])


def test_who_is_hidden_is_missing_meanwhile(film):
    walk = film(lambda k: [None if 40 <= k < 50 else crossing(k)[0]])
    assert np.isnan(walk.points_m[42]).all() and (walk.confidence[42] == 0).all()
    assert np.isfinite(walk.points_m[60]).all()


@pytest.mark.parametrize(
    ("where", "clip", "words"),
    [
        (lambda k: [None], {}, "no person was found"),
        (lambda k: [(60.0, 45.0, 25.0)], {}, "nobody in the video walks anywhere"),
        # Somebody dances: to and fro by a third of a step, up and down.
        (
            lambda k: [(60.0 + 5 * np.sin(k / 4), 45.0 + 2 * np.sin(k / 2), 25.0)],
            {},
            "nobody in the video walks anywhere",
        ),
        (crossing, {"fps_hz": 5}, "5 pictures a second do not show"),
        pytest.param(
            crossing,
            {"fps_hz": Fraction(1992, 200)},
            r"9\.9\d pictures a second do not show",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_no_walk_can_be_made_of_is_said(film, where, clip, words):
    with pytest.raises(InputError, match=f"walk.mp4: {words}"):
        film(where, **clip)


def test_ten_pictures_a_second_are_enough_and_a_hair_less_is_ten():
    watch.check_rate(np.arange(30) * (0.1 + 1e-9), "walk.mp4")


def test_who_lies_sideways_in_the_picture_is_told_to_turn_it():
    track = filmed_walker(90.0).track
    turned = replace(track, image_px=track.image_px[..., ::-1])
    check_not_sideways([track], "walk.mp4")
    check_not_sideways([turned, track], "walk.mp4")
    with pytest.raises(InputError, match="walk.mp4: everybody lies sideways .* by a quarter"):
        check_not_sideways([turned], "walk.mp4")


@pytest.mark.parametrize(("height", "width"), [(60, 128), (128, 60)])
def test_pictures_too_small_for_the_detector_are_refused(write_clip, height, width):
    path = write_clip("small.mp4", noise(10, height, width))
    with pytest.raises(
        InputError, match=f"small.mp4: pictures of {width} × {height} pixels are too small"
    ):
        film_walk(path, SIXTY, Painted(crossing))


def test_what_the_file_lost_is_said(film, monkeypatch):
    monkeypatch.setattr(decode, "_loss_note", lambda *said: "Lost.")
    assert "Lost." in film().notes


def test_the_recording_has_the_walkers_points_and_what_was_said(film):
    options = replace(NOTHING_SAID, subject_id="p7", mass_kg=70.0)
    recording = recording_of_walk(film(), options)
    assert recording.source_format == "video" and recording.subject_id == "p7"
    assert len(recording.keypoint_names) == 16 and "Left Heel" in recording.keypoint_names
    assert recording.pelvis_travels and not recording.scale_is_metric
    # z is up, and the feet are below the hips.
    names = list(recording.keypoint_names)
    drop = (
        recording.keypoints_m[:, names.index("Left Hip"), 2]
        - (recording.keypoints_m[:, names.index("Left Ankle"), 2])
    )
    assert np.allclose(drop, 0.84, atol=0.12)
    assert any("field of view" in note for note in recording.notes)


def doubted_walk(start, stop):
    """A walker who goes; in some pictures the network guesses, and guesses him large."""
    track = filmed_walker(180.0).track
    image, confidence = track.image_px.copy(), track.confidence.copy()
    rng = np.random.default_rng(0)
    part = slice(start, stop)
    image[part] += rng.normal(0.0, 60.0, image[part].shape)
    confidence[part, 23:] = 0.1
    track = replace(track, image_px=image, confidence=confidence)
    clip = decode.Clip(Path("go.mp4"), "go.mp4", LENS.width_px, LENS.height_px, 0, None)
    return walk_of_tracks(Watched(clip, track.time_s, (track,), None), LENS, SIXTY)


def test_pictures_whose_legs_are_guessed_are_left_out():
    walk = doubted_walk(60, 70)
    assert any("10 of 121 pictures were left out: the legs are hardly" in n for n in walk.notes)
    assert np.isnan(walk.points_m[60:70]).all() and np.isfinite(walk.points_m[:60]).all()
    with pytest.raises(InputError, match="legs of person 1 are hardly seen in 115 of 121 pictures"):
        doubted_walk(0, 115)


def leaves_and_comes_back(k: int) -> list[tuple[float, float, float] | None]:
    """Somebody crosses in 90 pictures, is away for 160, and crosses back."""
    if 90 <= k < 250:
        return []
    return [(14.0 + 1.0 * (k if k < 90 else 339 - k), 45.0, 25.0)]


@pytest.mark.slow
def test_who_came_back_is_lifted_in_every_pass(film):
    walk = film(leaves_and_comes_back, n=340, asked=replace(SIXTY, person=1, came_back=(2,)))
    assert any("Filmed from the side" in note for note in walk.notes)
    assert len(walk.everybody) == 2 and "Persons 1 and 2 were said to be one" in " ".join(
        walk.notes
    )
    first = walk.time_s < 3.0
    hips = walk.points_m[:, [23, 24]].mean(axis=1)
    seen = np.isfinite(hips[:, 1])
    for one, way in ((first & seen, -1.0), (~first & seen, 1.0)):
        speed = np.polyfit(walk.time_s[one], hips[one, 1], 1)[0]
        assert one.sum() > 85 and speed == pytest.approx(way * 30 / 25, rel=0.2)


def test_a_distance_of_who_came_back_is_refused(film):
    asked = replace(SIXTY, person=1, came_back=(2,), distance_m=5.0)
    with pytest.raises(InputError, match="is of one walk, and --came-back"):
        film(leaves_and_comes_back, n=340, asked=asked)
