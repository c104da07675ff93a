"""Reward terms: greatest at a perfect match, each falling with its own error only; the paper's."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.kinematics import forward_kinematics
from simgait.tracking.angle_offsets import OFFSET, no_offset, offset_loss, offsets_deg
from simgait.tracking.clips import ClipBank, with_mirror_images
from simgait.tracking.config import RewardConfig, TrackingConfig
from simgait.tracking.moment import Moment
from simgait.tracking.reward_terms import REWARD_TERMS, limb_errors_leg
from simgait.tracking.rewards import expected_stood, paper_reward, sum_of_terms
from tests.tracking.moments import moment, moment_and_image

CONFIG = RewardConfig()
TERMS = (
    "joint_angle", "joint_velocity", "limb_position", "pelvis_path", "pelvis_orientation",
    "pelvis_velocity", "contact",
)  # fmt: skip
CLIP, FRAME = 1, 20


@pytest.fixture(scope="module")
def perfect(clips: ClipBank) -> Moment:
    now = moment(clips, CLIP, FRAME)
    return replace(now, stood=expected_stood(now))


def ours(now: Moment, config: RewardConfig = CONFIG) -> tuple[float, dict[str, float]]:
    total, terms = sum_of_terms(now, config)
    return float(total), {name: float(value) for name, value in terms.items()}


def test_a_perfect_match_earns_every_weight(perfect: Moment) -> None:
    total, terms = ours(perfect)
    for name in TERMS:
        assert terms[name] == pytest.approx(getattr(CONFIG, name), rel=1e-4), name
    assert terms["residual_price"] == terms["action_rate_price"] == 0.0
    assert total == pytest.approx(sum(getattr(CONFIG, name) for name in TERMS), rel=1e-4)


def shifted(now: Moment, amount: float, *, pose: int | None = None, rate: int | None = None):
    if pose is not None:
        now = replace(now, pose=now.pose.at[pose].add(amount))
    if rate is not None:
        now = replace(now, pose_velocity=now.pose_velocity.at[rate].add(amount))
    return now


# Error -> the terms that must fall, each strictly with the size of the error; all others stay.
ERRORS = {
    "hip": ({"pose": POSE_INDEX["left_hip_flexion"]}, {"joint_angle", "limb_position"}, 0.1),
    "ankle": (
        {"pose": POSE_INDEX["right_ankle_dorsiflexion"]}, {"joint_angle", "limb_position"}, 0.1
    ),
    "path": ({"pose": POSE_INDEX["pelvis_x_m"]}, {"pelvis_path"}, 0.05),
    "height": ({"pose": POSE_INDEX["pelvis_z_m"]}, {"pelvis_path"}, 0.02),
    "tilt": ({"pose": POSE_INDEX["pelvis_tilt"]}, {"pelvis_orientation", "limb_position"}, 0.1),
    "knee rate": ({"rate": POSE_INDEX["left_knee_flexion"]}, {"joint_velocity"}, 2.0),
    "speed": ({"rate": POSE_INDEX["pelvis_x_m"]}, {"pelvis_velocity"}, 0.2),
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
def test_each_term_falls_with_its_error_and_no_other(perfect: Moment, error: str) -> None:
    where, falling, amount = ERRORS[error]
    before, at_best = ours(perfect)
    for size in (amount, 2 * amount, 3 * amount):
        for sign in (1, -1):
            total, terms = ours(shifted(perfect, sign * size, **where))
            assert total < before
            for name in TERMS:
                if name in falling:
                    assert terms[name] < at_best[name] - 1e-5, name
                else:
                    assert terms[name] == pytest.approx(at_best[name], rel=1e-4), name
    small, large = (ours(shifted(perfect, s * amount, **where))[1] for s in (1, 2))
    assert all(large[name] < small[name] for name in falling)


def test_what_is_followed_is_the_reference_or_the_truth(perfect: Moment, clips: ClipBank) -> None:
    there = clips.reference_pose.at[..., POSE_INDEX["left_knee_flexion"]].add(0.2)
    apart = replace(clips, reference_pose=there)
    moved = shifted(perfect, 0.2, pose=POSE_INDEX["left_knee_flexion"])
    for follow, right, wrong in (("reference", moved, perfect), ("truth", perfect, moved)):
        config = RewardConfig(follow=follow)
        good, bad = (
            sum_of_terms(replace(now, clips=apart), config)[1]["joint_angle"]
            for now in (right, wrong)
        )
        assert float(good) == pytest.approx(config.joint_angle, rel=1e-3)
        assert float(bad) < 0.6 * config.joint_angle


def test_a_body_beside_its_path_by_its_offset_is_on_it(perfect: Moment) -> None:
    offset = jnp.array([1.5, -0.4])
    moved = replace(perfect, pose=perfect.pose.at[:2].add(offset), path_offset_m=offset)
    assert ours(moved)[0] == pytest.approx(ours(perfect)[0], rel=1e-4)


def test_feet_should_stand_from_the_crossing_of_one_half(perfect: Moment, clips: ClipBank) -> None:
    before_after = {  # probabilities at both ends of a control step -> share of it
        (0.9, 1.0): 1.0, (0.1, 0.4): 0.0, (0.2, 0.6): 0.25, (0.8, 0.0): 0.375, (0.5, 0.5): 0.0,
    }  # fmt: skip
    for (before, after), share in before_after.items():
        said = clips.contact_probability.at[CLIP, FRAME - 1].set(before)
        said = said.at[CLIP, FRAME].set(after)
        wanted = expected_stood(replace(perfect, clips=replace(clips, contact_probability=said)))
        assert np.allclose(wanted, share, atol=1e-5), (before, after)


def test_mistimed_contacts_cost_by_how_much(perfect: Moment) -> None:
    def earned(off: tuple[float, float]) -> float:
        stood = perfect.stood + jnp.asarray(off) * jnp.where(perfect.stood > 0.5, -1.0, 1.0)
        return ours(replace(perfect, stood=stood))[1]["contact"] / CONFIG.contact

    assert earned((0.0, 0.0)) == pytest.approx(1.0)
    assert earned((0.25, 0.0)) == pytest.approx(0.5 + 0.5 * np.exp(-1.0))
    assert earned((1.0, 1.0)) == pytest.approx(np.exp(-4.0))


def test_residual_and_haste_have_their_price(perfect: Moment) -> None:
    _, terms = ours(replace(perfect, residual_share=jnp.array([1.0, 0, 0, 0, 0, 0.5])))
    assert terms["residual_price"] == pytest.approx(-CONFIG.residual_price * 1.25 / 6)
    _, terms = ours(replace(perfect, action=jnp.full(16, 0.3), previous_action=jnp.full(16, -0.1)))
    assert terms["action_rate_price"] == pytest.approx(-CONFIG.action_rate_price * 0.16)


def test_limb_errors_ignore_where_the_pelvis_is(perfect: Moment) -> None:
    target = perfect.pose.at[:3].add(jnp.array([3.0, 1.0, 0.2]))
    assert np.allclose(limb_errors_leg(perfect, target), 0.0, atol=1e-6)
    straight = perfect.pose.at[POSE_INDEX["left_hip_flexion"]].add(0.1)
    error = np.linalg.norm(limb_errors_leg(perfect, straight), axis=-1)
    assert (error[:4] > 0.01).all()  # left knee, ankle, heel, toe
    assert np.allclose(error[4:], 0.0, atol=1e-6)


def paper_errors(now: Moment, clips: ClipBank) -> tuple[float, float, float]:
    """The paper's three squared errors in float64 from forward kinematics alone."""

    def joints(pose: np.ndarray) -> np.ndarray:
        points = forward_kinematics(pose, dims)
        names = [f"{s} {n}" for s in ("Left", "Right") for n in ("Hip", "Knee", "Ankle")]
        return np.stack([points[name] for name in names])

    dims = type(now.dims)(**{k: float(v) for k, v in vars(now.dims).items()})
    pose, velocity = np.asarray(now.pose, float), np.asarray(now.pose_velocity, float)
    target = np.asarray(clips.target_pose[CLIP, FRAME], float)
    target_velocity = np.asarray(clips.target_velocity[CLIP, FRAME], float)
    sagittal = [
        POSE_INDEX[f"{s}_{n}"]
        for s in ("left", "right")
        for n in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    ]
    angle = np.sum((pose - target)[sagittal] ** 2)
    relative = (joints(pose) - pose[:3]) - (joints(target) - target[:3])
    h = 1 / 30

    def rate(p: np.ndarray, v: np.ndarray) -> np.ndarray:
        return (joints(p + h * v) - joints(p)) / h

    speed = rate(pose, velocity) - rate(target, target_velocity)
    return angle, np.sum(relative**2), np.sum(speed**2)


