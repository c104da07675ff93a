"""A report on paper: what belongs together stays together, and nothing is drawn out of shape."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.report.browser_pdf import find_browser, print_beside
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import judge

TOGETHER = (
    ("Joint angles and ground force", "Pelvic tilt"),
    ("Replay", "recorded keypoints"),
    ("Foot contact", "Right"),
    ("How well the body follows", "mm on average"),
)
"""A heading, and words of what follows it."""


@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here")
@pytest.mark.parametrize("down_px", [0, 140, 280, 420, 560, 700, 840])
def test_headings_stay_with_what_follows(
    walk: Callable[..., Any], tmp_path: Path, down_px: int
) -> None:
    """The page is moved down by a part of a sheet, as a longer verdict would move it."""
    trial, rollout = walk(4.0)
    result = analyse_rollout(rollout)
    html = trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, None)
    page = tmp_path / "report.html"
    spacer = f'<main><div style="height:{down_px}px"></div>'
    page.write_text(html.replace("<main>", spacer), encoding="utf-8")
    assert print_beside(page, wanted=True) == ""
    ran = subprocess.run(
        ["pdftotext", "-layout", str(page.with_suffix(".pdf")), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    sheets = ran.stdout.split("\f")
    for heading, follows in TOGETHER:
        (sheet,) = [one for one in sheets if heading in one]
        assert follows in sheet.split(heading, 1)[1], heading
    assert "Play" not in ran.stdout and "floor force" not in ran.stdout
