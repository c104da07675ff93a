"""The page of one visit, on screen and on paper, and its table."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from simgait.cohort.outcome import failed
from simgait.cohort.summary import write_summary
from simgait.cohort.visit_files import read_visit
from simgait.cohort.visit_page import write_visit_page
from simgait.compare.visit_means import visit_means
from simgait.parameters.catalogue import parameters
from simgait.report.browser_pdf import find_browser, print_beside
from simgait.report.visit.numbers import level_of, table_header
from simgait.report.visit.page import MOST_WALKS
from tests.report.telephone import BEYOND, measured
from tests.visit_folders import Numbers, compare_with, find, say, visit_folder

SPEED, LEFT, RIGHT = ("velocity_mps", "both"), ("step_length_m", "left"), ("step_length_m", "right")
GDI = ("gdi_points", "left")
WALK: Numbers = {
    SPEED: (1.0, 0.04), LEFT: (0.70, 0.02), RIGHT: (0.50, 0.02), GDI: (80.0, 5.0),
}  # fmt: skip
LOST: Numbers = {("stance_percent", "left"): (62.0, 1.0)}
SHARED = ("travel_assumed", "A camera tells distances roughly.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three walks, one of which has a doubt of its own, and a recording without any."""
    out = visit_folder(
        tmp_path / "Jane Doe",
        [{**WALK, **LOST}] * 3,
        denied=("stance_percent",),
        scored_with="18 people",
    )
    for walk in out.glob("walk?"):
        compare_with(walk, ("velocity_mps", 1.1, 1.4, "20 women", "yes", ""))
        find(walk, SHARED)
    find(out / "walk1", SHARED, ("turns", "It turns <b>."), ("flight", "It flies."))
    write_summary(out, [failed("bad.npz", "bad", "It holds no walk.")])
    return out


def page_of(folder: Path) -> str:
    write_visit_page(folder)
    return (folder / "visit.html").read_text(encoding="utf-8")


def test_numbers_stand_with_interval_sd_walks_norm_and_asymmetry(folder: Path) -> None:
    page = page_of(folder)
    assert '<b>1.00</b> ±0.06</span><span class="flag">↓ low</span>' in page
    assert '<span class="n">SD &lt;0.01, n 3</span>' in page
    assert "1.10 to 1.40" in page and "Walking speed: 20 women." in page
    assert "20 women: a book." in page
    assert "+33 ±" in page and "L &gt; R" in page
    assert "n 0 of 3" in page and "Not to be used:</b> stance (left)." in page
    assert "Scores against 18 people." in page


@pytest.mark.parametrize(
    ("masses_kg", "is_there"), [((70.0,), True), ((70.0, None), False), ((None,), False)]
)
def test_the_head_has_the_mass_that_was_said_of_every_walk(
    tmp_path: Path, masses_kg: tuple[float | None, ...], is_there: bool
) -> None:
    folder = visit_folder(tmp_path / "visit", [WALK] * 2, masses_kg=masses_kg)
    write_summary(folder, [failed("bad.npz", "bad", "It holds no walk.")])
    page = page_of(folder)
    assert ("70 kg" in page, "Mass" in page) == (is_there, is_there)


def test_each_walk_has_a_line_and_what_all_have_is_said_once(folder: Path) -> None:
    page = page_of(folder)
    screen = page.split('<div class="details">')[0]
    assert '<a href="walk1/report.html">walk1</a>' in screen
    assert "It turns &lt;b&gt;. And 1 more finding in its report." in screen
    assert screen.count(SHARED[1]) == 1 and f"All walks: {SHARED[1]}" in screen
    assert "Failed, left out" in screen and "It holds no walk." in screen
    assert screen.index("<svg") < screen.index("Use only some numbers")  # a picture first


def test_walks_are_thin_and_their_mean_is_bold(folder: Path) -> None:
    page = page_of(folder)
    assert "Knee flexion (°): 3 left walks, 3 right walks over the gait cycle" in page
    knee = page.split("Knee flexion (°): 3 left walks")[1].split("</svg>")[0]
    assert knee.count('stroke-width="0.8"') == 6 and knee.count('stroke-width="2.2"') == 2
    assert 'fill="#dfe3e7"' in knee and "healthy adults" in page


def test_a_child_is_not_compared_with_adults(folder: Path) -> None:
    for walk in folder.glob("walk?"):
        say(walk, age_years=9.0, sex="female")
        compare_with(walk, ("velocity_mps", "", "", "", "no", "this person is 9 years old"))
    page = page_of(folder)
    assert "healthy adults, about mean" not in page and 'fill="#dfe3e7"' not in page
    assert "none, as this person is 9 years old" in page and "↓ low" not in page
    assert "<dd>9 years</dd>" in page and "<dd>female</dd>" in page


def test_the_page_names_no_folder_and_runs_nothing(folder: Path, tmp_path: Path) -> None:
    page = page_of(folder)
    for told in (str(tmp_path), "Jane", "<script", "<button", "<input", "://"):
        assert told not in page
    assert "default-src 'none'" in page
    elsewhere = tmp_path / "filed.html"
    write_visit_page(folder, elsewhere)
    assert "<a href" not in elsewhere.read_text(encoding="utf-8")
    assert elsewhere.with_suffix(".csv").is_file()