def test_the_papers_two_rewards_by_hand(perfect: Moment, clips: ClipBank) -> None:
    rng = np.random.default_rng(2)
    now = replace(
        perfect,
        pose=perfect.pose + jnp.asarray(rng.normal(0, 0.05, 16), jnp.float32),
        pose_velocity=perfect.pose_velocity + jnp.asarray(rng.normal(0, 0.2, 16), jnp.float32),
    )
    action = jnp.asarray(rng.uniform(-1, 1, 16), jnp.float32)
    angle, position, speed = paper_errors(now, clips)
    exp, _ = paper_reward(replace(now, action=action), RewardConfig(kind="paper_exp"))
    expected = 8.0 * np.exp(-5 * angle) * np.exp(-2.5 * position) * np.exp(-0.17 * speed)
    assert float(exp) == pytest.approx(expected, rel=1e-3)
    mse, parts = paper_reward(replace(now, action=action), RewardConfig(kind="paper_mse"))
    effort = float(jnp.sum(action**2))
    expected = 8.0 - 2.5 * angle - 3.9 * position - 20.0 * speed - 0.005 * effort
    assert float(mse) == pytest.approx(expected, rel=1e-3, abs=1e-3)
    assert float(parts["angle"]) == pytest.approx(angle, rel=1e-3)


