"""`simgait compare`, as a user calls it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from simgait.cli import main
from simgait.compare.curve_change import PAIRED_HEADER
from tests.report.telephone import BEYOND, measured
from tests.stand_in_browser import stand_in_browser
from tests.visit_folders import visit_folder

SPEED, WIDTH = ("velocity_mps", "both"), ("step_width_m", "both")


@pytest.fixture
def visits(tmp_path: Path) -> tuple[str, str]:
    """A person who got faster."""
    slow, fast = {SPEED: (0.8, 0.03), WIDTH: (0.1, 0.03)}, {SPEED: (1.2, 0.03), WIDTH: (0.1, 0.03)}
    before = visit_folder(tmp_path / "before", [slow] * 2)
    after = visit_folder(tmp_path / "after", [fast] * 2, knee_deg=5.0)
    return str(before), str(after)


def test_a_page_and_a_table_say_what_changed(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "change"
    assert main(["compare", *visits, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Changed: walking speed (1 of 2 numbers;" in said
    assert "0.80 → 1.20 m/s (difference 0.40" in said
    page = (out / "change.html").read_text()
    assert "What changed between two visits" in page
    assert "Clinically relevant: " in page
    assert "Knee flexion, left" in page
    assert "No change is shown in 2 curves of joint angles." in page and "Not shown. " in page
    assert re.search(
        r"Largest difference 5.0° at \d+ % of the cycle \(90 % interval of this percent alone", page
    )
    assert "Knee flexion, left: difference (°)" in page
    assert str(tmp_path) not in page
    with (out / "change.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["shown"] for row in rows] == ["changed", "not shown"]
    assert float(rows[0]["difference_lo"]) > 0.0
    with (out / "change_curves.csv").open() as file:
        points = list(csv.DictReader(file))
    assert (points[0]["side"], points[-1]["side"]) == ("left", "right")
    assert [int(point["percent"]) for point in points] == 2 * list(range(101))
    assert {point["shown"] for point in points} == {"not shown"}
    assert {round(float(point["difference_deg"]), 6) for point in points} == {5.0}


def test_two_visits_are_called_as_the_user_says(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "change"
    names = "without orthosis, with orthosis"
    assert main(["compare", *visits, "-o", str(out), "--names", names]) == 0
    assert "without orthosis → with orthosis:" in capsys.readouterr().out
    page = (out / "change.html").read_text()
    assert "<h1>What changed: without orthosis, with orthosis</h1>" in page
    assert ">Without orthosis</th>" in page and ">With orthosis</th>" in page
    assert "over the gait cycle: without orthosis dashed, with orthosis solid" in page
    assert "without orthosis: 2 walks · with orthosis: 2 walks" in page
    for word in ("before", "after", "first visit", "second visit"):
        assert not re.search(rf"\b{word}\b", Markup(page.split("<body>")[1]).striptags(), re.I)


def test_names_go_with_two_visits(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "c")
    for folders in ([visits[0], "--sides"], [*visits, visits[0]]):
        assert main(["compare", *folders, "-o", out, "--names", "a,b"]) == 1
        assert "--names calls two visits" in capsys.readouterr().err
    assert main(["compare", *visits, "-o", out, "--names", "with,with"]) == 1
    assert "both labels are 'with'" in capsys.readouterr().err


def test_a_comparison_is_replaced_only_when_asked(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "change")
    assert main(["compare", *visits, "-o", out]) == 0
    assert main(["compare", *visits, "-o", out]) == 1
    assert "change: holds a comparison of two visits; give --overwrite" in capsys.readouterr().err
    assert main(["compare", *visits, "-o", out, "--overwrite"]) == 0


def test_another_kind_of_comparison_replaces_the_files_of_the_first_and_no_others(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    later = str(visit_folder(tmp_path / "later", [{SPEED: (1.2, 0.03)}] * 2))
    kinds = {"change": visits, "sides": (visits[0], "--sides"), "trend": (*visits, later)}
    own = ("notes.csv", "curves.csv", "change.docx")
    left: set[str] = set()
    for kind, call in kinds.items():
        assert main(["compare", *call, "-o", str(out), "--overwrite"]) == 0
        files = {f"{kind}.html", f"{kind}.csv", f"{kind}_curves.csv"}
        line = [one for one in capsys.readouterr().out.splitlines() if "removed" in one]
        assert {path.name for path in out.iterdir()} - set(own) == files
        if left:
            assert len(line) == 1 and "removed from out, of an earlier call: " in line[0]
            assert set(line[0].split(": ")[1].split(", ")) == left
        else:
            assert not line
        for name in (*own, f"{kind}.pdf"):
            (out / name).write_text("by hand")
        left = files | {f"{kind}.pdf"}
        assert main(["compare", *visits, "-o", str(out)]) == 1
        assert "out: holds a comparison of" in capsys.readouterr().err
    assert all((out / name).read_text() == "by hand" for name in own)


def test_a_page_of_the_user_is_not_removed_nor_the_tables_beside_it(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    own = ("sides.html", "sides.csv", "trend.csv")
    for name in own:
        (out / name).write_text("by hand")
    assert main(["compare", *visits, "-o", str(out), "--overwrite"]) == 0
    assert "removed" not in capsys.readouterr().out
    assert all((out / name).read_text() == "by hand" for name in own)


def test_a_page_is_no_folder(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "change.html"
    assert main(["compare", *visits, "-o", str(out)]) == 1
    said = capsys.readouterr().err
    assert "change.html: a comparison is a folder; name one without .html" in said
    assert not out.exists()


def test_it_never_writes_among_walks(
    visits: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for out in (visits[0], f"{visits[0]}/walk0"):
        assert main(["compare", *visits, "-o", out]) == 1
        assert "is a folder of walks" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", visits[0], str(tmp_path / "nowhere"), "-o", str(tmp_path / "c")]) == 1
    assert "nowhere: there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_three_visits_make_a_trend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [
        str(
            visit_folder(
                tmp_path / f"v{n}", [{SPEED: (speed, 0.03)}] * 2, recorded_on=f"2026-0{n + 1}-01"
            )
        )
        for n, speed in enumerate((0.8, 0.82, 1.2))
    ]
    out = tmp_path / "trend"
    assert main(["compare", *folders, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Changed from the first visit to the last: walking speed (1 of 1 number;" in said
    page = (out / "trend.html").read_text()
    assert "Walking speed (m/s) over 3 visits: 0.80, 0.82, 1.20" in page
    assert "Visits stand where their dates are" in page and str(tmp_path) not in page
    with (out / "trend.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["shown"] for row in rows] == ["", "not shown", "changed"]
    assert "From the first visit to the last no change is shown in 2 curves of joint" in said
    assert "no change is shown in 2 curves of joint angles." in page
    assert "Knee flexion, left (°): 3 visits over the gait cycle" in page
    assert "visit 3 less visit 1, over the gait cycle: not shown" in page
    with (out / "trend_curves.csv").open() as file:
        points = list(csv.DictReader(file))
    assert list(points[0]) == list(PAIRED_HEADER)
    assert {point["pair"] for point in points} == {
        "visit 2 less visit 1", "visit 3 less visit 1", "visit 2 less visit 3",
    }  # fmt: skip
    assert main(["compare", *folders, "-o", str(out)]) == 1


def test_a_trend_says_what_changed_in_between_and_went_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [
        str(visit_folder(tmp_path / f"v{n}", [{SPEED: (speed, 0.03), WIDTH: (0.1, 0.03)}] * 2))
        for n, speed in enumerate((1.2, 0.8, 1.2))
    ]
    out = tmp_path / "trend"
    assert main(["compare", *folders, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    sentence = "Walking speed: 0.40 m/s less at visit 2 than at visit 1, back at visit 3."
    count = (
        "In between, 1 of 2 numbers differs from the first visit or the last (by chance alone, "
        "1 in 20 would be said to). Clinically relevant: walking speed."
    )
    assert "From the first visit to the last no change is shown in 2 numbers." in said
    assert f"{count}\n  {sentence}\n" in said
    page = (out / "trend.html").read_text()
    assert f"<p>{count}</p><ul><li>{sentence}</li></ul>" in page and "Back: " in page
    with (out / "trend.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["parameter"] == SPEED[0]]
    assert [row["in_between"] for row in rows] == ["", sentence, ""]
    assert [row["from_last_shown"] for row in rows] == ["", "changed", ""]
    assert float(rows[1]["from_last"]) == pytest.approx(-0.4)


def test_a_trend_says_nothing_of_visits_in_between_where_nothing_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [
        str(visit_folder(tmp_path / f"v{n}", [{SPEED: (speed, 0.03)}] * 2))
        for n, speed in enumerate((1.2, 1.21, 1.19, 1.2))
    ]
    out = tmp_path / "trend"
    assert main(["compare", *folders, "-o", str(out)]) == 0
    assert "In between" not in capsys.readouterr().out
    assert "In between" not in (out / "trend.html").read_text()


def test_the_sides_of_one_visit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = {("step_length_m", "left"): (0.70, 0.01), ("step_length_m", "right"): (0.55, 0.01)}
    visit = str(visit_folder(tmp_path / "v", [steps] * 3))
    out = tmp_path / "sides"
    assert main(["compare", visit, "--sides", "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Left and right differ: step length (left greater)" in said
    assert "No difference between left and right is shown in 1 curve of joint angles." in said
    page = (out / "sides.html").read_text()
    assert "left greater, clinically relevant" in page
    assert "Knee flexion (°): left and right over the gait cycle" in page
    with (out / "sides.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert float(row["difference"]) == pytest.approx(0.15) and row["shown"] == "left greater"
    assert "Knee flexion: difference (°), left less right, over the gait cycle: not shown" in page
    assert "Left out, as no walk&#39;s report lets it be used: pelvic tilt," in page
    words = "Largest difference 0.0° at 0 % of the cycle (90 % interval of this percent alone"
    assert f"Not shown. {words}" in page
    with (out / "sides_curves.csv").open() as file:
        points = list(csv.DictReader(file))
    assert list(points[0]) == list(PAIRED_HEADER) and len(points) == 101
    assert {(p["pair"], p["side"], p["shown"]) for p in points} == {
        ("left less right", "both", "not shown")
    }


def test_how_many_visits_are_asked_for_is_said(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in ([visits[0]], [*visits, "--sides"]):
        assert main(["compare", *wrong, "-o", str(tmp_path / "c")]) == 1
        assert "--sides compares left and right of one visit" in capsys.readouterr().err


def test_the_page_is_printed_where_it_is_asked_for(
    visits: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stand_in_browser(tmp_path, monkeypatch)
    out = tmp_path / "change"
    assert main(["compare", *visits, "-o", str(out), "--pdf"]) == 0
    assert (out / "change.pdf").read_bytes() == b"%PDF of change.html"
    assert "wrote change/change.html and change.pdf" in capsys.readouterr().out
    # What was printed of another page does not stay beside this one.
    assert main(["compare", *visits, "-o", str(out), "--overwrite"]) == 0
    assert not (out / "change.pdf").exists()


def test_without_a_browser_nothing_is_written_and_one_sentence_says_why(
    visits: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("simgait.report.browser_pdf.find_browser", lambda: None)
    out = tmp_path / "change"
    for asked in (["compare", *visits, "-o", str(out)], ["cohort", "report", str(out)]):
        assert main([*asked, "--pdf"]) == 1
        assert "No Chromium, Chrome or Edge was found" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_pages_of_visits_fit_a_telephone(tmp_path: Path) -> None:
    steps = {("step_length_m", "left"): (0.70, 0.01), ("step_length_m", "right"): (0.55, 0.01)}
    folders = [str(visit_folder(tmp_path / f"v{n}", [steps])) for n in range(4)]
    out = tmp_path / "out"
    assert main(["compare", *folders, "-o", str(out / "a")]) == 0
    assert main(["compare", folders[0], "--sides", "-o", str(out / "b")]) == 0
    for page in (out / "a" / "trend.html", out / "b" / "sides.html"):
        assert measured(tmp_path, page.read_text(), BEYOND) == []
