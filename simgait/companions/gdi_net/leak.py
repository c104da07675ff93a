"""What a split that leaks hides: the same network, judged by its own people and by others.

The paper's windows of ten frames, five apart, overlap, and were dealt out at random: every exam
that judges was learned from. Nothing else in simgait does so: elsewhere it is an error.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from simgait.companions.gdi_net.config import FramesConfig, OptimiserConfig
from simgait.companions.gdi_net.evaluation import MEAN, QUANTITY, SYNTHETIC
from simgait.companions.gdi_net.frames import N_FRAMES, STRIDE, WINDOW
from simgait.companions.gdi_net.networks import DESIGNS, fresh_part
from simgait.companions.gdi_net.training import Standard, begun, learn, whole_task
from simgait.companions.gdi_net.walkers import RenderedWalks, rendered_walks
from simgait.companions.gdi_net.weights import said_of_windows
from simgait.companions.openpose_gdi.targets import synthetic_reference
from simgait.estimators.companion import Evaluation, Say
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import split_by_person

FIRST, PEOPLE = 930_000, 100
"""Training walkers that nothing else learns from; nine windows of each."""
FRAMES = FramesConfig(every=1)
"""Windows as published: ten frames in a row, five apart."""
CHOICE = OptimiserConfig(whole_steps=600, l2=0.0)
SHARES = {"train": 0.8, "test": 0.2}
"""Of people, or of windows: as the published splits."""
DESIGN = "direct"


def leaking_and_clean(
    say: Say, people: int = PEOPLE, choice: OptimiserConfig = CHOICE
) -> Evaluation:
    """Trains the network twice on the same walkers, and judges each by its own split.

    Args:
        say: told how far it is.
        people: how many walkers.
        choice: of the optimiser.
    """
    say(f"{people} walkers")
    walks = rendered_walks(
        "train", FIRST, people, synthetic_reference(), FRAMES.framing, FRAMES.size_px
    )
    starts = np.arange(0, N_FRAMES - WINDOW + 1, STRIDE)
    windows = np.stack(
        np.meshgrid(np.arange(len(walks.people)), starts, indexing="ij"), -1
    ).reshape(-1, 2)
    order = np.random.default_rng(0).permutation(len(windows))
    parts = split_by_person([walks.people[walk] for walk, _ in windows], SHARES)
    n_test = len(parts["test"])
    splits = {
        "windows dealt out at random (leaks)": (order[n_test:], order[:n_test]),
        "people kept apart": (np.array(parts["train"]), np.array(parts["test"])),
    }
    rows: list[Judged] = []
    for name, (learned, judged) in splits.items():
        say(f"{name}: {choice.whole_steps} steps")
        rows += _judged(name, walks, windows[learned], windows[judged], choice, say)
    return Evaluation(SYNTHETIC, tuple(rows), (
        "a split that leaks is an error wherever simgait trains or judges; this is what it hides",
    ))  # fmt: skip


def _judged(
    name: str,
    walks: RenderedWalks,
    learned: Int[np.ndarray, "L 2"],
    judged: Int[np.ndarray, "J 2"],
    choice: OptimiserConfig,
    say: Say,
) -> list[Judged]:
    """The network, and the mean of what it learned from."""
    standard = Standard.of(walks.rows(np.unique(learned[:, 0])))
    design = DESIGNS[DESIGN]
    task = whole_task(design, walks, standard, choice, FRAMES.every, learned)
    fresh = fresh_part(DESIGN, FRAMES.size_px, WINDOW, choice.seed)

    def turn(state: object, loss: float) -> bool:
        say(f"loss {loss:.3f}")
        return True

    variables = learn(task, begun(fresh, task.steps, choice), choice, turn=turn)
    said = said_of_windows(design, variables, standard, walks.frames, judged, FRAMES.every)
    truth = walks.target[judged[:, 0]]
    people = [walks.people[walk] for walk in judged[:, 0]]
    quantity = f"{QUANTITY}, single windows"
    mean = np.full(len(truth), standard.gdi_mean)
    return [
        judge(f"{design.label}, {name}", quantity, "points", truth, said, people),
        judge(f"{MEAN}, {name}", quantity, "points", truth, mean, people),
    ]
