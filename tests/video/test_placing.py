from dataclasses import replace

import numpy as np

from simgait.video.camera import Lens
from simgait.video.landmarks import LandmarkTrack
from simgait.video.placing import placed, ray_rotations, translation
from tests.video.conftest import STANDING

LENS = Lens(900.0, 1280, 720, "stated")


def filmed(at_m: np.ndarray) -> LandmarkTrack:
    """A person who stands at F places, seen without error."""
    rays = at_m[:, :2] / at_m[:, 2:]
    points = np.einsum("fij,kj->fki", ray_rotations(rays), STANDING) + at_m[:, None]
    image = points[..., :2] / points[..., 2:] * LENS.focal_px + LENS.middle_px
    n = len(at_m)
    return LandmarkTrack(
        np.arange(n), np.arange(n) / 30, image, np.tile(STANDING, (n, 1, 1)), np.ones((n, 33))
    )


def test_a_person_is_placed_where_he_stands():
    at_m = np.array([[0.0, 0.0, 4.0], [1.5, 0.2, 5.0], [-2.0, 0.4, 8.0]])
    points = placed(filmed(at_m), LENS)
    hips = points[:, [23, 24]].mean(axis=1)
    # The middle of the hips lies on the ray, so that the turn is known all but for perspective.
    assert np.allclose(hips, at_m, atol=0.02)


def test_a_picture_that_places_a_person_far_off_is_not_believed():
    """Seen upside down in space, but not in the picture, he would be behind the camera."""
    at_m = np.column_stack([np.linspace(-1.0, 1.0, 9), np.full(9, 0.2), np.linspace(4.0, 8.0, 9)])
    track = filmed(at_m)
    world = track.world_m.copy()
    world[4] *= -1.0
    hips = placed(replace(track, world_m=world), LENS)[:, [23, 24]].mean(axis=1)
    assert np.allclose(hips, at_m, atol=0.05)
    assert placed(track.part(track.frames < 1), LENS).shape == (1, 33, 3)


def test_rotations_take_the_axis_to_the_ray():
    rays = np.array([[0.0, 0.0], [0.5, -0.2], [-0.8, 0.3]])
    turns = ray_rotations(rays)
    along = np.column_stack([rays, np.ones(3)])
    assert np.allclose(turns[:, :, 2], along / np.linalg.norm(along, axis=1, keepdims=True))
    assert np.allclose(turns @ np.swapaxes(turns, 1, 2), np.eye(3))
    assert np.allclose(turns[0], np.eye(3))


def test_points_of_no_weight_place_nothing():
    points = np.array([[[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.5, 0.1]]])
    shift = np.array([[0.3, -0.1, 5.0]])
    rays = (points + shift[:, None])[..., :2] / (points + shift[:, None])[..., 2:]
    rays[0, 2] = 9.0
    assert np.allclose(translation(points, rays, np.array([[1.0, 1.0, 0.0]])), shift)
