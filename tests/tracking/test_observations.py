"""The whole observation: what a config names, its size, and its mirror image."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.tracking.clips import ClipBank, with_mirror_images
from simgait.tracking.config import ObservationConfig, TrackingConfig
from simgait.tracking.observation_terms import OBSERVATION_TERMS, keypoint_frames
from simgait.tracking.observations import (
    mirror_of_observation,
    observation_size,
    observation_terms,
    observe,
    place_of,
)
from tests.tracking.moments import moment, moment_and_image

RECORDED = {"keypoints": "recorded", "future_frames": 2}
SEEN = {
    "default": ObservationConfig(),
    "the paper": ObservationConfig(
        all_keypoints=True, reference=False, pelvis_velocity=False, **RECORDED
    ),
    "recorded, reference": ObservationConfig(reference_frames=(1, 3), **RECORDED),
    "nothing ahead": ObservationConfig(future_frames=0, reference=False, pelvis_velocity=False),
}


@pytest.fixture(scope="module")
def both(clips: ClipBank) -> ClipBank:
    """Clip 3 + i is clip i's image."""
    return with_mirror_images(clips)


def test_the_order_of_released_policies() -> None:
    names = [term.name for term in observation_terms(TrackingConfig())]
    assert names == ["body_state", "last_action", "keypoints", "reference", "pelvis_velocity"]
    sizes = [term.size(TrackingConfig()) for term in observation_terms(TrackingConfig())]
    assert sizes == [35, 16, 5 * 14 * 4, 4 * 18 + 16, 3]


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("clip", [1, 2])
def test_every_term_of_an_image_is_the_image_of_the_term(
    both: ClipBank, seen: str, clip: int
) -> None:
    config = TrackingConfig(observation=SEEN[seen])
    here, there = moment_and_image(both, clip, config)
    for name in OBSERVATION_TERMS:
        term = OBSERVATION_TERMS[name]
        a, b = term.function(here, config), term.function(there, config)
        image_of = term.mirror(config)
        assert np.abs(a).max() > 1e-3, name
        assert np.allclose(b, image_of(a), atol=1e-5), name
        assert np.array_equal(image_of(image_of(a)), a), name


@pytest.mark.parametrize("seen", SEEN)
def test_sizes_are_known_without_looking(both: ClipBank, seen: str) -> None:
    config = TrackingConfig(observation=SEEN[seen])
    here, _ = moment_and_image(both, 1, config)
    for name in OBSERVATION_TERMS:
        term = OBSERVATION_TERMS[name]
        shape = jax.eval_shape(lambda t=term: t.function(here, config)).shape
        assert shape == (term.size(config),), name
    whole = observe(here, config)
    assert whole.shape == (observation_size(config),)
    assert len(mirror_of_observation(config).order) == observation_size(config)


@pytest.mark.parametrize("seen", SEEN)
def test_observations_of_images_are_images(both: ClipBank, seen: str) -> None:
    config = TrackingConfig(observation=SEEN[seen])
    here, there = moment_and_image(both, 2, config)
    expected = mirror_of_observation(config)(observe(here, config))
    assert np.allclose(observe(there, config), expected, atol=1e-5)


def test_the_keypoint_term_is_read_by_frame(clips: ClipBank) -> None:
    config = TrackingConfig(observation=SEEN["the paper"])
    now = moment(clips, 1, 3)
    shown = observe(now, config)[place_of("keypoints", config)]
    frames = keypoint_frames(shown, config)
    points, mask = clips.keypoints[1, 3:6], clips.keypoint_mask[1, 3:6]
    seen = np.asarray(points * mask[..., None]).reshape(3, -1)
    assert np.allclose(frames[:, :-23], seen) and np.array_equal(frames[:, -23:], mask)
    together = keypoint_frames(jnp.stack([shown, 2.0 * shown]), config)
    assert np.allclose(together, [frames, 2.0 * frames])


def test_every_term_has_its_place(clips: ClipBank) -> None:
    config = TrackingConfig(observation=SEEN["recorded, reference"])
    now = moment(clips, 0, 2)
    whole = observe(now, config)
    for name in config.observation.terms:
        alone = OBSERVATION_TERMS[name].function(now, config)
        assert np.allclose(whole[place_of(name, config)], jnp.clip(alone, -10.0, 10.0)), name


def test_numbers_stay_bounded_however_wild_the_body(clips: ClipBank) -> None:
    wild = moment(clips, 0, 3, pose_velocity=jnp.full(16, 1e6), foot_load_bw=jnp.full(2, 1e6))
    assert np.abs(observe(wild, TrackingConfig())).max() <= 10.0


def test_a_term_that_nobody_registered_is_one_sentence() -> None:
    config = TrackingConfig(observation=ObservationConfig(extra=("smell",)))
    with pytest.raises(InputError, match="no observation term 'smell'; known are body_state"):
        observation_size(config)
