import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video import moving_camera
from simgait.video.moving_camera import BackgroundWatch, background_shift
from tests.video.conftest import Painted

RNG = np.random.default_rng(1)
WALL = np.kron(RNG.integers(40, 220, (120, 160, 1)), np.ones((4, 4, 3))).astype(np.uint8)
"""A wall of 640 × 480 pixels; the camera sees 512 × 384 of it."""


def seen(shift_px, n=20, grain=3):
    """What a camera sees that looks `shift_px(k)` pixels aside in its k-th picture."""
    rng = np.random.default_rng(2)
    for k in range(n):
        x, y = (int(round(v)) for v in shift_px(k))
        part = WALL[40 + y : 424 + y, 60 + x : 572 + x].astype(int)
        noisy = part + rng.integers(-grain, grain + 1, part.shape) if grain else part
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def watched(pictures, people=()):
    watch = BackgroundWatch()
    for k, picture in enumerate(pictures):
        watch.see(picture, 0.25 * k, people)
    return watch


@pytest.mark.parametrize(
    "shift_px",
    [
        lambda k: (4 * k - 40, 0),
        pytest.param(lambda k: (0, 2 * k - 20), marks=pytest.mark.slow),
        lambda k: (12 * np.sin(k), 9 * np.cos(1.7 * k)),
    ],
)
def test_panning_tilting_and_a_shaking_hand_are_noticed(shift_px):
    with pytest.raises(InputError, match="v: the camera moves .* tripod"):
        watched(seen(shift_px)).check("v")


@pytest.mark.parametrize(
    "per_picture",
    [pytest.param(1.02, marks=pytest.mark.slow), pytest.param(0.99, marks=pytest.mark.slow), 1.005],
)
def test_a_zoom_is_noticed(per_picture):
    """The wall about the middle of the picture, drawn larger or smaller by so much each time."""
    y, x = np.mgrid[0:384, 0:512]

    def zoomed():
        rng = np.random.default_rng(2)
        for k in range(14):
            size = per_picture**k
            rows = np.clip(((y - 192) / size + 240).round(), 0, 479).astype(int)
            columns = np.clip(((x - 256) / size + 320).round(), 0, 639).astype(int)
            part = WALL[rows, columns].astype(int)
            yield np.clip(part + rng.integers(-3, 4, part.shape), 0, 255).astype(np.uint8)

    with pytest.raises(InputError, match="v: the camera zooms"):
        watched(zoomed()).check("v")


WIDE = np.kron(RNG.integers(40, 220, (16, 120, 1)), np.ones((4, 4, 3))).astype(np.uint8)


def panned(shift_px, n):
    """What a camera sees that looks `shift_px(k)` pixels aside along a wide wall, of which 256."""
    for k in range(n):
        part = WIDE[:, shift_px(k) : shift_px(k) + 256].astype(int)
        noisy = part + np.random.default_rng(k).integers(-3, 4, part.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("per_picture_px", [1, 4])
def test_a_slow_pan_is_followed_however_far_it_goes(per_picture_px):
    """The background leaves its first place by more than a tile shows: by 39 and 156 px."""
    watch = watched(panned(lambda k: per_picture_px * k, 40))
    assert watch.drift == pytest.approx(0.9 * per_picture_px * 39 / 256, rel=0.25)
    with pytest.raises(InputError, match="v: the camera moves .* tripod"):
        watch.check("v")


def test_a_camera_that_is_carried_along_is_noticed_though_no_two_pictures_agree():
    rng = np.random.default_rng(4)
    elsewhere = (
        np.kron(rng.integers(40, 220, (16, 64, 1)), np.ones((4, 4, 3))).astype(np.uint8)
        for _ in range(12)
    )
    with pytest.raises(InputError, match="v: the camera moves"):
        watched(elsewhere).check("v")


def test_what_is_certain_is_said_before_the_film_has_ended(monkeypatch):
    monkeypatch.setattr(moving_camera, "CHECK_EVERY", 15)
    watch = BackgroundWatch()
    with pytest.raises(InputError, match="v: the camera moves"):
        for k, picture in enumerate(panned(lambda k: 4 * (k % 10), 30)):
            watch.see(picture, 0.25 * k, ())
            watch.check_so_far("v")
    assert k == 15


def test_an_empty_room_goes_on_until_somebody_comes_but_a_still_picture_of_somebody_does_not(
    monkeypatch,
):
    monkeypatch.setattr(moving_camera, "CHECK_EVERY", 10)
    painted = Painted(lambda k: [(20.0, 40.0, 20.0)])
    still = [next(panned(lambda k: 0, 1))] * 15
    (somebody,) = [painted.landmarks(still[0], painted.people(still[0])[0])]
    watch = BackgroundWatch()
    with pytest.raises(InputError, match="v: the picture never changes"):
        for k, picture in enumerate(still):
            watch.see(picture, 0.25 * k, [somebody])
            watch.check_so_far("v")
    watch = BackgroundWatch()
    for k, picture in enumerate([*still, *panned(lambda k: 0, 10)]):
        watch.see(picture, 0.25 * k, ())
        watch.check_so_far("v")
    watch.check("v")
    assert watch.notes() == ()


def test_a_camera_that_turns_a_little_is_noted():
    watch = watched(panned(lambda k: k // 5, 15))
    watch.check("v")
    assert "The background drifts by 0." in watch.notes()[0]


def test_nobody_can_tell_of_a_plain_wall_whether_the_camera_moved():
    plain = np.full((96, 256, 3), 120, np.uint8)
    rng = np.random.default_rng(3)
    watch = watched(plain + rng.integers(0, 4, plain.shape, dtype=np.uint8) for _ in range(8))
    watch.check("v")
    assert "too plain to tell whether the camera stood still" in watch.notes()[0]


def test_a_camera_on_a_tripod_stands_still():
    watched(seen(lambda k: (0, 0))).check("v")


def test_a_person_who_fills_a_third_of_the_picture_is_no_moving_camera():
    pictures = list(seen(lambda k: (0, 0)))
    painted = Painted(lambda k: [(100.0 + 15 * k, 190.0, 180.0)])
    watch = BackgroundWatch()
    for k, picture in enumerate(pictures):
        (region,) = painted.people(picture)
        x = int(region.x_px)
        picture[10:370, max(x - 60, 0) : x + 60] = RNG.integers(0, 255, (360, 1, 3))
        watch.see(picture, 0.25 * k, [painted.landmarks(picture, region)])
    watch.check("v")


def test_a_plain_wall_shows_nothing():
    plain = np.full((384, 512, 3), 120, np.uint8)
    assert background_shift(plain[..., 0] * 1.0, plain[..., 0] * 1.0, [(0, 0), (0, 32)]) is None


def test_a_still_picture_is_no_film():
    with pytest.raises(InputError, match="v: the picture never changes"):
        watched(seen(lambda k: (0, 0), grain=0)).check("v")


def test_the_shift_is_that_of_the_background():
    grey = WALL[..., 1].astype(float)
    tiles = [(y, x) for y in (0, 32, 64, 96) for x in (0, 32, 64, 96)]
    shift = background_shift(grey[20:200, 20:200], grey[17:197, 22:202], tiles)
    assert shift is not None and np.allclose(shift, [3.0, -2.0], atol=0.3)
