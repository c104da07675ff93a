"""Between which values people walk: what is published, and what follows from it.

A number outside is named wherever it enters or leaves: the verdict of a walk, what a laboratory
says of it, the tables of `simgait evaluate`.
"""

from __future__ import annotations

from simgait.parameters.parameter import PlausibleRange

MOBGAP = "mobgap: Kirk et al. 2024, Sci Rep 14:1754"

SPEED = PlausibleRange(0.08, 2.22, timed=True, source=MOBGAP)
CADENCE = PlausibleRange(40.0, 172.9, timed=True, source=MOBGAP)
STRIDE_LENGTH = PlausibleRange(0.15, 2.19, timed=False, source=MOBGAP)
STRIDE_TIME = PlausibleRange(0.46, 3.0, timed=True, source=MOBGAP)

ONE_SIDED_M = 0.2
"""By how much one step of a stride may be longer or shorter than half of it."""
STEP_LENGTH = PlausibleRange(
    STRIDE_LENGTH.low / 2 - ONE_SIDED_M,
    STRIDE_LENGTH.high / 2 + ONE_SIDED_M,
    timed=False,
    source="half a stride, and 0.2 m to either side: who brings a foot up to the other has steps "
    "of about 0, a little less where it lands behind",
)
STEP_WIDTH = PlausibleRange(
    -0.15,
    0.45,
    timed=False,
    source="feet that cross by the width of a shoe and a half, or stand half a leg apart, carry "
    "nobody on",
)
SHARE_OF_STRIDE = (0.25, 0.75)
"""Of a stride's time, that one of its two steps takes at the least and at the most."""
STEP_TIME = PlausibleRange(
    SHARE_OF_STRIDE[0] * STRIDE_TIME.low,
    SHARE_OF_STRIDE[1] * STRIDE_TIME.high,
    timed=True,
    source="a quarter to three quarters of a stride",
)

SWING = PlausibleRange(
    10.0,
    55.0,
    timed=False,
    source="below, both feet nearly always stand; above, the other leg, which stands meanwhile, "
    "would have to swing for less than 45 % or both be in the air, as in running",
)
GDI = PlausibleRange(
    0.0,
    150.0,
    timed=False,
    source="ten SD of healthy people below their mean, some ten times as far from it as they are, "
    "to five above",
)
GPS = PlausibleRange(
    0.0,
    45.0,
    timed=False,
    source="nobody walks with all angles 45° off on average",
)
STANCE = PlausibleRange(
    100.0 - SWING.high, 100.0 - SWING.low, timed=False, source="100 less the swing"
)
SINGLE_SUPPORT = PlausibleRange(SWING.low, SWING.high, timed=False, source="the other foot's swing")
DOUBLE_SUPPORT = PlausibleRange(
    0.0,
    100.0 - 2.0 * SWING.low,
    timed=False,
    source="100 less the swing of both feet; never below 0, which is flight",
)