def test_the_index_links_to_the_page(folder: Path) -> None:
    assert "visit.html" not in (folder / "index.html").read_text()
    page_of(folder)
    write_summary(folder, [])
    assert '<a href="visit.html">' in (folder / "index.html").read_text()


def test_the_tables_columns_are_the_catalogues(folder: Path) -> None:
    page_of(folder)
    with (folder / "visit.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == table_header()
        (row,) = reader
    for one in parameters():
        for pool in one.pools:
            name = one.summary_column(pool)
            for column in (name, *one.interval_columns(pool), f"{name}_sd", f"{name}_walks"):
                assert column in row
    assert float(row["velocity_mps"]) == 1.0 and row["velocity_mps_walks"] == "3"
    assert float(row["velocity_mps_sd"]) == 0.0
    assert (row["subject"], row["walks"], row["left_out"]) == ("P07", "3", "1")
    assert (row["left_stance_percent"], row["left_stance_percent_walks"]) == ("", "0")
    assert row["do_not_use"] == "left_stance_percent" and row["score_reference"] == "18 people"
    assert row["velocity_mps_hi"] > row["velocity_mps"] and row["cadence_spm"] == ""


@pytest.mark.parametrize(
    ("number", "half", "n_walks", "level"),
    [
        (SPEED, 0.02, 3, "use"),
        (SPEED, 0.02, 1, "rough"),  # people vary too much from walk to walk
        (SPEED, 0.11, 3, "rough"),
        (SPEED, 0.25, 3, "do_not_use"),
        (GDI, 2.0, 1, "single"),
    ],
)
def test_a_number_has_the_level_of_its_interval(
    tmp_path: Path, number: tuple[str, str], half: float, n_walks: int, level: str
) -> None:
    walks: list[Numbers] = [{number: (1.0, half)}] * n_walks
    (one,) = visit_means(read_visit(visit_folder(tmp_path / "a", walks))).numbers
    assert level_of(one) == level


def test_what_is_rough_for_what_was_found_stays_so_in_a_mean(tmp_path: Path) -> None:
    walks: list[Numbers] = [{SPEED: (1.0, 0.02)}] * 3
    folder = visit_folder(tmp_path / "a", walks, levels={"velocity_mps": "rough"})
    (speed,) = visit_means(read_visit(folder)).numbers
    assert level_of(speed) == "rough"
    wide: list[Numbers] = [{SPEED: (1.0, 0.12)}, {SPEED: (1.0, 0.12)}]
    folder = visit_folder(tmp_path / "b", wide, levels={"velocity_mps": "rough"})
    (speed,) = visit_means(read_visit(folder)).numbers
    assert not speed.is_rough


def test_a_score_is_as_rough_as_a_walks(tmp_path: Path) -> None:
    walks: list[Numbers] = [{GDI: (90.0, 2.0)}] * 2
    folder = visit_folder(tmp_path / "a", walks, levels={"gdi_points": "rough"})
    (gdi,) = visit_means(read_visit(folder)).numbers
    assert level_of(gdi) == "rough"


@pytest.mark.slow
def test_nothing_of_the_page_is_cut_off_on_a_telephone(folder: Path, tmp_path: Path) -> None:
    assert measured(tmp_path, page_of(folder), BEYOND) == []


def crowded(tmp_path: Path) -> Path:
    """Many walks of which all that a first sheet shows is doubtful."""
    own: Numbers = {
        (one.key, pool): (1.0, 1.5 * min(one.tolerance, 1.0))
        for one in parameters()
        if one.on_first_sheet
        for pool in one.pools
    }
    out = visit_folder(tmp_path / "a", [own] * (MOST_WALKS + 3), recorded_on="2026-11-21",
                       scored_with="twelve made-up people")  # fmt: skip
    keys = dict.fromkeys(key for key, _ in own)
    for walk in out.glob("walk*"):
        say(walk, age_years=63.0, sex="female", aids=["two crutches", "prosthesis"],
            diagnosis="G80.1")  # fmt: skip
        compare_with(walk, *((key, 0.2, 0.4, f"14 women ({key})", "yes", "") for key in keys))
        long = f"{walk.name} has a finding of so many words that it does not fit into a line. " * 3
        find(walk, SHARED, ("flight", SHARED[1] * 4), ("turns", long))
    return out


@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here")
@pytest.mark.parametrize("size", ["210mm 297mm", "8.5in 11in"])
def test_what_is_filed_is_one_sheet_however_many_walks_there_are(tmp_path: Path, size: str) -> None:
    page = tmp_path / "page.html"
    html = page_of(crowded(tmp_path)).replace("@page { ", f"@page {{ size: {size}; ")
    page.write_text(html, encoding="utf-8")
    assert print_beside(page, wanted=True) == ""
    ran = subprocess.run(
        ["pdftotext", "-layout", str(page.with_suffix(".pdf")), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second = ran.stdout.split("\f")[:2]
    assert "3 more recordings on the next sheet" in first
    assert "A research tool, not a medical device" in first and "Gait profile score" in first
    assert second.lstrip().startswith("All that was found")
    assert "walk8 has a finding" in second
