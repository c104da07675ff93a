"""A search space as a sweep definition of Weights & Biases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simgait.learning.sweep_space import Range, SweepSpace

METRIC = "validation_score"
"""What is searched for: the score that also chooses a run's best policy; lower is better."""
FIRST_BRACKET = 3
"""Validations before Hyperband may end a run; W&B counts logged values of the metric."""


def wandb_yaml(space: SweepSpace, path: Path, out: Path) -> str:
    """The sweep definition: Bayesian search, whose agents call `simgait sweep --at`.

    Args:
        space: to search.
        path: of its file, as the agents find it.
        out: folder of the runs, likewise.
    """
    command = ["${env}", "simgait", "sweep", str(path), "-o", str(out), "--at"]
    lines = [
        f"# {space.name} as a sweep of Weights & Biases:",
        "#   wandb sweep THIS_FILE        (prints the sweep's ID)",
        "#   wandb agent ID               (on as many machines as there are)",
        "program: simgait",
        "method: bayes",
        "metric:",
        f"  name: {METRIC}",
        "  goal: minimize",
        f"run_cap: {space.trials}",
        "early_terminate:",
        "  type: hyperband",
        f"  min_iter: {FIRST_BRACKET}",
        "parameters:",
        *_parameters(space),
        "command:",
        *(f"  - {_scalar(word)}" for word in [*command, "${args_no_hyphens}"]),
    ]
    return "\n".join(lines) + "\n"


def _parameters(space: SweepSpace) -> Iterator[str]:
    for name, one in space.ranges.items():
        yield f"  {name}:"
        for key, value in _constraint(one).items():
            yield f"    {key}: {_scalar(value)}"


def _constraint(one: Range) -> dict[str, Any]:
    if one.choices:
        return {"values": one.values}
    ends = {"min": one.low, "max": one.high}
    if one.log:
        # Whole numbers are rounded by `q`.
        kind = "q_log_uniform_values" if one.whole else "log_uniform_values"
        return {"distribution": kind} | ends | ({"q": 1} if one.whole else {})
    if one.step is not None:
        return {"distribution": "q_uniform"} | ends | {"q": one.step}
    return {"distribution": "int_uniform" if one.whole else "uniform"} | ends


def _scalar(value: Any) -> str:
    """YAML as PyYAML reads it: JSON, but a float needs its point beside an exponent."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, float) and "e" in repr(value) and "." not in repr(value):
        return repr(value).replace("e", ".0e")
    return json.dumps(value)
