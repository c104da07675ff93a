"""The page of a study, its agreement with a truth, and the queries of its how-to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from simgait.cohort.study.report import write_study_report
from simgait.cohort.study.share import Share
from simgait.compare.study_numbers import StudyWalk, flow
from simgait.errors import InputError
from simgait.report.study.charts import flow_picture
from simgait.report.study.page import MOST_TRIALS, StudyPage, study_page
from tests.cohort.study.conftest import Hospital

CODES = dict.fromkeys(("person", "visit", "condition", "reason", "report"), "c")
HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "study.md"


class Texts(HTMLParser):
    """What a page says, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def said(page: Path) -> Texts:
    found = Texts()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def test_the_page_says_who_is_in_who_is_out_and_why(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.lines.append("gone,P9,v1,<b>,gone.npz")
    ward.run(reports=True)
    page, problem = write_study_report(ward.out)
    found = said(page)
    text = " ".join(found.texts)
    assert "5 recordings: 4 done, 0 not usable, 1 failed." in text and not problem
    assert "5 recordings of 3 people" in text and "4 walks of 2 people used" in text
    assert (
        "there is no such file; check the path." in text
        and "gone" in found.texts
        and "Walking speed" in text
    )
    assert not any("://" in link for link in found.links)
    assert page.stat().st_size < 2_000_000


def test_recordings_that_are_out_are_named_and_of_many_the_others_counted() -> None:
    def walk(trial: str, outcome: str, reason: str) -> StudyWalk:
        return StudyWalk(trial, "P1", "v1", "a", 0, outcome, f"{trial}: {reason}")

    walks = [
        walk(f"gone{n:02}", "failed", "there is no such file.") for n in range(MOST_TRIALS + 3)
    ]
    walks.insert(5, walk("still<7>", "not usable", "nobody walks."))
    html = study_page(StudyPage("study.csv", "", walks, ("done", "not usable", "failed")))
    found = Texts()
    found.feed(html)
    codes = ", ".join(f"gone{n:02}" for n in range(MOST_TRIALS))
    assert f"{codes} and 3 more" in found.texts and f"gone{MOST_TRIALS}" not in html
    assert "still<7>" in found.texts and "<7>" not in html


def test_boxes_of_the_flow_give_reasons_with_counts() -> None:
    def out(trial: str, reason: str) -> StudyWalk:
        return StudyWalk(trial, "P1", "v1", "a", 0, "failed", f"{trial}: {reason}")

    walks = [out("t1", "gone."), out("t2", "gone."), out("t3", "damaged & broken.")]
    walks += [out(f"u{n}", f"reason {n}.") for n in range(5)]
    outcomes = ("done", "failed")
    boxes = Texts()
    boxes.feed(str(flow_picture(flow(walks, outcomes), outcomes)))
    assert {"8 recordings failed", "2 × gone.", "1 × damaged & broken."} < set(boxes.texts)
    assert "3 × 3 other reasons" in boxes.texts  # 2 + 1 + 1 + 1 of 8 are named


def test_a_line_without_a_code_counts_as_nobody_more() -> None:
    walks = [
        StudyWalk(f"t{n}", who, "", "", 0, "failed", "gone.") for n, who in enumerate(("P1", ""))
    ]
    found = flow(walks, ("done", "failed"))
    assert (found.recordings, found.people) == (2, 1)


def test_visits_stand_apart_in_table_picture_and_text(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.lines = [
        line.replace(",v1,", f",{('pre', 'post')[n % 2]},") for n, line in enumerate(ward.lines)
    ]
    ward.run()
    found = said(write_study_report(ward.out)[0])
    text = " ".join(found.texts)
    assert "By visit and condition: in each row the walks that a person has there" in text
    assert "Visit" in found.texts and {"pre", "post"} < set(found.texts)
    assert {"pre, a", "post, b"} < set(found.texts)  # of rows of dots, in full


def test_people_are_divided_by_columns_of_the_manifest(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.heading += ",age_years,sex,aids,arm"
    own = (
        "12.9,female,,x",
        '13,female,"orthosis,cane",x',
        '70,male,"cane,orthosis",y',
        "90,male,,",
    )
    ward.lines = [f"{line},{more}" for line, more in zip(ward.lines, own, strict=True)]
    ward.run()
    text = " ".join(said(write_study_report(ward.out, ["age_years", "sex"])[0]).texts)
    for part in ("By visit, condition, age and sex", "6 to 12 years", "13 to 18 years",
                 "65 to 79 years", "80 or more", "Age goes by whole years lived"):  # fmt: skip
        assert part in text, part
    text = " ".join(said(write_study_report(ward.out, ["arm", "aids"])[0]).texts)
    assert "cane, orthosis" in text and "orthosis, cane" not in text and "not said" in text
    assert "years lived" not in text


@pytest.mark.parametrize(
    ("by", "part"),
    [
        (["arms"], "--by arms: the study's manifest has no such column; the nearest is arm."),
        (["team"], "no such column; it has arm, size."),
        (["visit"], "divided by visit and condition in any case"),
        (["arm", "arm"], "stands there twice"),
        (["size"], "--by size: has 21 different values, which are no groups"),
    ],
)
def test_columns_that_divide_nobody_are_refused(tmp_path: Path, by: list[str], part: str) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    facts = {"config": {"own_columns": ["arm", "size"]}}
    (tmp_path / "study.json").write_text(json.dumps(facts))
    rows = [
        {"trial": f"t{n}", "walk": 1, "outcome": "done", "arm": "x", "size": str(n), **CODES}
        for n in range(21)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "trials.parquet")
    with pytest.raises(InputError, match=re.escape(part)):
        write_study_report(tmp_path, by)


def test_a_truth_is_agreed_with(hospital) -> None:
    ward: Hospital = hospital(6)
    ward.heading += ",truth_velocity_mps"
    ward.lines = [f"{line},{1.1 + 0.1 * n}" for n, line in enumerate(ward.lines)]
    ward.run()
    page, problem = write_study_report(ward.out)
    assert not problem and "agreement/agreement.html" in said(page).links
    text = " ".join(said(ward.out / "agreement" / "agreement.html").texts)
    assert "Walking speed" in text and "6 walks" in text


def test_a_truth_of_nobody_is_told(hospital) -> None:
    ward: Hospital = hospital(1)
    ward.heading += ",truth_velocity_mps"
    ward.lines = [f"{line}," for line in ward.lines]
    ward.run()
    page, problem = write_study_report(ward.out)
    assert problem and not any("agreement" in link for link in said(page).links)


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    (tmp_path / "child").mkdir()
    with pytest.raises(InputError, match="^child: holds no study; simgait cohort run .* makes one"):
        write_study_report(tmp_path / "child")
    with pytest.raises(InputError, match="^gone: there is no such folder"):
        write_study_report(tmp_path / "gone")


def test_a_study_that_was_stopped_is_told_apart_from_none(hospital) -> None:
    ward: Hospital = hospital(2)
    ward.run(share=Share(1, 2))
    with pytest.raises(InputError, match="^out: holds a study that is not finished"):
        write_study_report(ward.out)


def test_queries_of_the_how_to_run(hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    ward: Hospital = hospital(4)
    ward.heading += ",truth_velocity_mps,arm,age_years"
    ward.lines = [f"{line},1.2,x,44" for line in ward.lines]
    ward.run()
    monkeypatch.chdir(ward.folder)
    ward.out.rename(ward.folder / "study")
    queries = re.findall(r"```sql\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    answers = [duckdb.sql(query).fetchall() for query in queries]
    assert len(answers) >= 4 and all(answers), answers


@pytest.mark.slow
def test_the_command_does_not_speak_of_warp(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "simgait", "cohort", "report", str(tmp_path)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode != 0 and "warp" not in ran.stdout + ran.stderr
