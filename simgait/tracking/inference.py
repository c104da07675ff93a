"""A policy at work: trials tracked from their first frame, one or thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any

import jax.numpy as jnp
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simgait.body.batches import batches
from simgait.body.dynamics import centre_of_mass_m, net_joint_moments_nm
from simgait.clock import CONTROL_RATE_HZ
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.actions import N_RESIDUAL, RESIDUAL_FORCE, RESIDUAL_MOMENT
from simgait.tracking.clips import ClipBank, build_clips
from simgait.tracking.config import ControlConfig, TrackingConfig
from simgait.tracking.devices import simulating_devices
from simgait.tracking.roll_out import Act, roll_out
from simgait.types import FittedTrial, Rollout


@dataclass(frozen=True)
class Attempt:
    """One of the attempts at a trial.

    Attributes:
        scale: factor on the residual wrench and its bounds.
        bounds: of the residual force, body weights, and moment, body weight × leg length, before
            that factor.
    """

    scale: float
    bounds: tuple[float, float]


class InferenceConfig(BaseModel):
    """How trials are tracked with a trained policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_force_bw: float | None = Field(
        0.03,
        gt=0,
        description="bound of the residual force per axis, body weights, in the first attempt and "
        "in those of moment_scale, where the policy learned with a wider one; its moment stays as "
        "learned. Measured (docs/training.md): joint angles and speeds stay, and few more fall; "
        "None for the force as learned",
    )
    moment_scale: tuple[float, ...] = Field(
        (1.5, 2.0, 3.0, 4.0, 6.0),
        description="factors on the residual moment and its bound, the force's staying, in further "
        "attempts: a trial in which the body fell is tracked again. It is the moment that keeps "
        "it up (docs/training.md); the report says how many attempts it took, and what it did",
    )
    residual_scale: tuple[float, ...] = Field(
        (1.0, 4.0, 8.0),
        description="factors on the whole residual wrench as it was learned, and its bounds, in "
        "the attempts after those",
    )
    springs: tuple[float, float] = Field(
        (12.0, 6.0),
        description="stiffness that leads a foot in the air to the reference's, and the pelvis to "
        "the reference's by the legs that stand, body weights per leg length; 12 is about four "
        "times as stiff at the foot as the leg's own motors",
    )
    max_path_error_leg: float = Field(
        0.4,
        gt=0,
        description="pelvis off its path, leg lengths, beyond which the body counts as fallen; "
        "stricter than in training, where who comes back has learned something",
    )

    def attempts(self, control: ControlConfig) -> tuple[Attempt, ...]:
        """What is tried in turn.

        Args:
            control: what the policy learned with.
        """
        learned = (control.residual_force_bw, control.residual_moment_bw_leg)
        force, moment = min(learned[0], self.first_force_bw or learned[0]), learned[1]
        by_moment = [Attempt(scale, (force / scale, moment)) for scale in (1.0, *self.moment_scale)]
        by_both = [Attempt(scale, learned) for scale in self.residual_scale]
        return tuple(dict.fromkeys(by_moment + by_both))


AS_LEARNED_ONCE = InferenceConfig(first_force_bw=None, moment_scale=(), residual_scale=())
"""One attempt, with the residual wrench that the policy learned with: training judges by it."""


@lru_cache(maxsize=32)
def _kept_to_its_path(config: TrackingConfig, max_path_error_leg: float) -> TrackingConfig:
    """The environment in which a body that strays further than that counts as fallen."""
    strictest = min(max_path_error_leg, config.termination.max_path_error_leg)
    ends = config.termination.model_copy(update={"max_path_error_leg": strictest})
    return config.model_copy(update={"termination": ends})


_ONE_AT_A_TIME = Lock()
"""Two steps of physics on two threads of a process deadlock in jaxlib's LAPACK. A batch waits here
for that before it, and was fitted meanwhile."""


