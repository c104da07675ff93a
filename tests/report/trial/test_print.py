"""A report on paper: what belongs together stays together, and nothing is drawn out of shape."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait.walk_scores import with_scores
from simgait.gait_result import Certainty, GaitResult
from simgait.parameters.catalogue import parameter
from simgait.recordings.person_facts import PersonFacts
from simgait.report.browser_pdf import find_browser, print_beside
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import Verdict, judge
from simgait.trials.quality import Quality
from simgait.types import Rollout, Trial
from tests.gait.conftest import made_up_strides
from tests.report.conftest import make_walk

TOGETHER = (
    ("Key figures", "Walking speed"),
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


SIZES = {"A4": "210mm 297mm", "Letter": "8.5in 11in"}


@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here")
@pytest.mark.parametrize("paper", list(SIZES))
@pytest.mark.parametrize("has_truth", [True, False])
def test_what_a_clinician_files_is_one_sheet_however_much_was_found(
    tmp_path: Path, paper: str, has_truth: bool
) -> None:
    trial, rollout, result, verdict = doubted_walk()
    person = PersonFacts(63.0, "female", ("two crutches", "two orthoses", "prosthesis"), "G80.1")
    html = trial_page(
        trial, rollout, result, verdict, {}, result if has_truth else None, person=person
    )
    page = tmp_path / "report.html"
    sized = html.replace("@page { ", f"@page {{ size: {SIZES[paper]}; ")
    page.write_text(sized, encoding="utf-8")
    assert print_beside(page, wanted=True) == ""
    ran = subprocess.run(
        ["pdftotext", "-layout", str(page.with_suffix(".pdf")), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    sheets = ran.stdout.rstrip("\f").split("\f")
    for place, sheet in enumerate(sheets, 1):
        assert f"{place} / {len(sheets)}" in sheet and trial.trial_id in sheet, place
    first, second = sheets[:2]
    for last in ("Foot progression", "Ankle, range", "own median", "mean curve", "Adults"):
        assert last in first, last
    assert second.lstrip().startswith("All that was found")
    assert "more findings on the next sheet" in first
    assert "A research tool, not a medical device" in first
    told = " ".join(second.split())  # lines are broken elsewhere on paper
    assert all(reason in told for reason in verdict.reasons)


def doubted_walk() -> tuple[Trial, Rollout, GaitResult, Verdict]:
    """A scored walk with a long name, of which most is doubtful for many reasons."""
    trial, rollout = make_walk(8.0)
    name = "a-rather-long-name-of-a-trial-of-a-study-walk-0001"
    trial = replace(trial, trial_id=name, recorded_on="2026-11-21")
    reference = made_up_strides().reference(name="twelve made-up people")
    result = with_scores(analyse_rollout(rollout), reference)
    half_widths = {
        key: {pool: 1.6 * min(parameter(key).tolerance, 5.0) for pool in pools}
        for key, pools in result.parameters.items()
    }
    curves = {key: 25.0 if "rotation" in key else 7.0 for key in result.curves_deg}
    result = replace(result, certainty=Certainty(half_widths, curves, {}))
    found = (
        Finding(Code.NO_HEEL, "note", {"instead": "Ankle"}),
        Finding(Code.TURNS, values={"turn_deg": 31.0}),
        Finding(Code.FLIGHT, values={"airborne": 3, "cycles": 12}),
    )
    quality = Quality(True, "caution", found, {})
    return trial, rollout, result, judge(trial, rollout, result, quality)
