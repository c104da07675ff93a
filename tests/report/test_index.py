from __future__ import annotations

import re
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.report.index import IndexRow, write_index


def test_index_links_and_numbers(tmp_path: Path) -> None:
    values = {
        "velocity_mps": {"both": 1.2},
        "cadence_spm": {"both": float("nan")},
        "step_length_m": {"left": 0.61, "right": 0.598},
    }
    path = write_index(
        tmp_path / "out",
        [
            IndexRow("walk-01", "walk-01/report.html", "use_all", values=values),
            IndexRow("<b>x", reason="No hips in /home/jane/x.npz; <i>add</i> them."),
        ],
    )
    html = path.read_text()
    assert path == tmp_path / "out" / "index.html"
    assert 'href="walk-01/report.html"' in html and ">1.20<" in html
    cells = re.findall(r"<td data-sort=\"([^\"]*)\"[^>]*><span>(.*?)</span>", html)
    assert cells[:4] == [("1.2", "1.20"), ("", "–"), ("0.604", "61.0 / 59.8"), ("", "–")]
    assert "Failed" in html and "jane" not in html and "&lt;i&gt;add" in html and "<b>x" not in html
    assert "1 walk: all numbers usable in 1; 1 recording failed" in html


def test_what_may_be_used_stands_before_what_may_not(tmp_path: Path) -> None:
    levels = ("failed", "use_some", "use_none", "use_all", "standing")
    names = ("broken", "some", "none", "all", "standing")
    rows = [IndexRow(name, level=level) for name, level in zip(names, levels, strict=True)]
    html = write_index(tmp_path / "out", rows).read_text()
    shown = re.findall(r'<td data-sort="([a-z]+)" data-label="Trial"', html)
    assert shown == ["some", "all", "broken", "none", "standing"]
    assert (
        "3 walks: all numbers usable in 1, some numbers usable in 1, no number usable in 1; "
        "1 recording failed; 1 standing trial" in html
    )


@pytest.mark.parametrize("link", ["../x/report.html", "/etc/x.html", "a\\..\\b.html"])
def test_index_never_links_outside(link: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="below its own folder"):
        write_index(tmp_path / "out", [IndexRow("x", link)])
    assert not (tmp_path / "out").exists()


def test_a_walk_shows_its_knees_and_one_without_a_dash(tmp_path: Path) -> None:
    knees = {"left": [5.0, 60.0, 5.0], "right": [5.0, 48.0, 5.0]}
    rows = [
        IndexRow("a", level="use_all", knees_deg=knees),  # type: ignore[arg-type]
        IndexRow("b", level="use_none", reason="It fell."),
    ]
    html = write_index(tmp_path / "out", rows).read_text()
    assert 'aria-label="Knee flexion over the gait cycle: left up to 60°, right up to 48°"' in html
    assert html.count('<td class="spark"') == 2 and html.count("<svg") == 1
    (colspan,) = re.findall(r'colspan="(\d+)"', html)
    assert int(colspan) == html.count("<th ")
    assert "Knee flexion" not in write_index(tmp_path / "b", rows[1:]).read_text()
