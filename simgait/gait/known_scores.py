"""Scores of tracked walks against the healthy people that ship with the policy."""

from __future__ import annotations

from functools import cache

from simgait.gait.score_reference_file import read_reference, reference_sha256
from simgait.gait.scores import ScoreReference
from simgait.gait.walk_scores import with_scores
from simgait.gait_result import GaitResult
from simgait.resources import resource_dir

FILE = "score_reference.json"
"""Beside the weights of the policy that tracked its people."""
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


def with_known_scores(gait: GaitResult, policy_sha256: str) -> GaitResult:
    """The result with scores, where healthy people were tracked by the policy that drove the body.

    Args:
        gait: of the simulated body.
        policy_sha256: of the policy; angles of another than the released one are of another kind,
            and the result stays as it is.

    Raises:
        InputError: the installation's file of healthy people is absent or damaged.
    """
    reference = released_reference()
    if reference.pipeline != pipeline_of_policy(policy_sha256):
        return gait
    return with_scores(gait, reference)


def reference_record(gait: GaitResult) -> dict[str, str] | None:
    """For the provenance: the healthy people that a walk was scored against; None without."""
    if gait.scores is None:
        return None
    return {
        "name": gait.scores.reference,
        "sha256": reference_sha256(released_reference()),
    }