@dataclass(frozen=True)
class PhysicsTracker:
    """A policy ready to walk.

    Attributes:
        config: the environment it was trained in.
        act: observations (C, O) to actions (C, A).
        params: passed to `act`.
        inference: what to do where the body falls.
        starts: puts start states into the clips, for policies that do not start from the
            reference.
        alike: see `body.batches`.
        helper_bounds: of the residual wrench in every attempt, in place of the attempt's own
            (`Attempt.bounds`); None for those.
        told_by: tells `act` and the environment's terms from all others, so that their program is
            traced once and kept; None where they hold code that is not simgait's.
    """

    config: TrackingConfig
    act: Act
    params: Any
    inference: InferenceConfig = InferenceConfig()
    starts: Callable[[ClipBank], ClipBank] = lambda clips: clips
    alike: bool = False
    helper_bounds: tuple[float, float] | None = None
    told_by: str | None = None

    @property
    def _attempts(self) -> tuple[Attempt, ...]:
        return self.inference.attempts(self.config.control)

    def track(self, walks: Sequence[FittedTrial]) -> list[Rollout]:
        """Tracks walks from their first frame; those of like length run together."""
        return self.try_again(walks, self.first_attempt(walks))

    def first_attempt(
        self,
        walks: Sequence[FittedTrial],
        done: Callable[[float], None] = lambda share: None,
    ) -> list[Rollout]:
        """The policy with the least help; `done` is told now and then what share is behind."""
        return self._attempt(walks, 1, done)

    def try_again(self, walks: Sequence[FittedTrial], first: Sequence[Rollout]) -> list[Rollout]:
        """Tracks again what fell at the first attempt.

        First with a larger residual moment, step by step, then with a larger force, too, until it
        stays up; the attempt that stayed up longest counts, and says which it was.
        """
        rollouts = list(first)
        for attempt in range(2, len(self._attempts) + 1):
            fallen = [i for i, rollout in enumerate(rollouts) if rollout.fell]
            again = self._attempt([walks[i] for i in fallen], attempt)
            for i, rollout in zip(fallen, again, strict=True):
                if rollout.alive.sum() > rollouts[i].alive.sum():
                    rollouts[i] = replace(rollout, attempts=attempt)
        return rollouts

    def _attempt(
        self,
        walks: Sequence[FittedTrial],
        number: int,
        done: Callable[[float], None] = lambda share: None,
    ) -> list[Rollout]:
        rollouts: dict[int, Rollout] = {}
        attempt = self._attempts[number - 1]
        config = _kept_to_its_path(self.config, self.inference.max_path_error_leg)
        # Given and not compiled in: attempts share a program.
        bounds = jnp.array(self.helper_bounds or attempt.bounds)
        lengths = [one.trial.n_frames for one in walks]
        for batch in batches(lengths, simulating_devices(), alike=self.alike, again=number > 1):
            bare = build_clips(
                [walks[i] for i in batch.filled],
                self.config.body,
                frames=batch.stored_frames,
                residual_scale=attempt.scale,
                springs=self.inference.springs,
            )
            with _ONE_AT_A_TIME:
                clips = self.starts(bare)
                records = roll_out(
                    config, clips, self.act, self.params, batch.frames, bounds, done, self.told_by,
                )  # fmt: skip
            pose, velocity = (np.asarray(v[:, 0]) for v in (clips.start_pose, clips.start_velocity))
            velocity = velocity * self.config.reset.with_velocity
            for row, i in enumerate(batch.members):
                one = {name: values[:, row] for name, values in records.items()}
                rollouts[i] = _rollout(self.config, one, (pose[row], velocity[row]), walks[i])
        return [rollouts[i] for i in range(len(walks))]


def _rollout(
    config: TrackingConfig,
    records: dict[str, np.ndarray],
    start: tuple[np.ndarray, np.ndarray],
    fitted: FittedTrial,
) -> Rollout:
    trial, dims, n = fitted.trial, fitted.dims, fitted.trial.n_frames
    records = {name: values[: n - 1].astype(float) for name, values in records.items()}

    def with_first(values: np.ndarray, first: np.ndarray) -> np.ndarray:
        return np.concatenate([first[None], values])

    pose = with_first(records["pose"], start[0].astype(float))
    velocity = with_first(records["pose_velocity"], start[1].astype(float))
    moment_nm = net_joint_moments_nm(
        records["joint_torque_nm"], pose, velocity, 1.0 / CONTROL_RATE_HZ, dims, config.body
    )
    force = records["foot_force_n"].reshape(-1, 2, 3)
    substep_s = 1.0 / (CONTROL_RATE_HZ * config.control.substeps)
    residual = with_first(records["residual"], np.zeros(N_RESIDUAL))
    return Rollout(
        trial_id=trial.trial_id,
        time_s=trial.time_s,
        pose=pose,
        pose_velocity=velocity,
        keypoints_m=np.asarray(body_keypoints(pose, dims, fitted.skeleton)),
        substep_time_s=(np.arange(len(force)) + 1.0) * substep_s,
        foot_force_n=force,
        joint_moment_nm=with_first(moment_nm, np.full(fitted.skeleton.n_joints, np.nan)),
        centre_of_mass_m=centre_of_mass_m(pose, dims, config.body),
        residual_force_n=residual[:, RESIDUAL_FORCE],
        residual_moment_nm=residual[:, RESIDUAL_MOMENT],
        target_keypoints_m=trial.keypoints_m + fitted.pose[:, None, POSITION],
        reference_pose=fitted.pose,
        alive=with_first(records["alive"], np.ones(())).astype(bool),
        dimensions=dims,
        skeleton=fitted.skeleton,
        measured_events=fitted.measured_events,
        foot_events=fitted.foot_events,
        body_weight_n=float(dims.mass_kg) * GRAVITY_MPS2,
    )
