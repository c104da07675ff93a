"""The released policy tracks six fixed walks, from file to tables, and finds what is pinned."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from tests.golden.compare import Difference, compare, message
from tests.golden.renew import tracked
from tests.golden.tables import PINNED, Quantities, read_pinned
from tests.golden.walks import REAL, SYNTHETIC, real_data


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Quantities]:
    """What was found, per walk; tracked once per call of pytest, however many workers it has."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # the one that workers share
    kept = folder / "golden.json"
    with (folder / "golden.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(tracked(real_data(), folder / "golden")), encoding="utf-8")
    walks: dict[str, dict[str, list[str]]] = json.loads(kept.read_text(encoding="utf-8"))
    return {
        walk: {name: tuple(cells) for name, cells in quantities.items()}
        for walk, quantities in walks.items()
    }


def not_as_pinned(found: dict[str, Quantities], walks: tuple[str, ...]) -> list[Difference]:
    return [row for walk in walks for row in compare(walk, read_pinned(walk), found[walk])]


def test_synthetic_walks_are_as_pinned(found: dict[str, Quantities]) -> None:
    differences = not_as_pinned(found, SYNTHETIC)
    assert not differences, message(differences)


@pytest.mark.skipif(
    real_data() is None,
    reason="the two real golden walks need the real recordings: set SIMGAIT_DATA to their folder",
)
def test_real_walks_are_as_pinned(found: dict[str, Quantities]) -> None:
    differences = not_as_pinned(found, tuple(REAL))
    assert not differences, message(differences)


def test_every_golden_walk_is_pinned_and_nothing_else() -> None:
    assert {path.stem for path in Path(PINNED).glob("*.csv")} == {*SYNTHETIC, *REAL}
