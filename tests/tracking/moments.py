"""Moments to look at: a body exactly on its target, and whatever a test changes about it."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from simgait.skeleton import mirror
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.actions import mirror_of_action
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.moment import Moment


def moment(clips: ClipBank, clip: int, frame: int, **changes) -> Moment:
    """The body exactly on its target."""
    now = Moment(
        clips=clips,
        clip=jnp.asarray(clip),
        frame=jnp.asarray(frame),
        pose=clips.target_pose[clip, frame],
        pose_velocity=clips.target_velocity[clip, frame],
        foot_load_bw=jnp.array([0.6, 0.4]),
        stood=jnp.ones(2),
        impact=jnp.zeros(()),
        path_offset_m=jnp.zeros(2),
        action=jnp.zeros(16),
        previous_action=jnp.zeros(16),
        residual_share=jnp.zeros(6),
        dims=clips.bodies.dimensions(jnp.asarray(clip)),
    )
    return replace(now, **changes)


def moment_and_image(both: ClipBank, clip: int, config: TrackingConfig) -> tuple[Moment, Moment]:
    """A moment off the reference and its mirror image; clip n/2 + i of the bank is clip i's."""
    rng = np.random.default_rng(0)
    n_actions = len(mirror_of_action(config).order)
    here = moment(
        both,
        clip,
        20,
        # Off the reference, so that no block is zero.
        pose=both.target_pose[clip, 20] + jnp.asarray(rng.normal(0, 0.05, 16), jnp.float32),
        path_offset_m=jnp.array([0.1, -0.2]),
        stood=jnp.array([0.9, 0.2]),
        impact=jnp.asarray(0.3),
        action=jnp.asarray(rng.normal(size=n_actions), jnp.float32),
        previous_action=jnp.asarray(rng.normal(size=n_actions), jnp.float32),
        residual_share=jnp.asarray(rng.normal(size=6), jnp.float32),
    )
    there = replace(
        here,
        clip=jnp.asarray(clip + both.n_clips // 2),
        pose=TRIMMED_HUMANOID.mirror(here.pose),
        pose_velocity=TRIMMED_HUMANOID.mirror(here.pose_velocity),
        foot_load_bw=mirror.FEET(here.foot_load_bw),
        stood=mirror.FEET(here.stood),
        path_offset_m=mirror.vector(2)(here.path_offset_m),
        action=mirror_of_action(config)(here.action),
        previous_action=mirror_of_action(config)(here.previous_action),
        residual_share=mirror.joined(mirror.vector(), mirror.MOMENT)(here.residual_share),
    )
    return here, there
