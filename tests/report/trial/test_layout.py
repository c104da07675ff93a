"""What a trial's page looks like on a telephone and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from simgait.report.page import asset
from tests.report.telephone import BEYOND, measured


def test_nothing_of_a_report_is_cut_off_on_a_telephone(
    tmp_path: Path, made: tuple[Any, ...]
) -> None:
    page = (made[3] / "report.html").read_text()
    assert measured(tmp_path, page, BEYOND) == []
    shown = measured(tmp_path, page, """
      const cell = page.querySelector('.stack tbody td:last-child');
      return [getComputedStyle(cell, '::before').content, getComputedStyle(cell).display];
    """)  # fmt: skip
    assert shown == ['"Normal range"', "flex"]


def test_on_paper_headings_stay_with_what_follows_and_nothing_asks_to_be_clicked(
    made: tuple[Any, ...],
) -> None:
    (printed,) = re.findall(r"@media print \{(.*?)\n\}", asset("style.css") + "\n}", re.DOTALL)
    rules = {
        selector.strip(): body for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", printed)
    }
    (heads,) = [body for selector, body in rules.items() if selector.startswith("h1, h2, h3")]
    assert "break-after: avoid" in heads
    assert "break-after: avoid" in rules[".lead, .legend"]
    hidden = rules[".controls, .noprint, button, select, input"]
    assert "display: none !important" in hidden
    page = (made[3] / "report.html").read_text()
    for invitation in ("Drag to turn", "Click the bars"):
        assert re.search(rf'<span class="noprint"> {invitation}', page)
