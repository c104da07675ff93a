"""Numbers of a walk that people do not walk with, whoever measured it."""

from __future__ import annotations

from collections.abc import Iterator

from simgait.findings import Code, Finding, Severity, Value
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameters


def implausible(
    result: GaitResult, code: Code = Code.IMPLAUSIBLE, severity: Severity = "caution"
) -> Iterator[Finding]:
    """Every mean outside its plausible range; of both sides alone where both together are."""
    for one in parameters():
        plausible = one.plausible
        if plausible is None:
            continue
        means = {pool: s.mean for pool, s in result.parameters.get(one.key, {}).items()}
        outside = {pool: mean for pool, mean in means.items() if not plausible.holds(mean)}
        # What holds for both legs together need not be said of each.
        for pool in ("both",) if "both" in outside else outside:
            values: dict[str, Value] = {"parameter": one.key, "value": outside[pool]}
            yield Finding(code, severity, values, where=pool)
