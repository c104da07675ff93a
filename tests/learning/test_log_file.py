"""A log goes back with its training."""

from __future__ import annotations

from pathlib import Path

from simgait.files import append_csv_row
from simgait.learning.log_file import cut_log


def test_rows_beyond_a_step_and_torn_rows_go(tmp_path: Path) -> None:
    path = tmp_path / "progress.csv"
    assert cut_log(path, 5) is None
    for steps in (10, 20, 30):
        append_csv_row(path, {"steps": steps, "reward": 0.1 * steps, "note": ""})
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(b"40,0")
    assert cut_log(path, 30) == {"steps": "30", "reward": "3.0", "note": ""}
    assert path.read_bytes() == whole
    last = cut_log(path, 25)
    assert last is not None and last["steps"] == "20"
    append_csv_row(path, {"steps": 30, "reward": 3.0, "note": ""})
    assert path.read_bytes() == whole
    assert cut_log(path, 0) is None and not path.exists()
