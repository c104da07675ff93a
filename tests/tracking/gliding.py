"""A body without physics, whose programs compile in a fraction of the time that MJX's take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simgait.body.state import QPOS_JOINTS, QVEL_JOINTS
from simgait.tracking.simulation import Physics


def glide(
    _config: Any, _clips: Any, _clip: Any, _frame: Any, physics: Physics, action: Any, _offset: Any
) -> Physics:
    """In place of `simulation.simulate`: it goes on as it goes, and actions push its joints."""
    qpos, qvel = physics.qpos, physics.qvel.at[QVEL_JOINTS].add(0.1 * action[:10])
    qpos = qpos.at[:3].add(qvel[:3] / 30.0).at[QPOS_JOINTS].add(qvel[QVEL_JOINTS] / 30.0)
    return replace(physics, qpos=qpos, qvel=qvel)
