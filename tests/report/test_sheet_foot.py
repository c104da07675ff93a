"""The foot of every printed sheet: a loose sheet says whose it is and which of how many."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_change import visit_change
from simgait.compare.visit_sides import visit_sides
from simgait.compare.visit_trend import visit_trend
from simgait.gait.analyse import analyse_rollout
from simgait.report.change.page import change_page
from simgait.report.change.sides_page import sides_page
from simgait.report.change.trend_page import trend_page
from simgait.report.index import IndexRow, write_index
from simgait.report.page import asset, css_string
from simgait.report.study.page import StudyPage, study_page
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import judge
from tests.report.conftest import make_walk
from tests.visit_folders import visit_folder

PAGES = ("trial", "change", "sides", "trend", "index", "study")
SPEED = ("velocity_mps", "both")
STEPS = {("step_length_m", side): (0.6, 0.02) for side in ("left", "right")}
MM_OF_PX = 25.4 / 96.0


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    visits = [
        read_visit(visit_folder(folder / f"v{n}", [{SPEED: (1.0, 0.02), **STEPS}], recorded_on=day))
        for n, day in enumerate(("2026-01-05", "2026-03-05", "2026-09-05"))
    ]
    trial, rollout = make_walk(4.0)
    result = analyse_rollout(rollout)
    rows = [IndexRow("walk-01", person="P07", recorded_on="2026-01-05", level="use_all")]
    return {
        "trial": trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, None),
        "change": change_page(visit_change(visits[0], visits[1])),
        "sides": sides_page(visit_sides(visits[0])),
        "trend": trend_page(visit_trend(visits)),
        "index": write_index(folder / "index", rows).read_text(encoding="utf-8"),
        "study": study_page(StudyPage("study.csv", "policy p", [], ("done",))),
    }


def foot(html: str) -> tuple[str, str]:
    """What stands left and right at the foot, as a browser reads the rule."""
    (left,) = re.findall(r'@bottom-left { content: "(.*?)";', html)
    (right,) = re.findall(r"@bottom-right { content: (.*?);", html)
    return re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), left), right


@pytest.mark.parametrize("name", PAGES)
def test_every_sheet_of_every_page_has_its_number(pages: dict[str, str], name: str) -> None:
    _, right = foot(pages[name])
    assert 'counter(page) " / " counter(pages)' in right
    assert "a research tool, not a medical device" in right


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("trial", ("walk-01",)),
        ("change", ("P07", "2026-01-05", "2026-03-05")),
        ("sides", ("P07", "2026-01-05")),
        ("trend", ("P07", "2026-01-05 to 2026-09-05")),
        ("index", ("P07", "2026-01-05")),
        ("study", ("study.csv",)),
    ],
)
def test_every_sheet_says_whose_it_is(
    pages: dict[str, str], name: str, said: tuple[str, ...]
) -> None:
    left, _ = foot(pages[name])
    assert all(text in left for text in said)


def test_nothing_ends_the_string_or_the_style_element() -> None:
    evil = '"; } </style><script>alert(1)</script>\\ \n é P07'
    written = css_string(evil)
    assert re.fullmatch(r'"(?:[A-Za-z0-9 .,_-]|\\[0-9a-f]+ )*"', written)
    assert re.sub(r"\\([0-9a-f]+) ", lambda f: chr(int(f[1], 16)), written[1:-1]) == evil


def test_one_place_alone_numbers_sheets() -> None:
    assets = resources.files("simgait.report") / "assets"
    for one in assets.iterdir():
        if one.is_file():
            assert "counter(page" not in one.read_text(encoding="utf-8"), one.name


def test_no_sheet_holds_less_for_its_foot(pages: dict[str, str]) -> None:
    """The margins are what they were, and three lines of the foot fit the lower one."""
    assert "@page { margin: 14mm 15mm; }" in asset("style.css")
    rules = re.findall(r"@page {[^{}]*(?:{[^{}]*}[^{}]*)*}", pages["trial"])
    assert sum("margin:" in rule for rule in rules) == 1
    (rule,) = [rule for rule in rules if "bottom-left" in rule]
    size_px, line = map(float, re.findall(r"font: ([\d.]+)px/([\d.]+)", rule)[0])
    assert 3 * size_px * line * MM_OF_PX < 14.0


def test_a_study_of_several_people_is_counted_not_named(tmp_path: Path) -> None:
    rows = [IndexRow(f"w{n}", person=f"P0{n}", level="use_all") for n in range(3)]
    left, _ = foot(write_index(tmp_path / "i", rows).read_text(encoding="utf-8"))
    assert "3 people" in left
