"""The columns of summary.csv: what is said of every walk, and its parameters between."""

from __future__ import annotations

from simgait.parameters.catalogue import parameters

# Who walked, and how good it is.
IDENTITY = ("trial", "source", "subject", "recorded_on", "folder")
BEFORE = (
    "verdict", "do_not_use", "rough", "single", "reasons", "duration_s", "height_m", "left_cycles",
    "right_cycles", "fell", "residual_force_percent_bw",
)  # fmt: skip
LEVELS = ("do_not_use", "rough", "single")
"""Each names columns."""
AFTER = ("score_reference", "failure")
TEXT = frozenset((*IDENTITY, "verdict", "do_not_use", "rough", "single", "reasons", *AFTER))
"""All other columns hold numbers."""
# Nobody has a second opinion on these.
BOOKKEEPING = frozenset(("source", "recorded_on", "folder", *BEFORE, *AFTER))


def summary_columns() -> tuple[str, ...]:
    """Every column of summary.csv, in order; each number before the ends of its interval."""
    measured = (
        name
        for one in parameters()
        for pool in one.summary
        for name in (one.summary_column(pool), *one.interval_columns(pool))
    )
    return (*IDENTITY, *BEFORE, *measured, *AFTER)
