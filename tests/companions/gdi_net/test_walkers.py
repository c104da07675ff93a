"""Rendered walkers: a GDI that is exact, frames around the person, postures of these frames."""

import numpy as np
import pytest

from simgait.companions.gdi_net.frames import N_FRAMES, PUBLISHED_PX
from simgait.companions.gdi_net.walkers import (
    POSTURE,
    rendered_walk,
    walker_clip,
    walker_plan,
)
from simgait.companions.openpose_gdi.targets import targets_of
from simgait.gait.known_scores import released_reference
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import walker_seed

SEED = walker_seed("validation", 760_000)


@pytest.fixture(scope="module")
def shown(gl):
    return rendered_walk(SEED, released_reference(), "follow", (48, 36))


def test_a_clip_is_as_a_clinic_films():
    plan = walker_plan(SEED)
    assert (plan.view, plan.size_px, plan.fps_hz) == ("sagittal", PUBLISHED_PX[::-1], 25.0)


def test_the_gdi_is_the_walkers_own(shown):
    _, truth = walker_clip(SEED)
    exact = targets_of(truth, released_reference())
    np.testing.assert_allclose(shown.gdi[0], [exact[side][0] for side in SIDES])
    assert shown.target[0] == pytest.approx(shown.gdi.mean())
    assert shown.people == (subject_of(SEED),)


def test_frames_show_the_person_and_postures_are_theirs(shown):
    assert shown.frames.shape == (1, N_FRAMES, 48, 36, 3) and shown.frames[..., 0].max() <= 24
    share = (shown.frames[..., 0] > 0).mean(axis=(0, 2, 3))
    assert share.min() > 0.1 and share.max() < 0.5
    knees = shown.posture[0][:, [i for i, name in enumerate(POSTURE) if "knee" in name]]
    # Where both knees are straight or nearly so the feet are far apart or together; a swinging
    # leg's shank is seen behind, so that its rows are fewer.
    bent = knees.max(axis=1)
    shanks = np.isin(shown.frames[0, ..., 0], (11, 12, 13, 14)).any(axis=2).sum(axis=1)
    assert np.ptp(bent) > 15.0 and shanks.min() > 5
