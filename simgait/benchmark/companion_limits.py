"""What a GDI can be read to when some angles of a walk are known exactly and others not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.companions.gdi_net.weights import load_gdi_net
from simgait.companions.gdi_net.weights import released_folder as gdi_net_folder
from simgait.companions.openpose_gdi.targets import whole_strides
from simgait.companions.openpose_gdi.weights import read_card
from simgait.companions.openpose_gdi.weights import released_folder as openpose_folder
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import error_cells, judge
from simgait.gait.scores import SCORED_ANGLES, ScoreReference, gait_deviation_index
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk

FIRST, WALKERS = 850_000, 300
"""Of the validation walkers: those who set intervals and thresholds lie elsewhere."""
WALK_S, RATE_HZ = 6.2, 25.0
"""As of the walks that the companions learn from."""
DRAWS = 60
"""Chosen: GDIs behind a guess; a mean of them errs by an eighth of their SD."""
SEED = 0
TILT, HIP = SCORED_ANGLES.index("pelvis_tilt"), SCORED_ANGLES.index("hip_flexion")
TURNED = (
    "pelvis_obliquity", "pelvis_rotation", "hip_adduction", "hip_rotation", "foot_progression",
)  # fmt: skip
"""Angles that a view from the side does not show."""
TILT_ERROR_DEG = 2.6
"""RMSE of GDI-Net's frame network on some walkers; on others 2.8 (`companion_posture`)."""


@dataclass(frozen=True)
class Unknown:
    """What is not known of a walk; all else is known exactly.

    Attributes:
        what: for the table.
        curves: of `SCORED_ANGLES`, of which nothing is known.
        means: those of which the mean over the cycle is not known.
        tilt_error_deg: SD by which the mean pelvic tilt is misread.
    """

    what: str
    curves: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    tilt_error_deg: float = 0.0


UNKNOWN = (
    Unknown("mean pelvic tilt", means=("pelvis_tilt",)),
    Unknown("mean tilt, mean foot progression", means=("pelvis_tilt", "foot_progression")),
    Unknown("mean tilt, foot progression", ("foot_progression",), ("pelvis_tilt",)),
    Unknown("pelvic obliquity and rotation, hip adduction and rotation, foot progression", TURNED),
    Unknown(f"these, and the tilt but to {TILT_ERROR_DEG}°", TURNED, (), TILT_ERROR_DEG),
    Unknown("these, and the mean tilt", TURNED, ("pelvis_tilt",)),
)

Curves = Float[np.ndarray, "N 2 9 51"]
"""Mean curves (deg) of both sides of N walkers, angles in the order of `SCORED_ANGLES`."""


def guessed_curves(curves_deg: Curves, unknown: Unknown, rng: np.random.Generator) -> Curves:
    """The walkers with what is not known of them taken from others, each from one other walker.

    A picture shows the thigh against the vertical: where the tilt is taken from somebody, hip
    flexion follows it, unless it is not known either.

    Raises:
        ValueError: there is nobody else.
    """
    n = len(curves_deg)
    others = curves_deg[(np.arange(n) + rng.integers(1, n, n)) % n]
    out = curves_deg.copy()
    taken = [SCORED_ANGLES.index(name) for name in unknown.curves]
    out[:, :, taken] = others[:, :, taken]
    for k in (SCORED_ANGLES.index(name) for name in unknown.means):
        out[:, :, k] += (others - curves_deg)[:, :, k].mean(axis=-1, keepdims=True)
    out[:, :, TILT] += rng.normal(0.0, unknown.tilt_error_deg, (n, 1, 1))
    if HIP not in taken:
        out[:, :, HIP] += out[:, :, TILT] - curves_deg[:, :, TILT]
    return out


def best_guess(
    curves_deg: Curves, unknown: Unknown, reference: ScoreReference, draws: int = DRAWS
) -> Float[np.ndarray, "N 2"]:
    """The GDI of both sides of walkers of whom something is not known: the mean over draws of it.

    Best where the unknown has nothing to do with what is known, and near it otherwise.

    Args:
        curves_deg: exact, of two walkers or more.
        unknown: what of them is not known.
        reference: healthy people of the GDI.
        draws: how often the unknown is drawn.
    """
    rng = np.random.default_rng(SEED)
    guesses = [
        gait_deviation_index(guessed_curves(curves_deg, unknown, rng), reference)
        for _ in range(draws)
    ]
    return np.asarray(np.mean(guesses, axis=0))


def walkers_curves(
    count: int, say: Callable[[str], None] = lambda line: None
) -> tuple[Curves, list[str]]:
    """Mean curves of exact validation walkers who show whole strides of both sides, and who.

    Args:
        count: of walkers looked at.
        say: told how far it is.
    """
    curves, people = [], []
    for number in range(count):
        seed = walker_seed("validation", FIRST + number)
        strides = whole_strides(walk(draw_walker(seed), WALK_S, RATE_HZ))
        if set(strides) == set(SIDES):
            curves.append([strides[side].mean(axis=0) for side in SIDES])
            people.append(subject_of(seed))
        if number % 50 == 49:
            say(f"{number + 1} of {count} walkers")
    return np.array(curves), people


def limits_table(count: int, say: Callable[[str], None] = lambda line: None) -> MeasureTable:
    """A row for each of `UNKNOWN`.

    Args:
        count: of walkers.
        say: told how far it is.

    Raises:
        InputError: weights are missing or damaged, or there are too few walkers.
        SplitError: somebody was learned from.
    """
    trained, card = load_gdi_net(gdi_net_folder())
    curves, people = walkers_curves(count, say)
    for known in (card.people, read_card(openpose_folder()).people):
        known.refuse_known(people)
    truth = gait_deviation_index(curves, trained.reference)
    sides = [person for person in people for _ in SIDES]
    rows = []
    for one in UNKNOWN:
        guess = best_guess(curves, one, trained.reference)
        both = judge(one.what, "GDI", "points", truth.mean(axis=1), guess.mean(axis=1), people)
        single = judge(one.what, "GDI", "points", truth.ravel(), guess.ravel(), sides)
        rows.append((one.what, *error_cells(both), *error_cells(single)))
    return MeasureTable(
        f"GDI of {len(people)} exact validation walkers, all known of them but for what is named, "
        f"which is taken from others, {DRAWS} times; the guess is the mean of these GDIs",
        (
            "not known", "mean of both sides: RMSE (points)", "bias", "r", "slope",
            "each side: RMSE (points)", "bias", "r", "slope",
        ),
        tuple(rows),
    )  # fmt: skip
