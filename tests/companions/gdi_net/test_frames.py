"""Pictures of I, U, V become frames around the person, whatever the camera."""

import numpy as np
import pytest

from simgait.companions.gdi_net.frames import Framing, left_is_near, mirrored, prepared
from simgait.errors import InputError
from tests.companions.gdi_net.made_up import figure, walking

SIZE = (48, 36)


def test_a_mirror_makes_left_right_and_twice_nothing():
    pictures = np.stack(walking(3))
    other = mirrored(pictures)
    assert not left_is_near(pictures) and left_is_near(other)
    assert (other[..., 0] == 14).sum() == (pictures[..., 0] == 13).sum()
    assert not (other[..., 0] == 13).any()
    np.testing.assert_array_equal(mirrored(other), pictures)
    # U of a shank still grows from the person's right to the left.
    rows, columns = np.nonzero(other[0, ..., 0] == 14)
    assert np.corrcoef(columns, other[0, rows, columns, 1])[0, 1] > 0.99


def test_the_person_fills_the_frame_at_any_place_and_size():
    near = prepared([figure(300, (240, 200 + k)) for k in range(5)], "follow", SIZE)
    far = prepared(walking(5, tall_px=100, step_px=7), "follow", SIZE)
    assert near.shape == (5, *SIZE, 3)
    rows = np.flatnonzero((near[2, ..., 0] > 0).any(axis=1))
    assert 40 <= np.ptp(rows) + 1 <= 44
    assert np.mean(near[..., 0] == far[..., 0]) > 0.97
    seen = (near[..., 0] == far[..., 0]) & (near[..., 0] > 0)
    assert np.abs(near[seen].astype(int) - far[seen])[:, 2].mean() < 12


def test_whose_left_is_near_is_turned_round():
    right = prepared(walking(5), "follow", SIZE)
    left = prepared(list(mirrored(np.stack(walking(5)))), "follow", SIZE)
    assert np.mean(right[..., 0] == left[..., 0]) > 0.95


def test_whole_pictures_go_in_as_they_are_or_every_nth_pixel():
    pictures = [figure(), figure(at=(240, 330))]
    np.testing.assert_array_equal(prepared(pictures, "whole", (480, 640)), np.stack(pictures))
    reduced = prepared(pictures, "whole", (60, 80))
    np.testing.assert_array_equal(reduced[1], pictures[1][4::8, 4::8])


def test_what_cannot_be_prepared_is_a_sentence():
    pair = figure()
    pair[:, 400:] = figure()[:, 240:480][:, :240]
    cases: dict[str, tuple[list[np.ndarray], Framing, tuple[int, int]]] = {
        "pictures of 2 sizes": ([figure(), figure(picture=(400, 640))], "follow", SIZE),
        "several people are in 4 of 4 pictures": ([pair] * 4, "follow", SIZE),
        "nobody is seen in 1 of 2 pictures": ([figure(), figure() * 0], "follow", SIZE),
        "the person is 40 pixels tall and 60 are needed": ([figure(40)], "follow", SIZE),
        "pictures of 640 × 480 pixels, and the network reads 70 × 60": (
            [figure()], "whole", (60, 70),
        ),
    }  # fmt: skip
    for sentence, (pictures, framing, size) in cases.items():
        with pytest.raises(InputError, match=sentence):
            prepared(pictures, framing, size)
