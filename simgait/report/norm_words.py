"""Whom the numbers of a page are compared with, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable

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
_ADULTS = {"": "adults", "female": "women", "male": "men"}
_CHILDREN = {"": "children", "female": "girls", "male": "boys"}
_ANYBODY = {"": "people", "female": "female people", "male": "male people"}


def range_text(one: Parameter, norm: NormBand | NoNorm) -> str:
    """The cell of a table: "55 to 77", or a dash."""
    if not isinstance(norm, NormBand):
        return "–"
    return " to ".join(map(one.display.text, norm.ends))


def compared_ends(norm: NormBand | NoNorm) -> tuple[float, float] | None:
    """The range beyond which a number is called low or high; None where nothing is."""
    return norm.ends if isinstance(norm, NormBand) and norm.is_compared else None


def norm_note(shown: Iterable[Parameter], norms: Norms) -> str:
    """Below a table: whose range each number's is, and why another has none.

    Args:
        shown: parameters of the table; scores are said elsewhere.
        norms: what they are compared with.
    """
    plain = [one for one in shown if one.of_scores is None]
    found = [norms.of(one) for one in plain]
    if found and all(norm is NoNorm.CHILD for norm in found):
        return f"Normal range: none, as {_why(NoNorm.CHILD, norms.walker)}."
    parts = [f"Normal range: where {100 * SHARE:.0f} % of healthy people lie."]
    groups: dict[str, list[str]] = {}
    for one, norm in zip(plain, found, strict=True):
        if norm is not NoNorm.NO_NUMBERS:
            groups.setdefault(_whose(norm, norms.walker), []).append(one.label)
    for whose, labels in groups.items():
        named = [labels[0], *map(in_sentence, labels[1:])]
        parts.append(f"{listed(named, len(named))}: {whose}.")
    if any(isinstance(norm, NormBand) and not norm.is_compared for norm in found):
        parts.append(
            "Nobody said how old the person is, so nothing is called low or high (--age says it)."
        )
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
        return (one.key, "", "", "", unit, "", "", "", "no", _why(norm, norms.walker))
    source = norm.source
    if norm.is_compared:
        compared, reason = "yes", ""
    else:
        compared, reason = "no", "nobody said how old the person is (--age)"
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


def _whose(norm: NormBand | NoNorm, walker: Walker) -> str:
    if not isinstance(norm, NormBand):
        return f"none, as {_why(norm, walker)}"
    return f"{_people_of(norm)} ({norm.source.name})"


def _people_of(norm: NormBand) -> str:
    return "adults of any age and speed" if norm.row is None else _people(norm.row)


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
    first, below = row.age_from_years, row.age_to_years
    if first == int(first) and below == int(below):
        last = below - 1.0
        return f"{first:g}" if last == first else f"{first:g} to {last:g}"
    return f"{first:g} to below {below:g}"


def _where(walker: Walker) -> str:
    return "on a treadmill" if walker.on_treadmill else "over ground"


def _why(reason: NoNorm, walker: Walker) -> str:
    age = "" if walker.age_years is None else number(math.floor(walker.age_years), 0)
    return {
        NoNorm.NO_NUMBERS: "nobody measured it in healthy people",
        NoNorm.CHILD: f"these norms are those of adults and this person is {age} years old",
        NoNorm.NO_AGE: "these norms go by age and nobody said how old the person is (--age)",
        NoNorm.OTHER_AGES: f"these norms hold for other ages than {age} years",
        NoNorm.OTHER_SEX: "these norms go by sex and have no row for this person's (--sex)",
        NoNorm.OTHER_SURFACE: f"these norms do not hold {_where(walker)}",
        NoNorm.OTHER_SPEEDS: "these norms hold for other walking speeds",
        NoNorm.HEIGHT: f"gait is scaled to heights of {NORM_HEIGHT_M} m only",
    }[reason]
