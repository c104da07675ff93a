"""Whom the numbers of a page are compared with, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from simgait.limits import ADULT_YEARS, NORM_HEIGHT_M
from simgait.parameters.norm_choice import NoNorm, NormBand, Norms, Walker
from simgait.parameters.norm_rows import SHARE, NormRow, NormSource
from simgait.parameters.parameter import Parameter
from simgait.parameters.wording import in_sentence, number
from simgait.plain_text import listed

NORM_COLUMNS = (
    "parameter", "low", "high", "mean", "unit", "whose", "source", "licence", "compared",
    "why_not",
)  # fmt: skip
"""Of `normal_ranges.csv`: ends of the range and its people's mean in the stored unit, whose it is,
where it can be looked up, and whether the walk's number is compared with it, or why not."""
AGE = "--age; in a manifest age_years"
"""How it is said: on the command line, and of a study."""
_ADULTS = {"": "adults", "female": "women", "male": "men"}
_CHILDREN = {"": "children", "female": "girls", "male": "boys"}
_ANYBODY = {"": "people", "female": "female people", "male": "male people"}


def range_text(one: Parameter, norm: NormBand | NoNorm) -> str:
    """The cell of a table: "55 to 77", or a dash."""
    return ends_text(one, norm.ends if isinstance(norm, NormBand) else None)


def ends_text(one: Parameter, ends: tuple[float, float] | None) -> str:
    """Two ends in a parameter's stored unit as a table has them: "55 to 77", or a dash."""
    return "–" if ends is None else " to ".join(map(one.display.text, ends))


def compared_ends(norm: NormBand | NoNorm) -> tuple[float, float] | None:
    """The range beyond which a number is called low or high; None where nothing is."""
    return norm.ends if isinstance(norm, NormBand) and norm.is_compared else None


def norm_note(shown: Iterable[Parameter], norms: Norms) -> str:
    """Below a table: whose range each number's is, and why another has none.

    Args:
        shown: parameters of the table.
        norms: what they are compared with.
    """
    found = [(one, norms.of(one)) for one in shown]
    groups: dict[str, list[str]] = {}
    for one, norm in found:
        if norm is not NoNorm.NO_NUMBERS:
            groups.setdefault(_whose(one, norm, norms), []).append(one.label)
    bands = [(one, norm) for one, norm in found if isinstance(norm, NormBand)]
    parts = [grouped_note(groups, has_ranges=bool(bands))]
    if any(not norm.is_compared for _, norm in bands):
        named = [f"the {in_sentence(one.label)}" for one, norm in bands if norm.is_compared]
        but = f"nothing but {listed(named, len(named))}" if named else "nothing"
        parts.append(
            f"Nobody said how old the person is, so {but} is called low or high (--age says it)."
        )
    return " ".join(parts)


def grouped_note(groups: Mapping[str, Sequence[str]], *, has_ranges: bool) -> str:
    """Sentences on whose each range is.

    Args:
        groups: whose it is, or why there is none -> labels of parameters.
        has_ranges: whether any parameter has one.
    """
    if len(groups) == 1 and not has_ranges:
        return f"Normal range: {next(iter(groups))}."
    parts = [
        f"Normal range: where {100 * SHARE:.0f} % of healthy people lie."
        if has_ranges
        else "None of these figures has a normal range."
    ]
    for whose, labels in groups.items():
        named = [labels[0], *map(in_sentence, labels[1:])]
        parts.append(f"{listed(named, len(named))}: {whose}.")
    return " ".join(parts)


def sources_of(shown: Iterable[Parameter], norms: Norms) -> list[str]:
    """Citation and licence of each source that a table's ranges have, "NAME: citation (licence)."""
    found: dict[NormSource, None] = {}
    for one in shown:
        norm = norms.of(one)
        if one.of_scores is None and isinstance(norm, NormBand):
            found[norm.source] = None
    return [_cited(source) for source in found]


