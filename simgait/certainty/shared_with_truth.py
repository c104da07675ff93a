"""What measured points may be off by beside their calibrated half-widths.

The errors of marker walks were measured against truth that is read off the same markers: a contact
that the markers tell too late, a marker that sits beside its bone, or a heel that creeps while its
foot stands, is in both and cancels. A force plate, another examiner, a walkway see it. So what
rests on contacts is moved by the half-widths of these, what lies between two feet by how far
markers are placed apart, and a stride by how far a heel creeps from one stance to another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from simgait.certainty.fitting import SDS_OF_HALF_WIDTH
from simgait.certainty.propagation import propagated
from simgait.parameters.parameter import Parameter, Pool

PLACEMENT_SD_M = 0.0058
"""Of a heel marker between examiners: 5.8 mm (J Am Podiatr Med Assoc 2014,
104:43, placed by hand); what lies between two feet has that of both."""
OF_BOTH_FEET_M = SDS_OF_HALF_WIDTH * math.sqrt(2.0) * PLACEMENT_SD_M
CREEP_SD_M = 0.0019
"""Of a stride of one foot, between its heels' places in the first and the second half of the flat
foot (15 to 30 and 30 to 45 % of stance): RMS over 17 training people, each as much as the next, of
their 159 strides by markers (docs/intervals.md). Over two or three strides it was 1 / sqrt(n) of
that. Without it formulas came down to 1 mm."""
OF_A_STRIDE_M = SDS_OF_HALF_WIDTH * CREEP_SD_M
PERCENT = 100.0


def shared_half_width(
    one: Parameter,
    pool: Pool,
    means: Mapping[str, float],
    counts: Mapping[str, int],
    contact_s: float,
) -> float:
    """Half-width of what a parameter and its truth from the same markers have in common.

    Args:
        one: the parameter; a score has none.
        pool: whose value.
        means: key of a parameter -> its mean in that pool; NaN unknown.
        counts: key of a parameter -> cycles or steps behind it; 0 unknown.
        contact_s: half-width of the time of one contact; NaN unknown.

    Returns:
        in the parameter's stored unit; 0 where it rests on neither, or nothing is known.
    """
    if one.of_scores is not None or not math.isfinite(contact_s):
        return 0.0
    halves = _of_facts(pool, means, counts, contact_s)
    found = propagated(one, pool, means, halves)
    return found if math.isfinite(found) else 0.0


def _of_facts(
    pool: Pool, means: Mapping[str, float], counts: Mapping[str, int], contact_s: float
) -> dict[str, float]:
    """Half-widths of what parameters are computed from (`certainty.propagation`)."""

    def between(key: str, *, in_turn: bool) -> float:
        """Of a mean time between two contacts; those that follow on each other share theirs."""
        n = max(counts[key], 1)
        return math.sqrt(2.0) * contact_s / (n if in_turn else math.sqrt(n))

    both = pool == "both"
    share = PERCENT / means["stride_time_s"]
    # Cycles of both sides are two rows that follow on each other, of half as many each.
    stride_s = between("stride_time_s", in_turn=True) * (math.sqrt(2.0) if both else 1.0)
    stride_m = OF_A_STRIDE_M / math.sqrt(max(counts["stride_length_m"], 1))
    # Two steps are a stride.
    steps_m = OF_A_STRIDE_M / math.sqrt(2.0 * max(counts["step_length_m"], 1))
    phases = ("stance_percent", "single_support_percent", "double_support_percent")
    return {
        # A marker that sits too far ahead makes one step longer and the next one shorter.
        "step_length_m": steps_m if both else OF_BOTH_FEET_M,
        "step_width_m": OF_BOTH_FEET_M,
        "stride_length_m": stride_m,
        "step_time_s": between("step_time_s", in_turn=both),
        "stride_time_s": stride_s,
        **{key: share * between(key, in_turn=False) for key in phases},
    }
