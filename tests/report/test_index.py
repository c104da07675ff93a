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
    assert "1 walk: all numbers of 1, some of 0, none of 0 may be used; 1 failed" in html


@pytest.mark.parametrize("link", ["../x/report.html", "/etc/x.html", "a\\..\\b.html"])
def test_index_never_links_outside(link: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="below its own folder"):
        write_index(tmp_path / "out", [IndexRow("x", link)])
    assert not (tmp_path / "out").exists()
