"""The agreement report from plain pairs: numbers, words, page, files."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.agreement import repeated_limits
from simgait.compare.analysis import analyse_agreement, worst_trials
from simgait.compare.evidence import (
    ComparisonTable,
    EventErrors,
    Exclusion,
    TrackerRow,
    WaveformPairs,
    WorstTrial,
)
from simgait.errors import InputError
from simgait.report.agreement.charts import LABEL_GAP, bland_altman_plot, scatter, spread
from simgait.report.agreement.curve_charts import histogram
from simgait.report.agreement.files import write_agreement_report
from simgait.report.agreement.page import agreement_page, safe_link
from simgait.report.agreement.rows import comparison_cell, event_table, measure_rows, worst_rows
from simgait.report.agreement.wording import exclusion_groups, exclusion_lead, overview
from tests.present import present
from tests.report.agreement.made_up import curves, full_report, speed
from tests.shapes import unchecked

FILES = ["agreement.html", "measures.csv", "provenance.json", "report.json"]


class _Page(HTMLParser):
    """Checks that tags close, and collects what could reach the network."""

    VOID = frozenset(("meta", "br", "hr", "img", "input", "link"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    assert page.open == []
    return page


def test_page_shows_the_statistics_of_the_agreement_package():
    measure = speed()
    limits = repeated_limits(measure.truth, measure.estimate, measure.subject_ids)
    html = agreement_page(analyse_agreement(full_report()))
    for value in (limits.bias.value, limits.lower.value, limits.upper.value, limits.lower.low):
        assert f"{value:.3f}".replace("-", "−").replace("−0.000", "0.000") in html
    assert "36 walks of 12 people" in html and "2 of 38 walks offered (5.3\u00a0%)" in html
    assert "Smith 2020" in html and "0.0432" in html and "2026-01-02" in html


def test_limits_of_both_variants_stand_where_people_have_several_walks(tmp_path):
    measure = speed()
    constant = repeated_limits(
        measure.truth, measure.estimate, measure.subject_ids, true_value="constant"
    )
    analysed = write_agreement_report(tmp_path, full_report(), n_resamples=100)
    rows, _ = measure_rows(analysed)
    assert [r.label for r in rows] == [
        "Walking speed",
        "Walking speed, if the true value is constant",
    ]
    bias, lower, upper, slope = (cell.text for cell in rows[1].cells)
    assert (bias, slope) == (rows[0].cells[0].text, "–")
    assert upper == f"{constant.upper.value:.3f}"
    # A person's walks differ by half a metre per second here: all of that is error then.
    assert constant.sd > 5 * present(analysed.measures[0].summary).limits.sd
    with (tmp_path / "measures.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert float(row["lower_limit_if_constant"]) == constant.lower.value
    assert float(row["upper_limit_if_constant_high"]) == constant.upper.high
    assert float(row["sd_if_constant"]) == constant.sd
    assert "let the true value vary from walk to walk" in (tmp_path / "agreement.html").read_text()


def test_one_walk_each_has_one_row_of_limits(tmp_path):
    single = full_report(measures=(speed(per_person=1),))
    analysed = write_agreement_report(tmp_path, single, n_resamples=100)
    assert len(measure_rows(analysed)[0]) == 1
    assert "if the true value is constant" not in (tmp_path / "agreement.html").read_text()
    with (tmp_path / "measures.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["limits_for"] == "one per person"
    assert row["lower_limit_if_constant"] == row["sd_if_constant"] == ""


def test_page_reaches_nothing_outside_itself():
    worst = (WorstTrial("w3", "p1", "velocity_mps", 1.0, 1.1, "w3/report.html"),)
    html = agreement_page(analyse_agreement(full_report(worst=worst), n_resamples=100))
    page = parsed(html)
    links = [v for _, a in page.tags for k, v in a.items() if k in ("href", "src")]
    assert links == ["w3/report.html"]
    assert not re.search(r"https?://|url\(|@import|<script", html)
    assert "default-src 'none'" in html


def test_largest_errors_name_the_person_truth_and_estimate(tmp_path):
    worst = (WorstTrial("w3", "p7", "velocity_mps", 1.25, 0.875),)
    analysed = write_agreement_report(tmp_path / "o", full_report(worst=worst), n_resamples=100)
    (row,) = worst_rows(analysed)
    assert (row.person, row.truth, row.estimate, row.error) == ("p7", "1.250", "0.875", "−0.375")
    html = (tmp_path / "o" / "agreement.html").read_text(encoding="utf-8")
    assert all(text in html for text in (">p7<", "1.250", "0.875", "−0.375"))
    (kept,) = json.loads((tmp_path / "o" / "report.json").read_text(encoding="utf-8"))["worst"]
    assert (kept["subject_id"], kept["truth"], kept["error"]) == ("p7", 1.25, -0.375)


def test_without_people_largest_errors_name_nobody():
    measure = speed(per_person=1)
    alone = replace(measure, subject_ids=measure.trial_ids)
    report = full_report(measures=(alone,), worst=worst_trials((alone,)))
    analysed = analyse_agreement(report, n_resamples=100)
    assert {row.person for row in worst_rows(analysed)} == {""}
    assert ">Person<" not in agreement_page(analysed)


def test_pairs_beyond_500_ms_have_a_column_where_they_are_counted():
    counted = full_report().events[0]
    folded = replace(counted, n_beyond_500ms=None)
    for events, shown in (((counted,), True), ((folded,), False), ((folded, counted), True)):
        analysed = analyse_agreement(full_report(events=events), n_resamples=100)
        headings, rows = event_table(analysed.events)
        assert ("Beyond 500 ms" in headings) == shown
        assert ("Beyond 500 ms" in agreement_page(analysed)) == shown
        assert all(len(row) == len(headings) for row in rows)
        assert rows[0][:3] == ("5", "2", "3")


def test_worst_walks_are_the_largest_errors_and_link_to_their_page():
    measure = speed()
    error = np.abs(measure.estimate - measure.truth)
    top = [measure.trial_ids[k] for k in np.argsort(-error)[:3]]
    worst = worst_trials((measure,), {top[1]: "a b/report.html"})
    assert [w.trial_id for w in worst] == top
    html = agreement_page(analyse_agreement(full_report(worst=worst)))
    assert f'<a href="a%20b/report.html">{top[1]}</a>' in html


@pytest.mark.parametrize("link", ["/etc/x", "../x.html", "a/../../x", "http://x.org/", "a\\b",
                                  "javascript:alert(1)"])  # fmt: skip
def test_links_that_leave_the_folder_are_refused(link):
    with pytest.raises(InputError, match="below its own folder"):
        safe_link(link)


def test_texts_are_escaped_and_folders_cut_off():
    bad = "<script>alert(1)</script>"
    measure = speed()
    ids = (bad, "/home/jane/w1.c3d", *measure.trial_ids[2:])
    estimate = measure.estimate.copy()
    estimate[:2] += 5.0
    measure = replace(measure, trial_ids=ids, estimate=estimate, label=f"Speed {bad}")
    report = full_report(
        title=bad,
        tracker="/home/jane/policy",
        measures=(measure,),
        worst=worst_trials((measure,)),
        exclusions=(Exclusion("/home/jane/x1", f"read /home/jane/x1 {bad}"),),
        methods=("From /home/jane/data/truth.csv",),
        provenance={"config": {"truth": "/home/jane/truth.csv"}},
        waveforms=(replace(curves(), label=bad),),
        events=(EventErrors(bad, np.array([1.0, 2.0, 3.0]), 0, 0, 0),),
    )
    analysed = analyse_agreement(report)
    html = agreement_page(analysed)
    parsed(html)
    assert bad not in html and "&lt;script&gt;" in html
    assert "jane" not in html and "w1.c3d" in html


def test_undefined_numbers_say_why():
    measure = replace(speed(), estimate=np.full(36, 1.1))
    flat = replace(curves(), estimate=np.zeros((6, 101)))
    html = agreement_page(analyse_agreement(full_report(measures=(measure,), waveforms=(flat,))))
    assert html.count("not defined") >= 4
    assert 'title="one of the two columns is constant' in html
    assert re.search(r"<sup>a</sup> one of the two columns is constant", html)
    assert "6 of 6 walks have a flat curve, which has no linear fit" in html


def test_a_measure_that_cannot_be_analysed_keeps_its_reason_and_the_rest_goes_on(tmp_path):
    empty = speed(name="step_m", label="Step", unit="m", estimate=np.full(36, np.nan))
    analysed = write_agreement_report(tmp_path / "o", full_report(measures=(speed(), empty)))
    assert analysed.measures[1].summary is None
    html = (tmp_path / "o" / "agreement.html").read_text()
    assert "Not analysed. The estimate column is all NaN" in html
    with pytest.raises(InputError, match="No measure can be analysed; step_m: "):
        write_agreement_report(tmp_path / "p", full_report(measures=(empty,)))
    assert not (tmp_path / "p").exists()


def test_files_hold_the_same_numbers_and_come_out_the_same_twice(tmp_path):
    for name in ("a", "b"):
        write_agreement_report(tmp_path / name, full_report(), n_resamples=100)
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == FILES
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with (tmp_path / "a" / "measures.csv").open() as file:
        (row,) = csv.DictReader(file)
    record = json.loads((tmp_path / "a" / "report.json").read_text())
    error = speed().estimate - speed().truth
    assert float(row["rmse"]) == pytest.approx(np.sqrt(np.mean(error**2)))
    assert record["measures"][0]["rmse"] == float(row["rmse"])
    assert record["n_left_out"] == 2 and record["exclusions"][0]["trial_ids"] == ["x1", "x2"]
    assert record["waveforms"][0]["scale"] == pytest.approx(0.9)
    assert record["events"][0]["errors_ms"]["median"] == 10.0


def test_waveforms_recover_a_known_line_and_offset():
    (w,) = analyse_agreement(full_report()).waveforms
    assert (w.scale, w.offset, w.r_squared) == pytest.approx((0.9, 2.0, 1.0))
    error = curves().estimate - curves().truth
    assert w.rmse == pytest.approx(np.sqrt((error**2).mean(axis=1)).mean())
    holes = curves()
    holes.estimate[1, 50] = np.nan
    (w,) = analyse_agreement(full_report(waveforms=(holes,))).waveforms
    assert (w.n, w.n_excluded) == (5, 1)


def test_groups_stand_beside_each_other_and_small_ones_say_so():
    measure = speed()
    groups = {"speed": ("fast",) * 34 + ("slow",) * 2}
    html = agreement_page(
        analyse_agreement(full_report(measures=(replace(measure, groups=groups),)))
    )
    assert "By speed" in html and "Only 2 pairs" in html


def test_two_thousand_pairs_are_all_drawn_and_the_page_stays_small():
    measures = tuple(speed(n_people=500, per_person=4, name=f"m{k}_mps") for k in range(8))
    analysed = analyse_agreement(full_report(measures=measures), n_resamples=100)
    html = agreement_page(analysed)
    assert len(html.encode()) < 2_000_000
    for plot in (scatter, bland_altman_plot):
        assert str(plot(analysed.measures[0])).count("h0") == 2000


def test_thresholds_are_drawn_where_they_fit_and_named_where_they_do_not():
    near = agreement_page(analyse_agreement(full_report(measures=(speed(0.03),))))
    far = agreement_page(analyse_agreement(full_report(measures=(speed(0.001),))))
    assert "change 0.05" in near and "change −0.10" in near and "not drawn" not in near
    assert "change 0.05" not in far and "not drawn" in far


@given(st.lists(st.floats(0, 400), min_size=1, max_size=12))
def test_labels_keep_their_distance_and_their_order(values):
    wanted = np.sort(np.array(values))
    placed = spread(wanted, LABEL_GAP, 0.0, 400.0)
    assert np.all(np.diff(placed) >= LABEL_GAP - 1e-6)
    assert placed[0] >= -1e-6 and placed[-1] <= 400 + 1e-6
    if len(wanted) == 1:
        assert placed[0] == wanted[0]


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=50))
def test_every_event_falls_into_a_bin(values):
    edges, counts = histogram(np.array(values))
    assert counts.sum() == len(values)
    assert np.isclose(edges[:-1] + edges[1:], 0.0).any()


def test_exclusions_are_counted_by_reason():
    report = full_report(
        exclusions=(Exclusion("a", "fell"), Exclusion("b", "fell"), Exclusion("w1", "no value")),
        n_offered=None,
    )
    groups = exclusion_groups(report)
    assert [(g.reason, len(g.trial_ids)) for g in groups] == [("fell", 2), ("no value", 1)]
    assert groups[0].share == pytest.approx(2 / 38)
    assert "2 of 38 walks offered" in overview(analyse_agreement(report, n_resamples=100))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04321, "0.0432"), (12.345, "12.3"), (1234.5, "1234"), (0.0, "0"), (7, "7"), (None, "–"),
     (float("nan"), "–"), (-0.5, "−0.500"), ("all", "all")],
)  # fmt: skip
def test_cells_of_comparison_tables(value, text):
    assert comparison_cell(value) == text


def test_what_is_left_out_is_counted_apart_from_what_lacks_a_measure():
    report = full_report()
    out = tuple(Exclusion(f"away{k}", "no truth") for k in range(2))
    lacking = Exclusion(report.measures[0].trial_ids[0], "no estimated value")
    said = exclusion_lead(replace(report, exclusions=(*out, lacking)))
    assert "2 of 38 walks offered (5.3\u00a0%) are in no number. 1 walk lacks a measure." in said
    said = exclusion_lead(replace(report, exclusions=(lacking,), n_offered=36))
    assert said.startswith("Each of the 36 walks is in at least one measure. 1 walk lacks")
    assert exclusion_lead(replace(report, exclusions=())) == "No walk was left out."


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: speed(trial_ids=("a",)), "different lengths"),
        (lambda: speed(thresholds=(0.1, 0.05)), "thresholds"),
        (lambda: WaveformPairs("k", "K", "°", ("a",), np.zeros((1, 51)), np.zeros((1, 51))), "101"),
        (lambda: EventErrors("IC", np.array([np.nan]), 0, 0, 0), "finite"),
        (lambda: ComparisonTable("t", ("a",), (TrackerRow("x", (1, 2)),)), "2 cells for 1"),
        (lambda: full_report(measures=(speed(), speed())), "two measures named velocity_mps"),
        (lambda: safe_link("../x"), "below its own folder"),
    ],
)
def test_ill_formed_parts_are_refused(make, sentence):
    with pytest.raises(InputError, match=sentence), unchecked():
        make()


def test_an_output_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write_agreement_report(tmp_path / "file" / "o", full_report(), n_resamples=100)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