def norm_cells(one: Parameter, norms: Norms) -> tuple[object, ...]:
    """The row of a parameter in `normal_ranges.csv`; see `NORM_COLUMNS`."""
    norm, unit = norms.of(one), one.unit.symbol
    if not isinstance(norm, NormBand):
        return (one.key, "", "", "", unit, "", "", "", "no", _why(one, norm, norms))
    source = norm.source
    if norm.is_compared:
        compared, reason = "yes", ""
    else:
        compared, reason = "no", f"nobody said how old the person is ({AGE})"
    whose = source.name if one.of_scores is not None else _people_of(norm)
    return (
        one.key, norm.low, norm.high, norm.mean, unit, whose, source.citation, source.licence,
        compared, reason,
    )  # fmt: skip


def _cited(source: NormSource) -> str:
    if source.name == source.citation:
        return f"{source.citation} (your own)."
    licence = f" ({source.licence})" if source.licence else ""
    return f"{source.name[0].upper()}{source.name[1:]}: {source.citation}{licence}."


def _whose(one: Parameter, norm: NormBand | NoNorm, norms: Norms) -> str:
    if not isinstance(norm, NormBand):
        return no_range(_why(one, norm, norms))
    if one.of_scores is not None:
        return f"the healthy people of {norm.source.name}"
    return f"{_people_of(norm)} ({norm.source.name})"


def _people_of(norm: NormBand) -> str:
    return "adults of any age at comfortable speed" if norm.row is None else _people(norm.row)


def _people(row: NormRow) -> str:
    """Of whom a row is: "14 men of 21 to 37 years at this walking speed"."""
    words = (
        _ADULTS if row.age_from_years >= ADULT_YEARS
        else _CHILDREN if row.age_to_years <= ADULT_YEARS
        else _ANYBODY
    )  # fmt: skip
    at = " at this walking speed" if row.has_speed else ""
    on = {"treadmill": " on a treadmill", "overground": " over ground"}.get(row.surface, "")
    return f"{row.n} {words[row.sex]} of {_years(row)} years{at}{on}"


def _years(row: NormRow) -> str:
    return _span(row.age_from_years, row.age_to_years)


def _span(first: float, below: float) -> str:
    if first == int(first) and below == int(below):
        last = below - 1.0
        return f"{first:g}" if last == first else f"{first:g} to {last:g}"
    return f"{first:g} to below {below:g}"


def no_range(why: str) -> str:
    """In place of whose a range is, where there is none."""
    return f"none, as {why}"


def _where(walker: Walker) -> str:
    return "on a treadmill" if walker.on_treadmill else "over ground"


def why_no_score(norms: Norms) -> str:
    """Why the scores are not compared with the people of their reference; "" where they are."""
    people, age = norms.people, norms.walker.age_years
    if age is None or people.why_not(norms.walker) is None:
        return ""
    person = f"this person is {number(math.floor(age), 0)} years old"
    name = people.name or "the reference"
    if people.ages_years is not None:
        return f"the people of {name} are {_span(*people.ages_years)} years old and {person}"
    if people.known:
        return f"{name} are {people.known} and {person}"
    whose = f"of the people of {name}" if people.name else "of its people"
    return f"the reference states no ages {whose} (simgait reference build --ages) and {person}"


def _why(one: Parameter, reason: NoNorm, norms: Norms) -> str:
    """Why a parameter has no range, and in whose table it was looked for."""
    walker, table = norms.walker, norms.table_of(one).name
    if one.of_scores is not None:
        if reason is NoNorm.NO_NUMBERS:
            return "its reference has the median of its people, but no range"
        return why_no_score(norms)
    age = "" if walker.age_years is None else number(math.floor(walker.age_years), 0)
    return {
        NoNorm.NO_NUMBERS: "simgait has no numbers of healthy people for it",
        NoNorm.CHILD: f"{table} are those of adults and this person is {age} years old",
        NoNorm.NO_AGE: f"{table} go by age and nobody said how old the person is ({AGE})",
        NoNorm.OTHER_AGES: f"{table} hold for other ages than {age} years",
        NoNorm.OTHER_SEX: f"{table} go by sex and have no row for this person's (--sex)",
        NoNorm.OTHER_SURFACE: f"{table} do not hold {_where(walker)}",
        NoNorm.OTHER_SPEEDS: f"{table} hold for other walking speeds",
        NoNorm.HEIGHT: f"gait is scaled to heights of {NORM_HEIGHT_M} m only",
    }[reason]
