"""The file of a reference gives back what was written, and nothing that was changed since."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.gait.score_reference_file import read_reference, reference_sha256, write_reference
from simgait.gait.scores import ScoreReference


def test_a_reference_comes_back_as_it_was_written(
    reference: ScoreReference, tmp_path: Path
) -> None:
    path = tmp_path / "own.json"
    write_reference(path, reference)
    back = read_reference(path)
    for one in dataclasses.fields(reference):
        assert np.array_equal(getattr(back, one.name), getattr(reference, one.name)), one.name
    assert reference_sha256(back) == reference_sha256(reference)


def _changed(path: Path, **changes: object) -> None:
    held = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(held | changes), "utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mean_log_distance": 4.0}, "damaged, its content does not match its hash"),
        ({"angles": ["knee_flexion"]}, "its angles are others than the nine that are scored"),
        ({"format": "another"}, "is no reference for the scores"),
    ],
)
def test_a_changed_file_is_refused(
    reference: ScoreReference, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    path = tmp_path / "own.json"
    write_reference(path, reference)
    _changed(path, **changes)
    with pytest.raises(InputError, match=f"^own.json: {said}"):
        read_reference(path)


@pytest.mark.parametrize(
    "damage",
    [
        {"sd_log_distance": 0.0},
        {"features": np.eye(458)[:, :3]},
        {"mean_curves_deg": np.full((9, 51), np.nan)},
    ],
)
def test_a_hash_does_not_make_a_reference(
    reference: ScoreReference, tmp_path: Path, damage: dict[str, object]
) -> None:
    import hashlib

    path = tmp_path / "own.json"
    write_reference(path, reference)
    held = json.loads(path.read_text("utf-8"))
    plain = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in damage.items()}
    held = {k: v for k, v in (held | plain).items() if k != "sha256"}
    held["sha256"] = hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(held), "utf-8")
    with pytest.raises(InputError, match="own.json: is no whole reference"):
        read_reference(path)


def test_no_file_and_another_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent.json"):
        read_reference(tmp_path / "absent.json")
    (tmp_path / "list.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match="list.json: is a list"):
        read_reference(tmp_path / "list.json")
