"""Masks of the curriculum, what the network does not see, and a training that goes on."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest

from simgait.companions.gengait.config import (
    GenGaitConfig,
    MaskConfig,
    OptimiserConfig,
    load_gengait_config,
)
from simgait.companions.gengait.joints import POINT_INDEX, TILE_POINTS, withheld_for
from simgait.companions.gengait.masks import draw_masks, structured_share
from simgait.companions.gengait.passes import Network, put_right, reconstructed, tile_residuals_deg
from simgait.companions.gengait.tokens import (
    Standard,
    features,
    mirrored_windows,
    windows,
)
from simgait.companions.gengait.training import (
    LearnedFrom,
    TrainingState,
    batch_of,
    fresh_params,
    train,
)
from simgait.resources import resource_dir
from tests.companions.gengait.made_up import SMALL, small, walk

TINY = GenGaitConfig(network=SMALL, optimiser=OptimiserConfig(steps=120, batch=8))


def test_masks_go_from_random_to_structured() -> None:
    config, rng = MaskConfig(), np.random.default_rng(0)
    assert structured_share(config, 0.0) == 0.0
    assert structured_share(config, 1.0) == config.most_structured
    early, late = (draw_masks(config, progress, 400, rng) for progress in (0.0, 1.0))
    for masks in (early, late):
        assert masks.any(axis=(1, 2)).all() and not masks.all(axis=(1, 2)).any()
    # A structured mask hides the same points in the frames it hides, one frame after the other.
    alike = [len({frame.tobytes() for frame in mask if frame.any()}) == 1 for mask in late]
    assert np.mean(alike) > 0.8 and np.mean(early[:, 0] != early[:, 1]) > 0.1
    whole = late[np.array(alike)].any(axis=2).all(axis=1)
    assert 0.5 < np.mean(whole) < 0.9


def test_what_is_hidden_is_not_seen() -> None:
    network, one = small().network, walk(0)
    hidden = withheld_for(["left_knee"])
    (said,) = reconstructed(network, [one], [hidden])
    points = one.points.copy()
    points[:, hidden] += 0.2
    other = type(one)(points, one.frames, one.relative_speed, one.first_phase)
    (again,) = reconstructed(network, [other], [hidden])
    assert again == pytest.approx(said, abs=1e-6)
    (open_,) = reconstructed(network, [other], [~hidden & hidden])
    assert np.abs(open_ - said).max() > 1e-4


def test_points_that_are_missing_count_as_hidden() -> None:
    network, one = small().network, walk(0)
    hidden = withheld_for(["right_ankle"])
    points = np.where(hidden[:, None], np.nan, one.points)
    other = type(one)(points, one.frames, one.relative_speed, one.first_phase)
    said = [
        reconstructed(network, [w], [h])[0] for w, h in ((one, hidden), (other, np.zeros(12, bool)))
    ]
    assert said[0] == pytest.approx(said[1], abs=1e-6)
    residual = tile_residuals_deg(network, [other])[0]
    assert np.isnan(residual[..., 9]).all() and np.isfinite(residual[1, :, 2]).all()


def test_the_second_pass_leaves_alone_what_is_not_wrong() -> None:
    one = walk(0)
    found = put_right(small().network, one, {"left_ankle": 0.6, "left_knee": 0.0})
    kept = ~withheld_for(["left_ankle"])
    assert found[:, kept] == pytest.approx(one.points[:, kept])
    assert np.abs(found - one.points).max() > 1e-3
    assert put_right(small().network, one, {}) is one.points
    assert len(TILE_POINTS) == len(tile_residuals_deg(small().network, [one])[0])


def test_a_pelvis_that_hangs_does_not_tell_the_legs_of_the_twin() -> None:
    one = walk(0)
    hangs = np.array(one.points)
    hangs[:, POINT_INDEX["Pelvis"], 1] += 0.004
    legs = withheld_for(["left_knee"])
    found = [
        put_right(small().network, replace(one, points=points), {"left_knee": 1.0})[:, legs]
        for points in (one.points, hangs)
    ]
    assert found[0] == pytest.approx(found[1], abs=1e-9)


def test_windows_in_a_mirror_are_themselves_twice() -> None:
    chosen = windows([walk(0)], 5)
    twice = mirrored_windows(mirrored_windows(chosen))
    for name, value in vars(chosen).items():
        assert np.array_equal(getattr(twice, name), value)
    read, there = features(chosen, Standard.of([walk(0)]))
    assert there.all() and np.isfinite(read).all() and np.abs(read[..., :3]).max() < 6.0


@pytest.mark.slow
def test_a_training_learns_and_goes_on_where_it_was_stopped() -> None:
    walks = [walk(k) for k in range(3)]
    learned, standard = LearnedFrom.of(walks, [walk(3)]), Standard.of(walks)
    losses: list[float] = []
    states: list[TrainingState] = []

    def turn(state: TrainingState, loss: float) -> bool:
        losses.append(loss)
        states.append(state)
        return True

    whole = train(learned, standard, TINY, turn=turn)
    assert losses[-1] < 0.9 * losses[0] and int(whole.step) == 120
    rest = train(learned, standard, TINY, resume=lambda fresh: states[0])
    for a, b in zip(jax.tree.leaves(whole.params), jax.tree.leaves(rest.params), strict=True):
        assert np.asarray(a) == pytest.approx(np.asarray(b), abs=1e-6)
    stopped = train(learned, standard, TINY, turn=lambda state, loss: False)
    assert int(stopped.step) == 50


def test_batches_of_recorded_people_come_in_their_share() -> None:
    learned = LearnedFrom.of([walk(0)], [walk(1)])
    rows = learned.draw(2000, 0.25, np.random.default_rng(0))
    assert np.mean(rows >= learned.synthetic) == pytest.approx(0.25, abs=0.04)
    batch = batch_of(learned, Standard.of([walk(0)]), TINY, 3)
    assert np.asarray(batch.features).shape == (8, 7, 12, 8)
    assert (~np.asarray(batch.visible)).any() and np.isfinite(np.asarray(batch.target)).all()


def test_the_released_recipe_is_the_default() -> None:
    assert load_gengait_config(resource_dir("configs") / "gengait.toml") == GenGaitConfig()
    assert Network(SMALL, fresh_params(SMALL, 0), small().network.standard).config == SMALL
