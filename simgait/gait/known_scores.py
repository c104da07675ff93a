"""Scores of tracked walks against healthy people whom the same policy tracked."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

from simgait.errors import InputError
from simgait.gait.score_reference_file import read_reference
from simgait.gait.scores import ScoreReference
from simgait.gait.walk_scores import with_scores
from simgait.gait_result import GaitResult
from simgait.resources import resource_dir

FILE = "score_reference.json"
"""Beside the weights of the policy that tracked its people."""
RELEASED_PEOPLE = "ten adults and eight children and adolescents"
"""Who they are; single ages are not published with their walks, so the file states none."""
BY_SIMGAIT = "simgait, policy "


def pipeline_of_policy(policy_sha256: str) -> str:
    """What makes the angles of walks that a policy tracks."""
    return f"{BY_SIMGAIT}{policy_sha256[:12]}"


@cache
def released_reference() -> ScoreReference:
    """Healthy people that the released policy tracked.

    Raises:
        InputError: the installation lacks them, or the file is damaged.
    """
    return read_reference(resource_dir("policies") / "default" / FILE)


def own_reference(file: str | os.PathLike[str] | None, policy_sha256: str) -> ScoreReference | None:
    """A user's healthy people, whom the policy that drives the body must have tracked.

    Args:
        file: of the reference; None = the user names none.
        policy_sha256: of the policy.

    Raises:
        InputError: the file cannot be read, or its angles were made otherwise.
    """
    if file is None:
        return None
    path = Path(file)
    reference = read_reference(path)
    made_by = pipeline_of_policy(policy_sha256)
    if reference.pipeline != made_by:
        raise InputError(
            f"{path.name}: its angles were made by {reference.pipeline}, those of these walks by "
            f"{made_by}, and have other offsets; give healthy people whom this policy tracked "
            "(simgait track, then simgait reference build)."
        )
    return reference


def with_known_scores(
    gait: GaitResult, policy_sha256: str, own: ScoreReference | None = None
) -> GaitResult:
    """The result with scores, where healthy people were tracked by the policy that drove the body.

    Args:
        gait: of the simulated body.
        policy_sha256: of the policy; angles of another than the reference's are of another kind,
            and the result stays as it is.
        own: the user's healthy people; None takes those of the released policy.

    Raises:
        InputError: the installation's file of healthy people is absent or damaged.
    """
    reference = released_reference() if own is None else own
    if reference.pipeline != pipeline_of_policy(policy_sha256):
        return gait
    scored = with_scores(gait, reference)
    if own is None or scored.scores is None:
        return scored
    return replace(scored, scores=replace(scored.scores, is_own=True))


def reference_record(gait: GaitResult) -> dict[str, str] | None:
    """For the provenance: the healthy people that a walk was scored against; None without."""
    if gait.scores is None:
        return None
    return {"name": gait.scores.reference, "sha256": gait.scores.reference_sha256}
