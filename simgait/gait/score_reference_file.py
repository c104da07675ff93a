"""A reference for the scores as a file: JSON with a hash of its content, checked on reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.files import write_whole
from simgait.gait.scores import SCORE_POINTS, SCORED_ANGLES, ScoreReference
from simgait.parameters.norm_rows import NormRow
from simgait.text_files import read_facts

FORMAT = "simgait score reference 1"
_NUMBERS = ("mean_log_distance", "sd_log_distance", "median_profile_score_deg")
_COUNTS = ("people", "sides", "strides")
_TEXTS = ("name", "origin", "pipeline")
_MAY_LACK = ("speed_from_mps", "speed_to_mps", "height_m")
_SHAPES = {
    "features": (len(SCORED_ANGLES) * SCORE_POINTS, None),
    "mean_curves_deg": (len(SCORED_ANGLES), SCORE_POINTS),
    "median_variable_scores_deg": (len(SCORED_ANGLES),),
}


@lru_cache(maxsize=8)
def reference_sha256(reference: ScoreReference) -> str:
    """SHA-256 of everything that a reference holds."""
    return _hash(_content(reference))


def write_reference(path: Path, reference: ScoreReference) -> None:
    """Writes the file, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    content = _content(reference)
    text = json.dumps(content | {"sha256": _hash(content)}, sort_keys=True, allow_nan=False)
    # A line for each entry: the file can be read, and compared line by line.
    write_whole(path, text.replace(', "', ',\n"') + "\n")


def read_reference(path: Path) -> ScoreReference:
    """The reference in a file.

    Raises:
        InputError: there is none, it is damaged, or it is of other angles.
    """
    if path.is_file() and path.suffix.lower() != ".json":
        raise InputError(
            f"{path.name}: is no reference for the scores, which is a file .json; make one of "
            "healthy people's angles with simgait reference build."
        )
    held = read_facts(path)
    if held.get("format") != FORMAT:
        raise InputError(
            f"{path.name}: is no reference for the scores; make one with simgait reference build."
        )
    if held.get("angles") != list(SCORED_ANGLES):
        raise InputError(
            f"{path.name}: its angles are others than the nine that are scored "
            f"({', '.join(SCORED_ANGLES)}); make it again with simgait reference build."
        )
    if held.pop("sha256", None) != _hash(held):
        raise InputError(
            f"{path.name}: damaged, its content does not match its hash; fetch or make it again."
        )
    try:
        return _reference(held)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path.name}: is no whole reference for the scores; make it again with simgait "
            "reference build."
        ) from error


def _content(reference: ScoreReference) -> dict[str, Any]:
    own = {one.name: getattr(reference, one.name) for one in fields(reference)}
    plain = {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in own.items()}
    # Without norms a reference is what it was before there were any, to the last digit of its hash.
    norms = [_known(row) for row in plain.pop("norms")]
    own_norms = {"norms": norms} if norms else {}
    return {"format": FORMAT, "angles": list(SCORED_ANGLES), **plain, **own_norms}


def _known(row: NormRow) -> dict[str, Any]:
    """What a row holds; what it does not say is left out."""
    said = asdict(row)
    return {name: said[name] for name in said if not (name in _MAY_LACK and np.isnan(said[name]))}


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _reference(held: Mapping[str, Any]) -> ScoreReference:
    """Raises KeyError, TypeError or ValueError where something is not as it should be."""
    found: dict[str, Any] = {name: np.array(held[name], dtype=float) for name in _SHAPES}
    for name, shape in _SHAPES.items():
        own = found[name].shape
        right = len(own) == len(shape) and all(
            wanted in (None, size) for wanted, size in zip(shape, own, strict=True)
        )
        if not right or not np.isfinite(found[name]).all():
            raise ValueError(name)
    found |= {name: float(held[name]) for name in _NUMBERS}
    if not np.isfinite([found[name] for name in _NUMBERS]).all() or found["sd_log_distance"] <= 0.0:
        raise ValueError("sd_log_distance")
    found |= {name: int(held[name]) for name in _COUNTS}
    found |= {name: str(held[name]) for name in _TEXTS}
    found["norms"] = tuple(NormRow(**row) for row in held.get("norms", ()))
    return ScoreReference(**found)
