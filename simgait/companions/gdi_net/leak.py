"""What a split that leaks hides: the same network, judged by its own people and by others.

The paper's windows of ten frames, five apart, overlap, and were dealt out at random: every exam
that judges was learned from. Nothing else in simgait does so: elsewhere it is an error. Here the
released frame network, which knows none of these people, reads their frames, and what reads its
numbers over time is trained on some windows and judged by others.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from simgait.companions.gdi_net.config import OptimiserConfig
from simgait.companions.gdi_net.evaluation import MEAN, QUANTITY, SYNTHETIC
from simgait.companions.gdi_net.frames import N_FRAMES, STRIDE, WINDOW
from simgait.companions.gdi_net.networks import DESIGNS, RELEASED, fresh_part, time_part
from simgait.companions.gdi_net.training import (
    Standard,
    begun,
    frame_numbers,
    gdi_of,
    learn,
    over_time_task,
)
from simgait.companions.gdi_net.walkers import RenderedWalks, rendered_walks
from simgait.companions.gdi_net.weights import load_gdi_net, released_folder
from simgait.estimators.companion import Evaluation, Say
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import refuse_shared_people, split_by_person

FIRST, PEOPLE = 930_000, 100
"""Training walkers that nothing else learns from; nine windows of each, ten frames in a row."""
CHOICE = OptimiserConfig(over_time_steps=1500)
SHARES = {"train": 0.8, "test": 0.2}
"""Of people, or of windows: as the published splits."""


def leaking_and_clean(
    say: Say, people: int = PEOPLE, choice: OptimiserConfig = CHOICE
) -> Evaluation:
    """Trains GDI-Net twice on the same walkers, and judges each by its own split.

    Args:
        say: told how far it is.
        people: how many walkers.
        choice: of the optimiser.

    Raises:
        InputError: there are no released networks, or nothing can be drawn here.
    """
    trained, card = load_gdi_net(released_folder())
    say(f"{people} walkers")
    frames = trained.frames
    walks = rendered_walks(
        "train", FIRST, people, trained.reference, frames.framing, frames.size_px
    )
    refuse_shared_people(card.people.train, walks.people)
    numbers = frame_numbers(trained.frame, walks.frames)
    starts = np.arange(0, N_FRAMES - WINDOW + 1, STRIDE)
    grid = np.meshgrid(np.arange(len(walks.people)), starts, indexing="ij")
    windows = np.stack(grid, axis=-1).reshape(-1, 2)
    order = np.random.default_rng(0).permutation(len(windows))
    parts = split_by_person([walks.people[walk] for walk, _ in windows], SHARES)
    n_test = len(parts["test"])
    splits = {
        "windows dealt out at random (leaks)": (order[n_test:], order[:n_test]),
        "people kept apart": (np.array(parts["train"]), np.array(parts["test"])),
    }
    rows: list[Judged] = []
    for name, (learned, judged) in splits.items():
        say(f"{name}: {choice.over_time_steps} steps")
        rows += _judged(name, walks, numbers, windows[learned], windows[judged], choice)
    return Evaluation(SYNTHETIC, tuple(rows), (
        "a split that leaks is an error wherever simgait trains or judges; this is what it hides",
    ))  # fmt: skip


def _judged(
    name: str,
    walks: RenderedWalks,
    numbers: Float[np.ndarray, "N 51 16"],
    learned: Int[np.ndarray, "L 2"],
    judged: Int[np.ndarray, "J 2"],
    choice: OptimiserConfig,
) -> list[Judged]:
    """The network, and the mean of what it learned from."""
    standard = Standard.of(walks.rows(np.unique(learned[:, 0])))
    design = DESIGNS[RELEASED]
    task = over_time_task(design, numbers, walks, standard, choice, 1, learned)
    fresh = fresh_part(RELEASED, walks.frames.shape[2:4], WINDOW, choice.seed)
    variables = learn(task, begun(fresh), choice)
    walk, start = judged.T
    inputs = jnp.asarray(numbers[walk[:, None], start[:, None] + np.arange(WINDOW)])
    said = gdi_of(design, jnp.asarray(time_part(design).apply(variables, inputs, False)), standard)
    truth, people = walks.target[walk], [walks.people[one] for one in walk]
    quantity = f"{QUANTITY}, single windows"
    mean = np.full(len(truth), standard.gdi_mean)
    return [
        judge(f"{design.label}, {name}", quantity, "points", truth, said, people),
        judge(f"{MEAN}, {name}", quantity, "points", truth, mean, people),
    ]
