"""Names, paths, tables and files: nothing unsafe is written, and nothing half."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.files import (
    append_csv_row,
    csv_cell,
    csv_text,
    json_for_html,
    make_output_folder,
    safe_id,
    whole_file,
    whole_folder,
    without_folders,
    write_together,
    write_whole,
)


def test_no_walk_is_called_like_a_table_or_page_beside_it() -> None:
    assert safe_id("summary.csv") == "summary_csv" and safe_id("INDEX.HTML") == "INDEX_HTML"
    assert safe_id("walk.01") == "walk.01"


@given(st.text(max_size=300))
def test_safe_id_is_always_safe(text: str) -> None:
    result = safe_id(text)
    assert result and len(result) <= 200 and not result.startswith(".")
    assert set(result) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert safe_id(result) == result


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [("../../etc/passwd", "passwd"), ("a b", "a_b"), ("..", "recording"),
     ("S01_walk.2", "S01_walk.2"),
     ("C:\\x\\y.c3d", "y.c3d"), ("Walk 01 (left)", "Walk_01_left"), ("x" * 300, "x" * 200),
     ("con", "con_"), ("NUL.walk 1", "NUL_.walk_1"), ("COM1.", "COM1_"), ("lpt9.c3d", "lpt9_.c3d"),
     ("console", "console"), ("COM10", "COM10"), ("aux." + "y" * 300, "aux_." + "y" * 195),
     ("walk.", "walk"), ("walk. ", "walk")],
)  # fmt: skip
def test_safe_id_examples(given_id: str, expected: str) -> None:
    assert safe_id(given_id) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/jane/x.c3d", "x.c3d"),
        ("~/walks/x.c3d", "x.c3d"),
        ("C:\\Users\\Jane Doe\\x.c3d", "x.c3d"),
        ("read /data/kin/y.npz and m/s", "read y.npz and m/s"),
        ("track /home/jane doe/x.c3d now", "track x.c3d now"),
        ("--input=/data/y.npz", "--input=y.npz"),
        ("1.2 m/s, 3 / 4, left/right", "1.2 m/s, 3 / 4, left/right"),
        ("policies/default", "policies/default"),
    ],
)
def test_folders_are_cut_off(text: str, expected: str) -> None:
    assert without_folders({"a": [text]}) == {"a": [expected]}


def test_nan_becomes_null() -> None:
    assert without_folders({"a": float("nan"), "b": (1, True, None)}) == {
        "a": None,
        "b": [1, True, None],
    }


@given(st.text(max_size=30))
def test_json_in_a_page_cannot_end_its_element(text: str) -> None:
    embedded = json_for_html([text, "</script>\u2028&"])
    assert not set("<>&\u2028\u2029") & set(embedded)
    assert json.loads(embedded) == [text, "</script>\u2028&"]


def test_sets_are_sorted_and_mappings_kept() -> None:
    assert without_folders({"b": {3, 1, 2}, "a": np.array([1.0, np.nan])}) == {
        "b": [1, 2, 3],
        "a": [1.0, None],
    }


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "\uff1d1", "-1e5x", "--5"],
)
def test_cells_that_a_spreadsheet_would_run_are_quoted(text: str) -> None:
    shown = "'" + text.replace("\r", "\n")
    assert csv_cell(text) == shown
    rows = csv.reader(io.StringIO(csv_text(["a", "b"], [[text, "x"]]), newline=""))
    assert list(rows) == [["a", "b"], [shown, "x"]]


@pytest.mark.parametrize("text", ["-0.5", "+3", "-1.5e-07", "-.5", "walk-1", "", "'=1"])
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert csv_cell(text) == text


@given(st.floats())
def test_numbers_are_read_back_as_they_were_written(value: float) -> None:
    for written in (csv_cell(value), csv_cell(np.float64(value))):
        assert written == "" if not math.isfinite(value) else float(written) == value


def test_a_log_grows_by_rows_under_one_header(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    append_csv_row(log, {"steps": 1, "loss": 0.5})
    append_csv_row(log, {"steps": 2, "loss": ""})
    assert log.read_bytes() == b"steps,loss\n1,0.5\n2,\n"


def mode(path: Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_whole(path, "old\n")
    with pytest.raises(RuntimeError, match="disk"), whole_file(path) as part:
        part.write_text("half")
        raise RuntimeError("disk")
    assert os.listdir(tmp_path) == ["x.json"] and path.read_text() == "old\n"
    write_whole(path, "new \ud800\n")
    assert path.read_text("utf-8") == "new \ufffd\n"
    with pytest.raises(InputError, match="x.txt: cannot be written to its folder"):
        write_whole(tmp_path / "none" / "x.txt", "x")


@pytest.mark.parametrize(("umask", "file", "folder"), [(0o022, 0o644, 0o755), (0o077, 0o600, 0o700),
                                                       (0o002, 0o664, 0o775)])  # fmt: skip
def test_who_may_read_what_is_written_is_the_users_to_say(
    tmp_path: Path, umask: int, file: int, folder: int
) -> None:
    def write(path: Path) -> None:
        path.write_text("x")
        path.chmod(0o600)  # as some libraries do

    before = os.umask(umask)
    try:
        write_whole(tmp_path / "one", "x")
        for goal in (tmp_path / "new", tmp_path):
            write_together(goal, {"two": write})
        with whole_folder(tmp_path / "whole", {"three"}) as part:
            write(part / "three")
    finally:
        os.umask(before)
    written = ("one", "two", "new/two", "whole/three")
    assert {mode(tmp_path / name) for name in written} == {file}
    assert {mode(tmp_path / name) for name in ("new", "whole")} == {folder}


def test_files_of_one_call_appear_together(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_text("old")
    with pytest.raises(InputError, match="cannot be written to .No space left on device"):
        write_together(tmp_path, {"a": lambda path: write_whole(path, "new"), "b": fail})
    assert os.listdir(tmp_path) == ["a"] and (tmp_path / "a").read_text() == "old"
    with pytest.raises(InputError, match="cannot be written to"):
        write_together(tmp_path / "fresh", {"a": lambda path: write_whole(path, "new"), "b": fail})
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_takes_its_place_as_a_whole(tmp_path: Path) -> None:
    goal, ours = tmp_path / "goal", {"a", "b"}

    def write(**texts: str) -> None:
        with whole_folder(goal, ours) as part:
            for name, text in texts.items():
                (part / name).write_text(text)

    def held() -> dict[str, str]:
        return {file.name: file.read_text() for file in sorted(goal.iterdir())}

    write(a="1", b="1")
    assert held() == {"a": "1", "b": "1"}
    (goal / "notes").write_text("mine")
    write(a="2")
    assert held() == {"a": "2", "notes": "mine"}, "ours are gone, others stay"
    with pytest.raises(RuntimeError), whole_folder(goal, ours) as part:
        (part / "a").write_text("3")
        raise RuntimeError
    full = pytest.raises(InputError, match="goal: cannot be written .*; make room")
    with full, whole_folder(goal, ours):
        raise OSError(28, "No space left on device")
    assert held() == {"a": "2", "notes": "mine"}
    assert os.listdir(tmp_path) == ["goal"]
    with pytest.raises(InputError, match="a: is a file"), whole_folder(goal / "a", ours):
        pass


def test_a_log_on_a_full_disk_is_a_sentence() -> None:
    with pytest.raises(InputError, match="full: cannot be written .*; make room"):
        append_csv_row(Path("/dev/full"), {"steps": 1})


@pytest.mark.parametrize("cell", ["\t=1+1", "\r=1+1", "\r\n@x", "\n-x", "=1", "\uff1d1", "+x"])
def test_no_cell_starts_a_formula_whatever_blank_stands_before_it(cell: str) -> None:
    shown = csv_cell(cell)
    assert shown.startswith("'") and "\r" not in shown


def test_every_table_is_written_with_guarded_cells() -> None:
    """Nobody writes CSV past `csv_text`; the one table in memory goes to a temporary file."""
    package = Path(__file__).parents[1] / "simgait"
    past = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(way in path.read_text("utf-8") for way in ("csv.writer(", "DictWriter(", ".to_csv("))
    }
    assert past == {"files.py", "api.py"}


def test_a_folder_for_results_is_made_or_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_output_folder(tmp_path / "a" / "b")
    make_output_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="is a file, not a folder"):
        make_output_folder(tmp_path / "file")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(InputError, match="c cannot be written to .No space left on device"):
        make_output_folder(tmp_path / "c")


def test_a_file_that_is_in_the_way_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    words = "a file is where a folder belongs: choose another folder"
    with pytest.raises(InputError, match=words):
        write_whole(tmp_path / "file" / "x.txt", "x")


def test_a_read_only_file_system_meets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refused)
    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(InputError, match="t.csv: cannot be written to its folder .Read-only"):
        write_whole(tmp_path / "t.csv", "x")
