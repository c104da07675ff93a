"""Sentences on whom a walk's numbers are compared with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.parameters.catalogue import SPATIOTEMPORAL, parameter
from simgait.parameters.norm_choice import Norms, ScorePeople, Walker
from simgait.parameters.norm_rows import NormRow, NormSource, NormTable
from simgait.report.norm_words import (
    compared_ends,
    norm_cells,
    norm_note,
    range_text,
    sources_of,
    why_no_score,
)

WOMAN = Walker(1.60, 63.0, "female", True, 1.15)
CADENCE = NormRow("cadence_spm", 6.0, 9.0, 130.0, 6.0, 20, "our lab, 2025")


def own(row: NormRow, walker: Walker) -> Norms:
    sources = {row.source: NormSource(row.source, row.source)}
    return Norms(walker, NormTable((row,), sources, name="the norms of kids.csv"))


def note(norms: Norms, *keys: str) -> str:
    return norm_note([parameter(key) for key in keys], norms)


def test_each_number_is_said_whose_range_it_has() -> None:
    text = norm_note(SPATIOTEMPORAL, Norms(WOMAN))
    assert text.startswith("Normal range: where 95 % of healthy people lie. Walking speed: 12 wom")
    assert "Walking speed: 12 women of 50 to 84 years (BMClab)." in text
    assert (
        "Cadence, step length, stride length, stride time, step time: 10 women of 50 to 84 years "
        "at this walking speed on a treadmill (BMClab)." in text
    )
    assert (
        "Step width, stance, swing, single support, double support: adults of any age at "
        "comfortable speed (rounded)." in text
    )
    assert "age" not in text.replace("of any age", "")


def test_a_child_is_told_that_the_norms_are_adults() -> None:
    text = norm_note(SPATIOTEMPORAL, Norms(Walker(1.2, 7.5, "female", False, 1.0)))
    assert text == (
        "Normal range: none, as simgait's own norms are those of adults and this person is 7 years "
        "old."
    )


def test_a_child_whose_score_has_a_range_is_told_which_figures_have_none() -> None:
    child = Norms(Walker(1.4, 10.0), people=ScorePeople("its reference", (6.0, 13.0)))
    text = note(child, "velocity_mps", "stance_percent", "gdi_points", "gps_deg")
    assert text == (
        "Normal range: where 95 % of healthy people lie. Walking speed, stance: none, as simgait's "
        "own norms are those of adults and this person is 10 years old. Gait deviation index: the "
        "healthy people of its reference."
    )
    assert range_text(parameter("gdi_points"), child.of(parameter("gdi_points"))) == "80 to 120"


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (
            ScorePeople("simgait's people", None, "ten adults and eight children"),
            "simgait's people are ten adults and eight children and this person is 10 years old",
        ),
        (
            ScorePeople("ours", (20.0, 61.0)),
            "the people of ours are 20 to 60 years old and this person is 10 years old",
        ),
        (
            ScorePeople("ours"),
            "the reference states no ages of the people of ours (simgait reference build --ages) "
            "and this person is 10 years old",
        ),
    ],
)
def test_a_child_is_told_whom_the_score_was_made_with(people: ScorePeople, said: str) -> None:
    norms, gdi = Norms(Walker(1.4, 10.0), people=people), parameter("gdi_points")
    assert why_no_score(norms) == said
    assert note(norms, "gdi_points") == f"Normal range: none, as {said}."
    assert compared_ends(norms.of(gdi)) is None and range_text(gdi, norms.of(gdi)) == "–"
    assert norm_cells(gdi, norms)[-2:] == ("no", said)
    assert (
        why_no_score(
            replace(norms, walker=WOMAN if people.ages_years is None else Walker(1.7, 44.0))
        )
        == ""
    )


def test_whose_norms_hold_for_nobody_like_this_is_told_for_each_figure() -> None:
    found = own(replace(CADENCE, parameter="step_length_m"), Walker(1.4, 10.0))
    text = note(found, "velocity_mps", "step_length_m")
    assert text == (
        "None of these figures has a normal range. Walking speed: none, as simgait's own norms are "
        "those of adults and this person is 10 years old. Step length: none, as the norms of "
        "kids.csv hold for other ages than 10 years."
    )


def test_a_score_without_a_range_says_what_its_reference_has() -> None:
    *_, compared, reason = norm_cells(parameter("gps_deg"), Norms(WOMAN))
    assert compared == "no"
    assert reason == "its reference has the median of its people, but no range"


def test_an_age_that_nobody_said_is_said() -> None:
    norms = Norms(replace(WOMAN, age_years=None))
    assert note(norms, "cadence_spm", "stance_percent").endswith(
        "(rounded). Nobody said how old the person is, so nothing is called low or high (--age "
        "says it)."
    )
    assert note(norms, "stance_percent", "gdi_points").endswith(
        "so nothing but the gait deviation index is called low or high (--age says it)."
    )
    assert range_text(parameter("stance_percent"), norms.of(parameter("stance_percent"))) != "–"
    assert compared_ends(norms.of(parameter("stance_percent"))) is None
    assert compared_ends(Norms(WOMAN).of(parameter("stance_percent"))) == (57.5, 65.5)


@pytest.mark.parametrize(
    ("row", "walker", "said"),
    [
        (CADENCE, Walker(1.2, 7.0), "Cadence: 20 children of 6 to 8 years (our lab, 2025)."),
        (replace(CADENCE, sex="male"), Walker(1.2, 7.0, "male"), "20 boys of 6 to 8 years"),
        (replace(CADENCE, age_to_years=7.0), Walker(1.2, 6.5), "20 children of 6 years"),
        (replace(CADENCE, age_to_years=6.5), Walker(1.2, 6.2), "of 6 to below 6.5 years"),
        (replace(CADENCE, age_to_years=30.0), Walker(1.7, 20.0), "20 people of 6 to 29 years"),
        (CADENCE, WOMAN, "none, as the norms of kids.csv hold for other ages than 63 years."),
        (CADENCE, Walker(1.2), "the norms of kids.csv go by age and nobody said how old the per"),
        (replace(CADENCE, sex="male"), Walker(1.2, 7.0), "have no row for this person's (--sex)"),
        (
            replace(CADENCE, speed_from_mps=0.5, speed_to_mps=0.7),
            Walker(1.2, 7.0, None, False, 1.0),
            "none, as the norms of kids.csv hold for other walking speeds",
        ),
        (
            replace(CADENCE, surface="overground"),
            Walker(1.2, 7.0),
            "20 children of 6 to 8 years over ground (our lab, 2025)",
        ),
        (
            replace(CADENCE, surface="treadmill"),
            Walker(1.2, 7.0),
            "none, as the norms of kids.csv do not hold over ground",
        ),
        (replace(CADENCE, height_m=1.2), Walker(0.7, 7.0), "scaled to heights of 0.8 to 2.4 m on"),
    ],
)
def test_a_users_own_rows_are_named_or_why_none_holds(
    row: NormRow, walker: Walker, said: str
) -> None:
    assert said in note(own(row, walker), "cadence_spm")


def test_sources_stand_once_with_citation_and_licence() -> None:
    first, second = sources_of(SPATIOTEMPORAL, Norms(WOMAN))
    assert first.startswith("BMClab: Laboratory of Biomechanics and Motor Control (BMClab), Fed")
    assert first.endswith("(CC BY 4.0).") and "at commit 0c7573b" in first
    assert second.startswith("Rounded: simgait's own round figures")
    (mine,) = sources_of([parameter("cadence_spm")], own(CADENCE, Walker(1.2, 7.0)))
    assert mine == "our lab, 2025 (your own)."
    assert sources_of(SPATIOTEMPORAL, Norms(Walker(1.2, 7.0))) == []
