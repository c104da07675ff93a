"""All tasks of a training one after the other, stopped and gone on with anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgait.companions.gdi_net.config import GdiNetConfig
from simgait.companions.gdi_net.frames import WINDOW
from simgait.companions.gdi_net.networks import DESIGNS, FRAME, OWN, SHARED, fresh_part
from simgait.companions.gdi_net.training import (
    Standard,
    Task,
    TaskState,
    begun,
    frame_numbers,
    learn,
    over_time_task,
    posture_task,
    whole_task,
)
from simgait.companions.gdi_net.vgg16 import NAME as VGG16
from simgait.companions.gdi_net.vgg16 import with_convolutions_of
from simgait.companions.gdi_net.walkers import RenderedWalks
from simgait.companions.gdi_net.weights import TrainedGdiNet
from simgait.estimators.companion import Kept, Order

TURN, TURN_OF_VGG16 = 100, 20
"""Steps between two checkpoints: half a minute or so on two cores."""


@dataclass(frozen=True)
class Learned:
    """What all tasks gave.

    Attributes:
        parts: variables of the frame network and of each design, by name.
        standard: of the walks.
        losses: last mean loss of each task.
        steps: made of each task.
        minutes: of training, those before a stop included.
    """

    parts: Mapping[str, Any]
    standard: Standard
    losses: Mapping[str, float]
    steps: Mapping[str, int]
    minutes: float


def parts_for(walks: RenderedWalks, designs: Sequence[str]) -> list[str]:
    """What is learned, in order; from walks of unknown posture what needs the GDI alone."""
    if not np.isfinite(walks.posture).all():
        return [OWN, *(name for name in designs if name not in (*SHARED, OWN))]
    shared = [name for name in designs if name in SHARED]
    return [FRAME, *shared, *(name for name in designs if name not in SHARED)]


def learn_all(
    order: Order,
    kept: Kept,
    config: GdiNetConfig,
    walks: RenderedWalks,
    before: TrainedGdiNet | None = None,
) -> Learned:
    """Trains every part that is not trained yet.

    Args:
        order: what is asked for.
        kept: the folder.
        config: the recipe.
        walks: to learn from.
        before: designs that learned from these walks before, and stay as they are.

    Raises:
        InputError: the file of VGG16's convolutions cannot be used.
        KeyboardInterrupt: somebody asked to stop.
    """
    done = {} if before is None else before.parts
    names = [name for name in parts_for(walks, config.designs) if name not in done]
    standard, facts = Standard.of(walks) if before is None else before.standard, kept.facts or {}
    parts = _fresh(names, config)
    losses: dict[str, float] = dict(facts.get("losses", {}))
    made: dict[str, int] = dict(facts.get("made", {}))
    clock = time.monotonic() - float(facts.get("seconds", 0.0))
    at, now = 0, None
    if facts:
        at = names.index(facts["part"])
        loaded = kept.load({"parts": parts, "now": begun(parts[names[at]])})
        parts, now = loaded["parts"], loaded["now"]
        order.say(f"going on with {names[at]} after step {facts['steps']}")
    numbers = None
    with kept.steps():
        for name in names[at:]:
            if name in SHARED and numbers is None:
                numbers = frame_numbers({**done, **parts}[FRAME], walks.frames)
            task = _task(name, numbers, walks, standard, config)
            state = now or begun(parts[name])
            now = None
            turn = _turn(name, task, order, kept, parts, losses, made, clock)
            every = TURN_OF_VGG16 if name == VGG16 else TURN
            parts[name] = learn(task, state, config.optimiser, turn=turn, every=every)
    return Learned({**done, **parts}, standard, losses, made, (time.monotonic() - clock) / 60.0)


def _fresh(names: Sequence[str], config: GdiNetConfig) -> dict[str, Any]:
    """Parts before they learn."""
    size_px, seed = config.frames.size_px, config.optimiser.seed
    parts = {name: fresh_part(name, size_px, WINDOW, seed) for name in names}
    if config.vgg16_weights is not None and VGG16 in parts:
        own = parts[VGG16]["params"]
        frame = with_convolutions_of(Path(config.vgg16_weights), own["frame"])
        parts[VGG16] = {**parts[VGG16], "params": {**own, "frame": frame}}
    return parts


def _task(
    name: str, numbers: Any, walks: RenderedWalks, standard: Standard, config: GdiNetConfig
) -> Task:
    choice, every = config.optimiser, config.frames.every
    if name == FRAME:
        return posture_task(walks, standard, choice)
    if name in SHARED:
        return over_time_task(DESIGNS[name], numbers, walks, standard, choice, every)
    return whole_task(DESIGNS[name], walks, standard, choice, every)


def _turn(
    name: str,
    task: Task,
    order: Order,
    kept: Kept,
    parts: Mapping[str, Any],
    losses: dict[str, float],
    made: dict[str, int],
    clock: float,
) -> Callable[[TaskState, float], bool]:
    """Tells the loss, and keeps the parts done and the one under way."""

    def turn(state: TaskState, loss: float) -> bool:
        step, took_s = int(state.step), time.monotonic() - clock
        losses[name], made[name] = loss, step
        order.say(f"{task.name}: step {step} of {task.steps}, loss {loss:.3f}")
        kept.save(
            {"parts": dict(parts), "now": state},
            {
                "part": name, "steps": step, "seconds": took_s,
                "losses": dict(losses), "made": dict(made),
            },
        )  # fmt: skip
        return order.max_minutes is None or took_s < 60.0 * order.max_minutes

    return turn
