"""What GDI-Net's frame network reads of rendered walkers' posture, angle by angle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from simgait.benchmark.companion_limits import FIRST
from simgait.companions.gdi_net.training import frame_numbers
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks, rendered_walks
from simgait.companions.gdi_net.weights import TrainedGdiNet, load_gdi_net, released_folder
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import cell, error_cells, judge

WALKERS = 100


def read_posture(trained: TrainedGdiNet, walks: RenderedWalks) -> Float[np.ndarray, "N 13"]:
    """Mean over each walk of what the frame network says of `POSTURE` (deg)."""
    n, standard = len(POSTURE), trained.standard
    said = frame_numbers(trained.frame, walks.frames)[..., :n].mean(axis=1)
    return np.asarray(said * standard.frame_sd[:n] + standard.frame_mean[:n])


def posture_table(count: int, say: Callable[[str], None] = lambda line: None) -> MeasureTable:
    """A row for each angle of rendered validation walkers.

    Args:
        count: of walkers.
        say: told how far it is.

    Raises:
        InputError: weights are missing or damaged, too few walkers show enough, or nothing can be
            drawn here.
        SplitError: somebody was learned from.
    """
    trained, card = load_gdi_net(released_folder())
    frames = trained.frames
    walks = rendered_walks(
        "validation", FIRST, count, trained.reference, frames.framing, frames.size_px,
        lambda done: say(f"{done} of {count} walkers rendered"),
    )  # fmt: skip
    card.people.refuse_known(walks.people)
    return MeasureTable(
        f"Mean angles of {len(walks.people)} rendered validation walkers, from the side, as "
        "GDI-Net's frame network reads them",
        ("angle", "RMSE, °", "bias, °", "r", "slope", "SD of the walkers, °"),
        posture_rows(walks.posture.mean(axis=1), read_posture(trained, walks), walks.people),
    )


def posture_rows(
    truth: Float[np.ndarray, "N 13"], said: Float[np.ndarray, "N 13"], people: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """A row for each of `POSTURE`; the frames are turned so that the right side is near.

    Raises:
        InputError: too few walkers.
    """
    rows = []
    for k, name in enumerate(POSTURE):
        label = name.replace("right", "near").replace("left", "far").replace("_", " ")
        true, own = (np.asarray(values[:, k], float) for values in (truth, said))
        row = judge("frame network", label, "°", true, own, people)
        rows.append((label, *error_cells(row), cell(float(true.std()))))
    return tuple(rows)
