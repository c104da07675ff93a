"""Whether the numbers of the body and those beside them, of the recording, are of the same walk."""

from __future__ import annotations

from simgait.findings import Code
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameter
from simgait.parameters.wording import in_sentence
from simgait.report.trial import measure
from simgait.report.words import sentence


def two_columns_text(result: GaitResult, truth: GaitResult | None, reference: str) -> str:
    """What keeps the two columns from being of the same strides, steps and points of the foot.

    Args:
        result: gait of the simulated body.
        truth: what stands beside it; None where nothing does.
        reference: what a reader knows that as ("truth", "laboratory", "recording").

    Returns:
        one or two sentences; empty where nothing does.
    """
    if truth is None:
        return ""
    told = (_other_strides(result, truth, reference), _other_heel(result, truth, reference))
    return " ".join(one for one in told if one)


def _other_strides(result: GaitResult, truth: GaitResult, reference: str) -> str:
    own, other = measure.complete_cycles(result), measure.complete_cycles(truth)
    if own != other:
        return (
            "The two columns do not rest on the same strides: the simulated body's on "
            f"{own['left']} left and {own['right']} right, the {reference}'s on {other['left']} "
            f"left and {other['right']} right, as one may know a foot contact that the other "
            "lacks. Part of a difference between their means is that of the strides."
        )
    names = [in_sentence(parameter(key).label) for key in _of_other_numbers(result, truth)]
    if not names:
        return ""
    return (
        f"The two columns do not rest on the same steps in {_listed(names)} (compare their n), as "
        "one may know a footprint that the other lacks. Part of a difference between their means "
        "is that of the steps."
    )


def _of_other_numbers(result: GaitResult, truth: GaitResult) -> list[str]:
    """The parameters of which one column has more values than the other, in any pool."""
    return [
        key
        for key, pools in result.parameters.items()
        if parameter(key).of_scores is None
        and any(
            beside.n and own.n and beside.n != own.n
            for pool, own in pools.items()
            if (beside := truth.parameters.get(key, {}).get(pool)) is not None
        )
    ]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _other_heel(result: GaitResult, truth: GaitResult, reference: str) -> str:
    """Footprints of the body are its heels; of a recording without heels those of its ankles."""
    body_lacks = any(one.code is Code.NO_HEEL for one in result.findings)
    lacking = [one for one in truth.findings if one.code is Code.NO_HEEL]
    if body_lacks or not lacking:
        return ""
    return (
        f"Of the {reference} alone: {sentence(lacking[0])} Steps and their width are told between "
        "these, those of the simulated body between its heels."
    )
