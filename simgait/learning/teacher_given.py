"""Which policy may teach: one that sees what the student sees, and whose actions mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.learning.bodies import body_facts, refuse_another_body
from simgait.learning.config import TrainingConfig
from simgait.learning.teacher import TeacherConfig
from simgait.tracking.config import TrackingConfig
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import Policy, load_policy

NOT_LOOKED_AT = {
    "reference_pd": {"range_rad"},
    "pd": {"offset_rad"},
    "pd_learned_gains": {"offset_rad"},
    "torque": {"offset_rad", "range_rad"},
}
"""Mode of control -> settings of `[tracking.control]` that it has no use for."""
TAUGHT = "teacher"
"""Name of what the card of a policy says of whom it followed at first."""
STRENGTHS = ("joint_stiffness_nm_per_rad", "joint_damping_ratio_s", "joint_torque_limit_nm")
"""Of `[tracking.body]`: what an action makes of a joint. The other settings are its physics."""


def checked_teacher(config: TrainingConfig, folder: Path | None) -> Policy | None:
    """Reads the policy that a training follows at first; None where it follows nobody.

    Args:
        config: of the training.
        folder: of the policy, as `--teacher` names it.

    Raises:
        InputError: a policy is named and has no weight, or the other way round; the folder holds
            none; or it has another body, sees other things, or its actions mean something else.
    """
    refuse_nobody_to_follow(config, given=folder is not None)
    if folder is None:
        return None
    name = f"--teacher {folder.absolute().name}"
    if not config.teacher.weight:
        advice = "set teacher.weight in the recipe, 1 say, or leave --teacher out"
        if config.algorithm != "ppo":
            advice = f"{config.algorithm} cannot; leave --teacher out, or set algorithm = 'ppo'"
        raise InputError(f"{name}: by this recipe nobody is followed (teacher.weight); {advice}.")
    policy = load_policy(folder)
    refuse_other_task(config, policy, name)
    return policy


def refuse_nobody_to_follow(config: TrainingConfig, *, given: bool) -> None:
    """Raises InputError where a recipe has a teacher, and no policy was given as one."""
    if config.teacher.weight and not given:
        raise InputError(
            f"teacher.weight is {config.teacher.weight:g} and there is nobody to follow; name the "
            "folder of a policy with simgait train --teacher, or set teacher.weight = 0."
        )


def who_taught(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of a run's policy says of its teacher: nothing where it followed nobody.

    A fork says whom the run followed that it began from, where it followed nobody itself.
    """
    sha256 = (provenance.get("given") or {}).get("--teacher")
    if sha256:
        return {TAUGHT: {"sha256": sha256} | provenance["config"]["teacher"]}
    source = (provenance.get("begun_from") or {}).get("its_provenance")
    return {} if source is None else who_taught(source)


def refuse_taught_already(teacher: TeacherConfig, steps: int, in_all: int, run: str) -> None:
    """Raises InputError where a run to fork has more steps behind it than a teacher would teach."""
    last = int(teacher.share * in_all)
    if teacher.weight and steps >= last:
        raise InputError(
            f"{run}: has {steps:,} steps behind it, and by this recipe a teacher is followed for "
            f"the first {last:,} (teacher.share); raise teacher.share, or leave the teacher out."
        )


def refuse_other_task(config: TrainingConfig, policy: Policy, name: str) -> None:
    """Lets a policy teach only what it does itself; its networks may be any.

    Args:
        config: of the student's training.
        policy: that is to teach.
        name: of it, as the beginning of a sentence.

    Raises:
        InputError: it has another body, sees other things, or its actions mean something else.
    """
    skeleton = config.tracking.body.skeleton
    body = body_facts(policy.config.tracking.body.skeleton)
    refuse_another_body(f"{name}: it", body, skeleton, "take a teacher with the recipe's body")
    then, now = _meaning(policy.config.tracking), _meaning(config.tracking)
    found = [
        f"{setting} is {then[setting]} for it and {now[setting]} for the recipe"
        for setting in now
        if then.get(setting, now[setting]) != now[setting]
    ]
    seen, sees = len(policy.statistics.mean), _observation_size(config)
    if seen != sees and not found:
        found.append(f"it observes {seen} numbers and the recipe's policy {sees}")
    if found:
        raise InputError(
            f"{name}: does not see or do what the recipe's policy does: {', '.join(found)}; take "
            "another teacher, or give the recipe its settings."
        )


def _observation_size(config: TrainingConfig) -> int:
    return make_networks(config.tracking, config.networks).observation_size


def _meaning(tracking: TrackingConfig) -> dict[str, Any]:
    """By dotted name, the settings that say what is observed and what an action does.

    Noise on observations and the number of physics steps change neither.
    """
    control = tracking.control
    unused = {"substeps", *NOT_LOOKED_AT[control.mode]}
    tables = {
        "observation": tracking.observation.model_dump(exclude={"noise"}),
        "control": control.model_dump(exclude=unused),
        "body": tracking.body.model_dump(include=set(STRENGTHS)),
    }
    return {
        f"tracking.{table}.{name}": value
        for table, settings in tables.items()
        for name, value in settings.items()
    }
