"""Two studies compared: what numbers may differ by, and what may not differ at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.benchmark.same_numbers import TABLES, study_differences

pa = pytest.importorskip("pyarrow")


def study(folder: Path, **changes: object) -> Path:
    from pyarrow import parquet

    folder.mkdir()
    rows: list[dict[str, object]] = [
        {"trial": f"t{i}", "outcome": "done", "stride_length_m": 1.2, "knee_deg": [10.0, 20.0],
         "walks_n": 2, "empty_m": None}
        for i in range(2)
    ]  # fmt: skip
    rows[0] |= changes
    for table in TABLES:
        parquet.write_table(pa.Table.from_pylist(rows), folder / f"{table}.parquet")
    return folder


def test_equal_studies_differ_by_nothing(tmp_path: Path) -> None:
    found = study_differences(study(tmp_path / "a"), study(tmp_path / "b"))
    assert found.none and found.numbers == 16 and found.largest == {"m": 0.0, "deg": 0.0}


@pytest.mark.parametrize(
    ("change", "unit", "size", "beyond"),
    [({"stride_length_m": 1.2001}, "m", 1e-4, 0), ({"stride_length_m": 1.203}, "m", 3e-3, 4),
     ({"knee_deg": [10.0, 20.5]}, "deg", 0.5, 4)],
)  # fmt: skip
def test_numbers_may_differ_by_little(
    tmp_path: Path, change: dict[str, object], unit: str, size: float, beyond: int
) -> None:
    found = study_differences(study(tmp_path / "a"), study(tmp_path / "b", **change))
    assert found.largest[unit] == pytest.approx(size) and found.beyond == beyond
    assert found.none == (beyond == 0)


@pytest.mark.parametrize("change", [{"outcome": "failed"}, {"walks_n": 3}, {"empty_m": 1.0}])
def test_texts_counts_and_what_is_there_may_not(tmp_path: Path, change: dict[str, object]) -> None:
    found = study_differences(study(tmp_path / "a"), study(tmp_path / "b", **change))
    assert len(found.other) == 4 and not found.beyond and not found.none
