"""The picture that an agreement report opens with."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from simgait.compare.analysis import AnalysedReport, analyse_agreement
from simgait.compare.evidence import AgreementReport
from simgait.report.agreement.opening import opening, opening_words
from simgait.report.agreement.page import agreement_page
from tests.report.agreement.made_up import full_report, speed


def analysed_report(report: AgreementReport) -> AnalysedReport:
    return analyse_agreement(report, n_resamples=100)


def test_the_page_opens_with_the_picture_of_all_measures() -> None:
    page = agreement_page(analysed_report(full_report()))
    assert page.index('class="opening"') < page.index('class="verdict"') < page.index("<table")


def test_a_limit_of_a_substantial_change_stands_at_one() -> None:
    analysed = analysed_report(replace(full_report(), measures=(speed(),)))
    summary = analysed.measures[0].summary
    assert summary is not None
    edge = summary.limits.upper.value
    scaled = replace(speed(), thresholds=(0.5 * edge, edge))
    drawn = str(opening(analysed_report(replace(full_report(), measures=(scaled,)))))
    band = re.search(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"', drawn)
    assert band is not None
    right = float(band[1]) + float(band[2])
    ends = [float(x) for x in re.findall(r'<line x1="([\d.]+)"', drawn)]
    assert min(abs(x - right) for x in ends) < 0.2


def test_an_error_beyond_the_picture_ends_in_an_arrow() -> None:
    far = replace(speed(error=3.0), thresholds=(0.01, 0.02))
    drawn = str(opening(analysed_report(replace(full_report(), measures=(far,)))))
    assert "<polygon" in drawn


def test_measures_without_thresholds_are_named_and_not_drawn() -> None:
    bare = replace(speed(), thresholds=None)
    analysed = analysed_report(replace(full_report(), measures=(bare,)))
    assert opening(analysed) == ""
    assert bare.label in opening_words(analysed).split("Not drawn: ")[1]
    assert 'class="opening"' not in agreement_page(analysed)


@pytest.mark.parametrize("colour", ["#00795a", "#8a5a00", "#b3261e"])
def test_colours_of_grades_stand_out_on_white(colour: str) -> None:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
