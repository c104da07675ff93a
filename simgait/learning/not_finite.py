"""What a training leaves behind when its numbers are none: its state, and where in it they are."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from simgait.errors import InputError
from simgait.files import write_whole
from simgait.learning.processes import gathered, is_first
from simgait.learning.run_state import RunState
from simgait.weight_files import save_tree

STATE_FILE, FACTS_FILE = "not_finite.safetensors", "not_finite.json"
MOST_ENVIRONMENTS = 20
"""Of those that the facts name, with clip and frame; a diverged policy has them all."""


def refuse_not_finite(folder: Path, run: RunState, row: Mapping[str, float]) -> None:
    """Ends a training whose numbers are none; the last good state is in the checkpoint.

    Args:
        folder: of the training; the state and the facts of it are written there.
        run: as it stands.
        row: of the log.

    Raises:
        InputError: one of the row's numbers is not finite.
    """
    bad = sorted(name for name, value in row.items() if not math.isfinite(value))
    if not bad:
        return
    run = gathered(run)
    facts = {
        "steps": int(row["steps"]),
        "not_finite": bad,
        "row": {name: value if math.isfinite(value) else str(value) for name, value in row.items()},
        "arrays": arrays_not_finite(run),
        "environments": environments_not_finite(run),
    }
    if is_first():
        save_tree(folder / STATE_FILE, run)
        write_whole(folder / FACTS_FILE, json.dumps(facts, indent=1) + "\n")
    raise InputError(
        f"{folder.name}: {' and '.join(bad)} ceased to be a number after {facts['steps']:,} steps; "
        f"{FACTS_FILE} says where in the state, {STATE_FILE} holds it; the checkpoint is from "
        "before: go on from it with another recipe (--fork), say a smaller learning rate."
    )


def _numbers(leaf: Any) -> np.ndarray | None:
    """A leaf's floats; None for keys and counts."""
    floats = jnp.issubdtype(leaf.dtype, jnp.floating)
    return np.asarray(leaf) if floats else None


def arrays_not_finite(run: RunState) -> dict[str, int]:
    """How many numbers of each array of a run are none, by its place; arrays of numbers only."""
    found = {}
    for path, leaf in jax.tree_util.tree_flatten_with_path(run)[0]:
        values = _numbers(leaf)
        if values is not None and not np.isfinite(values).all():
            found[jax.tree_util.keystr(path)] = int((~np.isfinite(values)).sum())
    return found


def environments_not_finite(run: RunState) -> list[dict[str, int]]:
    """Environments in whose state a number is none, with the clip and the frame that they walk."""
    clip, frame = (np.asarray(run.env.info[name]) for name in ("clip", "frame"))
    bad = np.zeros(len(clip), bool)
    for leaf in jax.tree.leaves(run.env):
        values = _numbers(leaf)
        if values is not None:
            bad |= ~np.isfinite(values.reshape(len(clip), -1)).all(axis=1)
    return [
        {"environment": int(i), "clip": int(clip[i]), "frame": int(frame[i])}
        for i in np.flatnonzero(bad)[:MOST_ENVIRONMENTS]
    ]
