"""The ablation's table inside the benchmark's report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simgait.benchmark.ablation_budgets import ROWS
from simgait.benchmark.ablation_file import read_ablation
from simgait.benchmark.ablation_scores import COLUMNS_OF_TABLE, FIRST_FRAMES, PAPER_COLUMNS
from simgait.benchmark.ablation_table import PAPER_TABLE, as_json
from simgait.errors import InputError


def written(folder: Path, names: tuple[str, ...]) -> Path:
    """table.json of these rows; the k-th number from frame f is k + f."""
    rows = [
        {
            "row": name,
            "steps": 2048,
            "scores": {
                str(first): {c.key: k + first for k, c in enumerate(COLUMNS_OF_TABLE)}
                for first in FIRST_FRAMES
            },
        }
        for name in names
    ]
    path = folder / "table.json"
    path.write_text(as_json(rows, {"budget": "smoke", "written": "2026-01-02"}), encoding="utf-8")
    return path


def test_ours_and_the_papers_rows_stand_side_by_side(tmp_path: Path) -> None:
    table = read_ablation(written(tmp_path, ("final", "simgait")))
    assert '"smoke"' in table.caption
    assert [(r.name, r.kind) for r in table.rows] == [
        ("final: paper, from frame 45", "published"),
        ("final: ours, from frame 45", "measured"),
        ("final: ours, from frame 0", "measured"),
        ("simgait: ours, from frame 45", "measured"),
        ("simgait: ours, from frame 0", "measured"),
    ]
    paper, ours = table.rows[0].cells, table.rows[2].cells
    assert paper[0] is None and paper[1 : 1 + len(PAPER_COLUMNS)] == PAPER_TABLE["final"]
    assert ours == (2048, *range(len(COLUMNS_OF_TABLE)))


def test_rows_that_were_not_trained_are_named(tmp_path: Path) -> None:
    note = read_ablation(written(tmp_path, ("final", "base"))).note
    missing = [row for row in ROWS if row not in ("final", "base")]
    assert f"Not trained: {', '.join(missing)}." in note
    assert "Not trained" not in read_ablation(written(tmp_path, tuple(ROWS))).note


LINE = {"row": "final", "source": "ours, from frame 0", "steps": 1}
TABLE = {"facts": {"budget": "smoke"}, "paper": "p", "table": [LINE]}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "Invalid JSON"),
        ("[1, 2]", "not a table"),
        ("{}", "facts"),
        (json.dumps(TABLE | {"table": []}), "table"),
        (json.dumps(TABLE | {"table": [LINE | {"hip_rmse_deg": "far"}]}), "hip_rmse_deg"),
        (json.dumps(TABLE | {"table": [LINE | {"hip_rmse_deg": float("nan")}]}), "hip_rmse_deg"),
        (json.dumps(TABLE | {"table": [LINE | {"row": "finale"}]}), "no row 'finale'"),
        ("\udc80", "cannot be read"),
    ],
)
def test_a_file_of_something_else_is_one_sentence(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=what) as caught:
        read_ablation(path)
    sentence = str(caught.value)
    assert sentence.startswith("table.json: ") and "\n" not in sentence
    assert str(tmp_path) not in sentence


def test_an_absent_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.json: .* cannot be read"):
        read_ablation(tmp_path / "no.json")
