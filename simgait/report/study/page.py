"""The page of a study: who is in, who is out and why, and what the numbers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simgait.compare.study_groups import AGE, ALWAYS, Group, age_bands, title_of, word_of
from simgait.compare.study_numbers import (
    LEAST_WALKS,
    OUTLYING,
    LeftOut,
    StudyWalk,
    flow,
    outliers,
    repeats,
    subgroups,
    values_of,
)
from simgait.parameters.catalogue import parameters
from simgait.parameters.parameter import Parameter
from simgait.parameters.wording import counted, with_minus
from simgait.plain_text import listed
from simgait.report.page import render
from simgait.report.study.charts import flow_picture, spread_picture

NOTHING = "–"
MOST_OUTLIERS = 40
MOST_TRIALS = 20
"""Codes that a reason names before it counts the others: two to four lines of the page."""
METHOD = (
    "Numbers that a walk's own verdict says are not to be used are left out everywhere.",
    f"Outlying: more than {OUTLYING:g} robust SDs (1.4826 times the median absolute deviation) "
    f"from the median of all walks, where there are {LEAST_WALKS} or more. That is a reason to "
    "look at a walk, not to leave it out.",
    "Repeats: SD between walks of one person, visit and condition, pooled over all who have two or "
    "more; it contains the person's own variation and random measurement error, but no bias.",
)
GROUPS = (
    "{heading}: in each row the walks that a person has there are averaged first, one walk as much "
    "as another; mean and SD (n - 1) are then over these people, so that everybody counts once in "
    "a row. No row mixes visits or conditions. Who has several of them stands in several rows: "
    "these are not independent of each other, and need not hold the same people. Nothing is "
    "tested: differences between rows may come from the cameras."
)
AGES = "Age goes by whole years lived, as the line of each recording says it: {bands}."


@dataclass(frozen=True)
class StudyPage:
    """What the page shows.

    Attributes:
        name: of the manifest.
        facts: policy, versions, date in one line.
        walks: all rows.
        outcomes: from the best to the worst.
        agreement: the page of an agreement with a truth, "" for none.
        by: further columns that walks are divided by; `labels` of the walks have them.
    """

    name: str
    facts: str
    walks: Sequence[StudyWalk]
    outcomes: Sequence[str]
    agreement: str = ""
    by: Sequence[str] = ()


def study_page(study: StudyPage) -> str:
    """The page as HTML."""
    shown = [one for one in parameters() if values_of(study.walks, one.key)]
    found = flow(study.walks, study.outcomes)
    apart = [row for one in shown for row in _outliers(study.walks, one)]
    return render(
        "study.html",
        on_sheets=(f"study {study.name}", study.facts),
        name=study.name,
        facts=study.facts,
        headline=_headline(found.outcomes, found.recordings),
        flow=flow_picture(found, study.outcomes),
        left_out=[_left_out(one) for one in found.left_out],
        pictures=[spread_picture(study.walks, one, one.key, study.by) for one in shown],
        grouped=_grouped(study.by),
        divided=[title_of(column) for column in (*ALWAYS, *study.by)],
        groups=[row for one in shown for row in _subgroups(study.walks, one, study.by)],
        repeats=[row for one in shown for row in _repeats(study.walks, one)],
        outliers=apart[:MOST_OUTLIERS],
        more_outliers=max(0, len(apart) - MOST_OUTLIERS),
        agreement=study.agreement,
        method=_method(study.by),
    )


def _headline(outcomes: Mapping[str, int], recordings: int) -> str:
    parts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    return f"{counted(recordings, 'recording')}: {parts}."


def _grouped(by: Sequence[str]) -> str:
    """By what rows are divided, in words."""
    *first, last = (word_of(column) for column in (*ALWAYS, *by))
    return f"By {', '.join(first)} and {last}"


def _method(by: Sequence[str]) -> list[str]:
    ages = [AGES.format(bands="; ".join(age_bands()))] if AGE in by else []
    return [*METHOD, GROUPS.format(heading=_grouped(by)), *ages]


def _left_out(one: LeftOut) -> dict[str, str]:
    return {
        "outcome": one.outcome,
        "reason": one.reason,
        "recordings": str(len(one.trials)),
        "trials": listed(one.trials, MOST_TRIALS),
    }


def _named(one: Parameter) -> dict[str, str]:
    return {"label": one.label, "unit": one.display.unit.symbol}


def _outliers(walks: Sequence[StudyWalk], one: Parameter) -> list[dict[str, str]]:
    return [
        {
            **_named(one),
            "trial": found.walk.trial,
            "link": found.walk.report,
            "person": found.walk.person,
            "visit": found.walk.visit or NOTHING,
            "value": one.display.text(found.value),
            "sds": with_minus(f"{found.robust_sds:+.1f}"),
        }
        for found in outliers(walks, one.key)
    ]


def _repeats(walks: Sequence[StudyWalk], one: Parameter) -> list[dict[str, str]]:
    found = repeats(walks, one.key)
    if not found.groups:
        return []
    typical = NOTHING if one.walk_sd is None else one.display.text(one.walk_sd)
    return [
        {
            **_named(one),
            "sd": one.display.width(found.sd),
            "typical": typical,
            "groups": str(found.groups),
            "walks": str(found.walks),
        }
    ]


def _subgroups(
    walks: Sequence[StudyWalk], one: Parameter, by: Sequence[str]
) -> list[dict[str, Any]]:
    return [
        {
            **_named(one),
            "group": _cells(found.group),
            "people": str(found.people),
            "walks": str(found.walks),
            "mean": one.display.text(found.mean),
            "sd": one.display.text(found.sd),
        }
        for found in subgroups(walks, one.key, by)
    ]


def _cells(group: Group) -> list[str]:
    return [group.visit or NOTHING, group.condition or NOTHING, *group.labels]
