"""The half-widths of 90 % intervals as a file: coefficients of every number, with where from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from simgait.certainty.conditions import Conditions
from simgait.certainty.film import OF_A_CURVE, OF_A_RANGE, wider
from simgait.certainty.terms import TERMS, Measured, sizes
from simgait.errors import InputError
from simgait.files import write_text
from simgait.resources import resource_dir
from simgait.text_files import parse_json

FILE = "intervals.json"
"""Beside the weights of the policy that it was measured with."""
Source = Literal["markers", "detector"]
SOURCES: tuple[Source, Source] = ("markers", "detector")
DIGITS = 5
"""A half-width is known to two digits at best; the file stays small."""

Coefficients = Mapping[str, Mapping[str, tuple[float, ...]]]
"""Source -> number (`number_name`, `curve_name`, `range_name`, `event_name`) -> one for each of
`TERMS`."""


def number_name(key: str, pool: str) -> str:
    """What the file calls a parameter of one side, whichever, or of both."""
    return f"{key}, {'both' if pool == 'both' else 'side'}"


def curve_name(key: str) -> str:
    """What the file calls a curve over the gait cycle."""
    return f"{key}{OF_A_CURVE}"


def range_name(key: str) -> str:
    """What the file calls the range of motion that a curve has over the gait cycle."""
    return f"{key}{OF_A_RANGE}"


def event_name(kind: str) -> str:
    """What the file calls the time of a foot event."""
    return f"{kind}, event"


@dataclass(frozen=True)
class Widths:
    """Where half-widths come from.

    Attributes:
        policy_sha256: of the policy whose errors were measured; another one has none.
        coefficients: of the formulas.
        left_out: detector -> coefficients that were made without it, to be judged by it.
        provenance: what they were made from.
        sha256: of all of this.
    """

    policy_sha256: str
    coefficients: Coefficients
    left_out: Mapping[str, Coefficients] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""

    def half_width(self, name: str, conditions: Conditions, measured: Measured) -> float:
        """Half-width of one number's 90 % interval in its stored unit; NaN where it has none."""
        own = self.coefficients[source_of(conditions)].get(name)
        if own is None or measured.n < 1:
            return float("nan")
        half = float(sizes(conditions, measured) @ np.array(own))
        is_film = conditions.filmed and source_of(conditions) == "detector"
        return half * wider(name) if is_film else half


def source_of(conditions: Conditions) -> Source:
    """Whose formulas hold: of measured points, or of a detector's."""
    return "markers" if conditions.measured else "detector"


def write_widths(path: Path, widths: Widths) -> None:
    """Writes the file with its hash.

    Raises:
        InputError: it cannot be written.
    """
    content = {
        "policy_sha256": widths.policy_sha256,
        "terms": [term.name for term in TERMS],
        "coefficients": _plain(widths.coefficients),
        "left_out": {name: _plain(found) for name, found in widths.left_out.items()},
        "provenance": dict(widths.provenance),
    }
    text = json.dumps(content | {"sha256": _hash(content)}, indent=1, sort_keys=True)
    write_text(path, text + "\n")


def _plain(found: Coefficients) -> dict[str, dict[str, list[float]]]:
    return {
        source: {name: [float(f"{x:.{DIGITS}g}") for x in own] for name, own in numbers.items()}
        for source, numbers in found.items()
    }


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_widths(path: Path) -> Widths:
    """The file of a policy.

    Raises:
        InputError: it is absent or damaged, or was made for other terms.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such file of intervals; check the path.")
    held = parse_json(path.read_text(encoding="utf-8"), path.name)
    try:
        said = held.pop("sha256")
        if said != _hash(held):
            raise InputError(
                f"{path.name}: damaged, its content does not match its hash; fetch it again."
            )
        if held["terms"] != [term.name for term in TERMS]:
            raise InputError(
                f"{path.name}: made by another version of simgait; make it again with simgait "
                "policy intervals."
            )
        return Widths(
            held["policy_sha256"],
            _tuples(held["coefficients"]),
            {name: _tuples(found) for name, found in held["left_out"].items()},
            held["provenance"],
            said,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path.name}: it is no file of intervals; fetch it again.") from error


def _tuples(found: Mapping[str, Mapping[str, list[float]]]) -> Coefficients:
    return {s: {name: tuple(own) for name, own in numbers.items()} for s, numbers in found.items()}


@cache
def released_widths() -> Widths:
    """Of the released policy.

    Raises:
        InputError: the installation lacks them, or they are damaged.
    """
    return read_widths(resource_dir("policies") / "default" / FILE)
