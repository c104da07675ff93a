"""Programs that are traced once: the same numbers, read by the next process, or made anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait import kept_programs
from simgait.kept_programs import COMPILED, FOLDER, SUFFIX, UNUSED_DAYS, kept_program

X, Y = np.arange(3.0, dtype=np.float32), np.ones((), np.float32)


class Traced:
    """A function of arrays that counts how often it is traced."""

    def __init__(self, factor: float = 2.0) -> None:
        self.factor, self.times = factor, 0

    def __call__(self, values: dict[str, jax.Array], shift: jax.Array | None):
        self.times += 1
        moved = values["x"] * self.factor + (0.0 if shift is None else shift)
        return moved, {"sum": moved.sum()}


LIKE = (0, {"sum": 0})


def run_kept(function: Callable[..., Any], told_by: str, arguments: Sequence[Any], like: Any):
    return kept_program(function, told_by, arguments, like)(*arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of kept programs, in a process that has none ready."""
    monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(kept_programs, "_ready", {})
    return tmp_path / "jax" / FOLDER


def next_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_programs, "_ready", {})


def programs(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def test_it_is_traced_once_for_all_processes_and_gives_what_the_function_gives(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = Traced()
    for _ in range(2):
        moved, told = run_kept(double, "double", ({"x": X}, Y), LIKE)
        assert (np.asarray(moved) == [1, 3, 5]).all() and told["sum"] == 9
    next_process(monkeypatch)
    moved, _ = run_kept(double, "double", ({"x": X + 1}, Y), LIKE)
    assert (np.asarray(moved) == [3, 5, 7]).all()
    assert double.times == 1 and len(programs(folder)) == 1


@pytest.mark.parametrize(
    ("told_by", "x", "shift"),
    [
        ("other settings", X, Y),
        ("double", X[:2], Y),
        ("double", X.astype(np.int32), Y),
        ("double", X, None),
    ],
)
def test_other_settings_shapes_kinds_or_arguments_are_another_program(
    folder: Path, told_by: str, x: np.ndarray, shift: np.ndarray | None
) -> None:
    run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    other = Traced(3.0)
    moved, _ = run_kept(other, told_by, ({"x": x}, shift), LIKE)
    assert np.array_equal(moved, x * 3.0 + (0.0 if shift is None else shift))
    assert len(programs(folder)) == 2


def test_other_code_is_another_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    monkeypatch.setattr(kept_programs, "_code", lambda: "of tomorrow")
    moved, _ = run_kept(Traced(3.0), "double", ({"x": X}, Y), LIKE)
    assert (np.asarray(moved) == X * 3 + 1).all()


@pytest.mark.parametrize("damage", [b"", b"no program", None])
def test_a_damaged_program_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    (path,) = programs(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] if damage is None else damage)
    next_process(monkeypatch)
    again = Traced()
    moved, _ = run_kept(again, "double", ({"x": X}, Y), LIKE)
    assert again.times == 1 and (np.asarray(moved) == [1, 3, 5]).all()
    next_process(monkeypatch)
    run_kept(again, "double", ({"x": X}, Y), LIKE)
    assert again.times == 1


def test_a_folder_that_cannot_be_written_costs_the_tracing_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_file").touch()
    monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(tmp_path / "a_file"))
    next_process(monkeypatch)
    moved, _ = run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    assert (np.asarray(moved) == [1, 3, 5]).all()


def test_without_a_cache_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = getattr(jax.config, COMPILED)
    jax.config.update(COMPILED, None)
    try:
        moved, _ = run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    finally:
        jax.config.update(COMPILED, before)
    assert (np.asarray(moved) == [1, 3, 5]).all() and not folder.exists()


def test_what_nobody_used_for_long_is_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_kept(Traced(), "double", ({"x": X}, Y), LIKE)
    (old,) = programs(folder)
    long_ago = old.stat().st_mtime - (UNUSED_DAYS + 1) * 86_400
    os.utime(old, (long_ago, long_ago))
    stranger = folder / "notes.txt"
    stranger.touch()
    os.utime(stranger, (long_ago, long_ago))
    run_kept(Traced(3.0), "triple", ({"x": X}, Y), LIKE)
    assert not old.exists() and stranger.exists() and len(programs(folder)) == 1


def test_a_result_of_a_tree_is_put_together_as_asked(folder: Path) -> None:
    def parts(x: jax.Array) -> dict[str, tuple[jax.Array, ...]]:
        return {"b": (x, x + 1), "a": (jnp.sum(x),)}

    found = run_kept(parts, "parts", (X,), {"a": (0,), "b": (0, 0)})
    assert (np.asarray(found["b"][1]) == X + 1).all() and found["a"][0] == 3
