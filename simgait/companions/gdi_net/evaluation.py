"""How GDI-Net and its rivals do on rendered people unseen, beside the order of the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.gdi_net.networks import DESIGNS
from simgait.companions.gdi_net.rivals import said_by_linear
from simgait.companions.gdi_net.walkers import RenderedWalks, rendered_walks
from simgait.companions.gdi_net.weights import (
    TrainedGdiNet,
    load_gdi_net,
    predict,
    released_folder,
)
from simgait.estimators.companion import Evaluation, MeasureTable
from simgait.estimators.judged import Judged, cell, judge

FIRST_JUDGED = 60_000
"""Of the test walkers: those that other companions and the scorecard are judged by lie before."""
MEAN = "mean of the training people"
PUBLISHED_RMSE: Mapping[str, float] = {
    one.label: one.published_rmse for one in DESIGNS.values() if one.published_rmse is not None
} | {"linear regression on flattened frames": 13.0, MEAN: 13.7}
"""Points, of a Stanford CS229 project of a clinic's 435 exams; on a split that leaks. Its linear
regression was beaten by little but the mean that stood beside it."""
SYNTHETIC = (
    "Rendered synthetic people whom nothing was learned from, exact I, U, V: how well the method "
    "reads what it was made for, not its accuracy on people."
)
QUANTITY = "GDI, mean of both sides"


def estimates_of(
    trained: TrainedGdiNet, walks: RenderedWalks
) -> tuple[dict[str, Float[np.ndarray, " N"]], dict[str, Float[np.ndarray, "N W"]]]:
    """What everybody says of walks, by label; and of their windows, by design."""
    windows = predict(trained, [*trained.over_time, *trained.whole], walks.frames)
    said = {DESIGNS[name].label: windows[name].mean(axis=1) for name in DESIGNS if name in windows}
    said |= said_by_linear(trained.linear, walks.frames)
    return said | {MEAN: np.full(len(walks.people), trained.standard.gdi_mean)}, windows


def judged_rows(
    trained: TrainedGdiNet, walks: RenderedWalks, half_widths: Mapping[str, float], released: str
) -> list[Judged]:
    """Each estimator on walks, and the released one on single windows as the paper's were."""
    said, windows = estimates_of(trained, walks)
    reach = {DESIGNS[name].label: width for name, width in half_widths.items()}
    rows = [
        judge(
            name, QUANTITY, "points", walks.target, own, walks.people, reach.get(name, float("nan"))
        )
        for name, own in said.items()
    ]
    one = windows[released]
    people = [who for who in walks.people for _ in range(one.shape[1])]
    truth = np.repeat(walks.target, one.shape[1])
    label = DESIGNS[released].label
    return [
        *rows,
        judge(label, f"{QUANTITY}, single windows", "points", truth, one.ravel(), people),
    ]


def beside_the_paper(rows: list[Judged]) -> MeasureTable:
    """Ranks here, and in the paper."""
    here = sorted((row for row in rows if row.quantity == QUANTITY), key=lambda row: row.rmse)
    paper = sorted(PUBLISHED_RMSE, key=lambda name: PUBLISHED_RMSE[name])
    lines = []
    for rank, row in enumerate(here, 1):
        known = row.estimator in PUBLISHED_RMSE
        lines.append((
            row.estimator, f"{rank}", cell(row.rmse), cell(row.r), cell(row.slope),
            f"{paper.index(row.estimator) + 1}" if known else "–",
            cell(PUBLISHED_RMSE[row.estimator]) if known else "–",
        ))  # fmt: skip
    return MeasureTable(
        "The order of the rivals here and in the paper, whose numbers rest on windows of the same "
        "exams in training and validation.",
        ("estimator", "rank", "RMSE (points)", "r", "slope", "rank in the paper", "RMSE there"),
        tuple(lines),
    )


def absent_note(designs: Sequence[str]) -> str:
    """Which designs a folder does not hold, so that nobody takes its table for the whole."""
    absent = [one.label for name, one in DESIGNS.items() if name not in designs]
    return (
        f"not in these weights, so not judged: {', '.join(absent)} (simgait companion train "
        "gdi-net --designs NAME --beside DIR adds one)"
        if absent
        else "every design is in these weights"
    )


def evaluate(
    people: int, folder: Path | None = None, say: Callable[[str], None] = lambda line: None
) -> Evaluation:
    """Judges networks on rendered test walkers.

    Args:
        people: how many test walkers.
        folder: of the weights; None takes the released ones.
        say: told how far it is.

    Raises:
        InputError: the weights are missing or damaged, or nothing can be drawn here.
        SplitError: somebody was learned from.
    """
    trained, card = load_gdi_net(folder or released_folder())
    frames = trained.frames
    walks = rendered_walks(
        "test", FIRST_JUDGED, people, trained.reference, frames.framing, frames.size_px,
        lambda done: say(f"{done} of {people} test walkers rendered"),
    )  # fmt: skip
    card.people.refuse_known(walks.people)
    rows = judged_rows(trained, walks, card.half_widths, card.released)
    return Evaluation(
        SYNTHETIC, tuple(rows),
        (f"GDI against {trained.reference.name}.", absent_note(card.designs)),
        (beside_the_paper(rows),),
    )  # fmt: skip