def test_a_learned_offset_is_asked_for_on_both_sides(perfect: Moment) -> None:
    """At an offset the reward is greatest where both knees are bent by as much more."""
    config, offset = RewardConfig(kind="paper_mse"), jnp.array([0.0, 0.1, 0.0])
    knees = [POSE_INDEX[f"{side}_knee_flexion"] for side in ("left", "right")]
    bent = replace(perfect, pose=perfect.pose.at[jnp.array(knees)].add(0.1))
    for now, error in (
        (bent, 0.0),
        (perfect, 2 * 0.1**2),
        (shifted(bent, 0.1, pose=knees[0]), 0.01),
    ):
        assert float(paper_reward(now, config, offset)[1]["angle"]) == pytest.approx(
            error, abs=1e-6
        )
    places = [float(paper_reward(bent, config, o)[1]["position"]) for o in (offset, None)]
    assert places[0] == places[1] > 0, "where joints are has no offset"


def test_offsets_learn_the_mean_error_of_both_sides() -> None:
    rng = np.random.default_rng(0)
    error = jnp.asarray(rng.normal([0.05, -0.02, 0.3], 0.1, (40, 2, 3)), jnp.float32)
    offset = no_offset()
    for _ in range(200):
        offset = offset - 0.1 * jax.grad(offset_loss)(offset, error)
    assert np.allclose(offset, np.asarray(error).mean((0, 1)), atol=1e-4)
    shown = offsets_deg({OFFSET: offset})
    assert float(shown["offset_ankle_dorsiflexion_deg"]) == pytest.approx(np.rad2deg(0.3), rel=0.1)
    assert offsets_deg({}) == {}


@pytest.mark.parametrize("kind", ["paper_exp", "paper_mse"])
def test_the_papers_rewards_are_greatest_at_a_perfect_match(perfect: Moment, kind: str) -> None:
    config = RewardConfig(kind=kind)
    best = float(paper_reward(perfect, config)[0])
    assert best == pytest.approx(config.paper_alpha[0], rel=1e-3)
    for where in ({"pose": 6}, {"pose": 9}, {"rate": 14}, {"rate": 0}):
        assert float(paper_reward(shifted(perfect, 0.2, **where), config)[0]) < best


def test_a_hard_landing_costs(perfect: Moment) -> None:
    total, _ = ours(perfect)
    hard, terms = ours(replace(perfect, impact=jnp.asarray(0.5)))
    assert terms["impact_price"] == pytest.approx(-0.5 * CONFIG.impact_price)
    assert hard == pytest.approx(total - 0.5 * CONFIG.impact_price, abs=1e-6)


def test_far_off_the_path_there_is_still_a_way_home(perfect: Moment) -> None:
    leg = float(perfect.dims.leg_m)
    rewards = []
    for away in (0.5, 0.55):
        pose = perfect.pose.at[POSE_INDEX["pelvis_x_m"]].add(away * leg)
        rewards.append(ours(replace(perfect, pose=pose))[1]["pelvis_path"])
    assert rewards[0] > rewards[1] + 0.05 * 0.05 * CONFIG.pelvis_path


@pytest.mark.parametrize("name", ["joint_angle", "limb_position", "pelvis_path", "contact"])
def test_sharpness_is_a_setting(perfect: Moment, name: str) -> None:
    off = replace(
        shifted(perfect, 0.05, pose=POSE_INDEX["left_hip_flexion"]),
        path_offset_m=jnp.array([0.03, 0.0]),
        stood=1.0 - perfect.stood,
    )
    doubled = tuple(2.0 * value for value in REWARD_TERMS[name].sharpness)
    sharper = RewardConfig.model_validate({"sharpness": {name: doubled}})
    before, after = ours(off)[1], ours(off, sharper)[1]
    assert after[name] < before[name] - 1e-4
    assert {k: v for k, v in after.items() if k != name} == {
        k: v for k, v in before.items() if k != name
    }


def test_settings_begin_as_the_terms_say() -> None:
    names = [term.name for term in CONFIG.terms]
    assert names == [*TERMS, "residual_price", "action_rate_price", "impact_price"]
    for chosen in CONFIG.terms:
        term = REWARD_TERMS[chosen.name]
        assert (chosen.weight, chosen.sharpness) == (term.weight, term.sharpness)


def test_no_term_prefers_a_side(clips: ClipBank) -> None:
    both = with_mirror_images(clips)
    here, there = moment_and_image(both, 1, TrackingConfig())
    a, b = ours(here)[1], ours(there)[1]
    for name in a:
        assert b[name] == pytest.approx(a[name], rel=1e-4, abs=1e-6), name
