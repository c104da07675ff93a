from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.files import json_for_html, safe_id, without_folders
from simgait.report.index import IndexRow, write_index


@given(st.text(max_size=40))
def test_safe_id_is_always_safe(text: str) -> None:
    result = safe_id(text)
    assert result and not result.startswith(".")
    assert set(result) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert safe_id(result) == result


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [("../../etc/passwd", "passwd"), ("a b", "a-b"), ("..", "trial"), ("S01_walk.2", "S01_walk.2"),
     ("C:\\x\\y.c3d", "y.c3d")],
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


def test_index_links_and_numbers(tmp_path: Path) -> None:
    values = {
        "velocity_mps": {"both": 1.2},
        "cadence_spm": {"both": float("nan")},
        "step_length_m": {"left": 0.61, "right": 0.598},
    }
    path = write_index(
        tmp_path / "out",
        [
            IndexRow("walk-01", "walk-01/report.html", "good", values=values),
            IndexRow("<b>x", reason="No hips in /home/jane/x.npz; <i>add</i> them."),
        ],
    )
    html = path.read_text()
    assert path == tmp_path / "out" / "index.html"
    assert 'href="walk-01/report.html"' in html and ">1.20<" in html
    assert "<td>–</td><td>61.0 / 59.8</td><td>–</td>" in html
    assert "Failed" in html and "jane" not in html and "&lt;i&gt;add" in html and "<b>" not in html
    assert "2 recordings: 1 good, 0 with caution, 0 not to be used, 1 failed" in html


@pytest.mark.parametrize("link", ["../x/report.html", "/etc/x.html", "a\\..\\b.html"])
def test_index_never_links_outside(link: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="below its own folder"):
        write_index(tmp_path / "out", [IndexRow("x", link)])
    assert not (tmp_path / "out").exists()
