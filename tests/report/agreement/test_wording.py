"""What the verdict of an agreement report says of bias, limits and changes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from simgait.compare.analysis import analyse_agreement
from simgait.report.agreement.wording import threshold_text, verdict
from tests.present import present
from tests.report.agreement.made_up import full_report, speed


def test_a_verdict_names_bias_limits_and_threshold():
    close, wide, mid = (verdict(analyse_agreement(full_report(measures=(m,))).measures[0])
                        for m in (speed(0.01), speed(0.2), speed(0.035)))  # fmt: skip
    assert close.grade == "good" and "within a small change (0.05 m/s)" in close.text
    assert wide.grade == "do_not_use" and "beyond a substantial change (0.10 m/s)" in wide.text
    assert mid.grade == "caution" and "beyond a small change" in mid.text
    assert "No bias that can be told from zero" in close.text
    shifted = speed()
    shifted = replace(shifted, estimate=shifted.estimate - 0.3)
    told = verdict(analyse_agreement(full_report(measures=(shifted,))).measures[0])
    assert re.match(r"Reads 0\.\d+ m/s too low on average", told.text)


def test_a_verdict_says_where_the_interval_of_the_limits_reaches_over_the_threshold():
    few = speed(0.017, n_people=5, per_person=1)
    analysed = analyse_agreement(full_report(measures=(few,))).measures[0]
    limits = present(analysed.summary).limits
    assert (
        max(-limits.lower.value, limits.upper.value)
        < 0.05
        < max(-limits.lower.low, limits.upper.high)
    )
    assert "though their intervals reach beyond it" in verdict(analysed).text


def test_a_limit_that_rounding_would_put_on_its_threshold_is_printed_beyond_it():
    just = replace(speed(0.01), thresholds=None)
    limits = present(analyse_agreement(full_report(measures=(just,))).measures[0].summary).limits
    reach = max(-limits.lower.value, limits.upper.value)
    below = replace(just, thresholds=(reach * 0.9999, 1.0))
    text = verdict(analyse_agreement(full_report(measures=(below,))).measures[0]).text
    between = re.search(r"lies between (\S+) and (\S+) m/s", text)
    assert between and "beyond a small change" in text
    assert max(abs(float(n.replace("−", "-"))) for n in between.groups()) > reach * 0.9999


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1.3, "Reads 130 % of a change (95 % interval 1"),
        (0.6, "Reads 60 % of a change (95 % interval "),
        (1.0, ""),
    ],
)
def test_how_much_of_a_change_is_read_is_told_where_it_is_not_all(factor, words):
    measure = speed(0.1, n_people=40)
    estimate = 1.1 + factor * (measure.truth - 1.1) + (measure.estimate - measure.truth)
    measure = replace(measure, estimate=estimate)
    text = verdict(analyse_agreement(full_report(measures=(measure,))).measures[0]).text
    assert ("of a change" in text) == bool(words)
    found = re.search(r"Reads (\d+) % of a change.* too (small|large) \((0\.\d{3}) m/s for a", text)
    if words:
        assert found and abs(int(found[1]) - 100 * factor) < 6
        assert float(found[3]) == pytest.approx(int(found[1]) / 1000, abs=0.001)
        assert found[2] == ("large" if factor > 1 else "small")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (0.05, "These limits reach a small change (0.05 m/s) and do not go beyond it."),
        (0.10, "These limits reach a substantial change (0.10 m/s) and do not go beyond it."),
        (0.11, "These limits go beyond a substantial change (0.10 m/s)."),
    ],
)
def test_an_error_of_exactly_the_threshold_reaches_it(error, words):
    measure = speed(0.0)
    measure = replace(measure, estimate=np.round(measure.truth, 3) + error)
    measure = replace(measure, truth=np.round(measure.truth, 3))
    text = verdict(analyse_agreement(full_report(measures=(measure,))).measures[0]).text
    assert words in text and "of a change" not in text
    assert f"Reads {error:.2f}" in text


def test_a_constant_truth_is_told_to_say_nothing_of_changes():
    measure = replace(speed(0.1), truth=np.full(36, 1.1))
    text = verdict(analyse_agreement(full_report(measures=(measure,))).measures[0]).text
    assert "How much of a change it shows is not defined: the truth is constant" in text
    measure = replace(speed(0.1), estimate=np.full(36, 1.1))
    text = verdict(analyse_agreement(full_report(measures=(measure,))).measures[0]).text
    assert "Reads 0 % of a change (95 % interval 0 to 0 %)" in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.025, "m", "0.025 m"), (0.05, "m/s", "0.05 m/s"), (0.1, "m/s", "0.10 m/s"),
     (1.6, "\u00b0", "1.6\u00b0"), (5.0, "\u00b0", "5\u00b0"), (100.0 * 0.07, "cm", "7 cm")],
)  # fmt: skip
def test_a_threshold_has_all_of_its_digits(value: float, unit: str, text: str) -> None:
    assert threshold_text(value, unit) == text
