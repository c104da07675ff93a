"""What a half-width is made of: terms that grow with what makes a walk hard to measure.

A half-width is a sum of terms, each a coefficient that was fitted (0 or more) times one of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.certainty.conditions import Conditions


@dataclass(frozen=True)
class Measured:
    """A number as it was measured.

    Attributes:
        value: in its stored unit; 0 for what has none of its own (curves, events).
        n: cycles or steps behind it; 1 for an event.
    """

    value: float
    n: int


@dataclass(frozen=True)
class Term:
    """One part of a half-width.

    Attributes:
        name: in the file of coefficients.
        of: its size, 0 or more; NaN where the recording does not show it.
        says: what makes it large, for the documents.
        unseen: its size where the recording does not show it: large, as nobody knows.
        of_markers: asked of measured points, too; what else there is of the others hardly differs
            between these, so that a formula of it would mean nothing.
    """

    name: str
    of: Callable[[Conditions, Measured], float]
    says: str
    unseen: float = 1.0
    of_markers: bool = False


def _excess(value: float, usual: float) -> float:
    """By how much more than usual, as a logarithm; 0 below it."""
    return math.log(value / usual) if value > usual else 0.0 if value <= usual else math.nan


USUAL_TRAVEL_TO_STANCE = 1.1
"""Of points that show all of a swing: 1.00 to 1.18 on real markers (`trials.quality`)."""
USUAL_THIGH_TO_SHANK, USUAL_HIPS_TO_LEG = 0.95, 0.22
"""The middle of people's (`trials.joint_definitions`)."""


def _help(conditions: Conditions) -> float:
    """Of the force or of the moment that goes with it (`gait.analyse`), whichever is more."""
    force = conditions.residual_percent_bw / 5.0
    return max(force, conditions.moment_percent_bw_height / 3.5)


TERMS: tuple[Term, ...] = (
    Term("always", lambda c, m: 1.0, "nothing: what is left", of_markers=True),
    Term("few values", lambda c, m: 1.0 / math.sqrt(m.n), "few cycles or steps", of_markers=True),
    Term("size", lambda c, m: abs(m.value), "a large value", of_markers=True),
    Term(
        "scale",
        lambda c, m: abs(m.value) * c.travel_spread,
        "one camera, which tells distances roughly",
    ),
    Term("way unknown", lambda c, m: abs(m.value) * c.travel_unknown, "a way that nobody knows"),
    Term("unknown", lambda c, m: c.travel_unknown, "a way that nobody knows, for what hangs on it"),
    Term(
        "swing unseen",
        lambda c, m: _excess(c.travel_to_stance, USUAL_TRAVEL_TO_STANCE),
        "legs that swing less than the pelvis goes",
        1.5,
    ),
    Term("jitter", lambda c, m: c.jitter_mm / 10.0, "points that tremble", 2.0),
    Term("jitter along", lambda c, m: c.jitter_along_mm / 5.0, "trembling along the way", 2.0),
    Term("jitter across", lambda c, m: c.jitter_across_mm / 5.0, "trembling across the way", 2.0),
    Term("path jitter", lambda c, m: c.path_jitter_mm / 20.0, "a path that trembles", 2.0),
    Term("bones", lambda c, m: c.bone_variation_percent / 5.0, "bones that breathe", 2.0),
    Term(
        "proportions",
        lambda c, m: abs(math.log(c.thigh_to_shank / USUAL_THIGH_TO_SHANK)) / 0.2,
        "a thigh too long or short for its shank",
        2.0,
    ),
    Term(
        "hips",
        lambda c, m: abs(c.hips_to_leg - USUAL_HIPS_TO_LEG) / 0.06,
        "hips too near to or far from each other",
        2.0,
    ),
    Term(
        "bent knees",
        lambda c, m: max(c.straightest_knee_deg, 0.0) / 20.0,
        "knees that never get straight",
        2.0,
    ),
    Term("feet", lambda c, m: c.feet_unseen, "feet without heels or toes", of_markers=True),
    Term("filled", lambda c, m: c.filled / 0.1, "points missing or filled in"),
    Term(
        "fit", lambda c, m: c.fit_error_mm / 30.0, "a body that does not fit the points", 2.0, True
    ),
    Term("help", lambda c, m: _help(c), "helper forces on the body", 2.0, True),
    Term("contacts", lambda c, m: c.events_apart_ms / 30.0, "contacts in doubt", 3.0, True),
)
"""In the order in which the file has their coefficients."""


def sizes(conditions: Conditions, measured: Measured) -> Float[np.ndarray, " K"]:
    """Size of each of `TERMS` for one number of a walk; never NaN, never negative.

    0 where a term is not asked of such a recording.
    """
    asked = np.array([term.of_markers or not conditions.measured for term in TERMS])
    found = np.array([term.of(conditions, measured) for term in TERMS])
    unseen = np.array([term.unseen for term in TERMS])
    return np.where(asked, np.where(np.isfinite(found), found, unseen), 0.0)
