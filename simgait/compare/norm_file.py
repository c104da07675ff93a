"""A user's own norms: a CSV table with a row for each group of healthy people.

Columns are those of `parameters.norm_rows`; means and SDs are in the unit that the parameter's
name ends with (`step_length_m` in metres). Rows with a `percent` are points of joint curves
(`norm_curve_rows`).
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from simgait.compare.csv_tables import CsvTable, read_csv
from simgait.compare.norm_curve_rows import (
    KEYS,
    MOST_CURVE_ROWS,
    PERCENT_COLUMN,
    curves_of,
)
from simgait.compare.number_cells import is_decimal_comma
from simgait.errors import InputError
from simgait.gait.score_reference_file import reference_sha256
from simgait.gait.scores import ScoreReference
from simgait.limits import AGE_YEARS, NORM_HEIGHT_M, WALKING_SPEED_MPS, Limits
from simgait.near_names import nearest_name
from simgait.parameters.catalogue import find_parameter, parameters
from simgait.parameters.norm_curves import CurveNorm
from simgait.parameters.norm_rows import (
    COLUMNS,
    OPTIONAL,
    SURFACES,
    NormRow,
    NormSource,
    NormTable,
    overlapping,
    sorting_key,
)
from simgait.parameters.parameter import Parameter
from simgait.plain_text import SOME, listed, one_line
from simgait.provenance import file_sha256
from simgait.text_files import MISSING_WORDS

READ = (*COLUMNS, PERCENT_COLUMN)
"""Columns that a file may have."""
MOST_ROWS = 2000
"""Of a table: twelve parameters at ten speeds of sixteen groups."""
FEWEST_PEOPLE = 2
"""Of a row: one person has no SD."""
SEXES = ("female", "male")
NO_SEX = f"sex of a norm; write {' or '.join(SEXES)}, or leave the cell empty for both"
NO_SURFACE = (
    f"surface; write {' or '.join(SURFACES)}, or leave the cell empty where it does not matter"
)
MEANT = {
    "gender": "sex", "height": "height_m", "age_min": "age_from_years", "age_max": "age_to_years",
    "std": "sd", "standard_deviation": "sd", "people": "n", "reference": "source",
    "citation": "source",
}  # fmt: skip
"""What people call a column -> what it is called here, where spelling does not tell."""


def own_norms(file: str | os.PathLike[str] | None) -> NormTable | None:
    """A user's norms; None where the user names no file.

    Raises:
        InputError: as `read_norms`.
    """
    return None if file is None else read_norms(Path(file))


def chosen_norms(
    file: str | os.PathLike[str] | None, reference: ScoreReference | None
) -> NormTable | None:
    """The user's norms of a file, else those of the reference that the user names.

    Raises:
        InputError: as `read_norms`.
    """
    return own_norms(file) or norms_of_reference(reference)


def norms_of_reference(reference: ScoreReference | None) -> NormTable | None:
    """Those of a reference's people; None without a reference, or where it holds none."""
    if reference is None or not reference.norms:
        return None
    source = NormSource(reference.name, reference.name)
    return NormTable(
        reference.norms,
        {reference.name: source},
        reference_sha256(reference),
        _called(reference.name),
    )


def read_norms(path: Path) -> NormTable:
    """The norms in a file.

    Raises:
        InputError: it cannot be read, has a column that norms have not, lacks one, or a row is of
            no parameter, of no people, or of the same people as another.
    """
    table = read_csv(path, per="group of healthy people")
    _refuse_unknown(table)
    _refuse_lacking(table)
    table, of_curves = _parted(table)
    for count, most, what in (
        (len(table.rows), MOST_ROWS, "rows of numbers"),
        (len(of_curves.rows), MOST_CURVE_ROWS, "points of curves"),
    ):
        if count > most:
            raise InputError(
                f"{table.file}: has {count} {what}, more than norms need (at most {most} are "
                "read); keep those of the ages that you compare with."
            )
    rows, curves = _Rows(table).all(), _Rows(of_curves).curves()
    pair = overlapping(rows)
    if pair is not None:
        lines = sorted(table.lines[rows.index(row)] for row in pair)
        raise InputError(
            f"{table.file}: lines {lines[0]} and {lines[1]} are of the same age, sex and speed "
            f"({pair[0].parameter}); keep one of them, or part their ages or speeds."
        )
    sources = {row.source: NormSource(row.source, row.source) for row in rows}
    return NormTable(
        tuple(sorted(rows, key=sorting_key)),
        sources,
        file_sha256(path),
        _called(table.file),
        curves,
    )


def _parted(table: CsvTable) -> tuple[CsvTable, CsvTable]:
    """The rows of numbers, and those of curves."""
    column = table.named([PERCENT_COLUMN])
    cells = [""] * len(table.rows) if column is None else table.text(column)
    of_curve = [cell.lower() not in MISSING_WORDS for cell in cells]
    numbers, curves = (
        replace(
            table,
            rows=tuple(r for r, one in zip(table.rows, of_curve, strict=True) if one is wanted),
            lines=tuple(n for n, one in zip(table.lines, of_curve, strict=True) if one is wanted),
        )
        for wanted in (False, True)
    )
    return numbers, curves


def _called(name: str) -> str:
    return f"the norms of {one_line(name)}"


def _refuse_unknown(table: CsvTable) -> None:
    """A column that nobody reads may be a sex or a height that would go unheeded."""
    names = [column.lower() for column in table.columns]
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if twice:
        raise InputError(f"{table.file}: has two columns named {twice[0]}; rename or drop one.")
    if any(row[place] for place, name in enumerate(names) if not name for row in table.rows):
        raise InputError(f"{table.file}: a column has no name; give it one, or take it out.")
    unknown = [column for column in table.columns if column and column.lower() not in READ]
    if unknown:
        near = [nearest_name(column, READ, MEANT) for column in unknown]
        said = [
            f"{column} (the nearest is {meant})" if meant else column
            for column, meant in zip(unknown, near, strict=True)
        ]
        one = len(unknown) == 1
        raise InputError(
            f"{table.file}: norms have no {'column' if one else 'columns'} {listed(said, SOME)}; "
            f"rename {'it or take it' if one else 'them or take them'} out. They need "
            f"{', '.join(_needed())}, and may have {', '.join((*OPTIONAL, PERCENT_COLUMN))}."
        )


def _needed() -> list[str]:
    return [name for name in COLUMNS if name not in OPTIONAL]


def _refuse_lacking(table: CsvTable) -> None:
    lacking = [name for name in _needed() if table.named([name]) is None]
    if lacking:
        raise InputError(
            f"{table.file}: has no column {lacking[0]}; norms need {', '.join(_needed())}, and may "
            f"have {', '.join((*OPTIONAL, PERCENT_COLUMN))}."
        )


class _Rows:
    """The rows of a table, checked one by one."""

    def __init__(self, table: CsvTable) -> None:
        self._table = table
        self._texts = {name: self._text(name) for name in ("parameter", "sex", "surface", "source")}
        self._numbers = {name: self._number(name) for name in COLUMNS if name not in self._texts}

    def _text(self, name: str) -> Sequence[str]:
        column = self._table.named([name])
        return self._table.text(column) if column else [""] * len(self._table.rows)

    def _number(self, name: str) -> Sequence[float]:
        column = self._table.named([name])
        if column is None:
            return [math.nan] * len(self._table.rows)
        return [
            _number_in(cell, self._table.has_decimal_commas, f"{self._where(place)}, column {name}")
            for place, cell in enumerate(self._table.text(column))
        ]

    def _where(self, place: int) -> str:
        return f"{self._table.file}: line {self._table.lines[place]}"

    def all(self) -> list[NormRow]:
        """Every row."""
        return [self._row(place) for place in range(len(self._table.rows))]

    def curves(self) -> tuple[CurveNorm, ...]:
        """The curves of which every row is a point."""
        places = range(len(self._table.rows))
        sexes = [
            _one_of(SEXES, self._texts["sex"][place], self._where(place), NO_SEX)
            for place in places
        ]
        percent = self._number(PERCENT_COLUMN)
        return curves_of(
            self._table, {**self._texts, "sex": sexes}, {**self._numbers, PERCENT_COLUMN: percent}
        )

    def _row(self, place: int) -> NormRow:
        where = self._where(place)
        texts = {name: cells[place] for name, cells in self._texts.items()}
        numbers = {name: cells[place] for name, cells in self._numbers.items()}
        one = _parameter_of(texts["parameter"], where)
        row = NormRow(
            parameter=one.key,
            n=_people_of(numbers.pop("n"), where),
            sex=_one_of(SEXES, texts["sex"], where, NO_SEX),
            surface=_one_of(SURFACES, texts["surface"], where, NO_SURFACE),
            source=texts["source"],
            **numbers,
        )
        _check_people(row, where)
        _check_speeds(row, where)
        _check_values(row, one, where)
        if not row.source:
            raise InputError(
                f"{where}: names no source; say whose numbers these are, for example 'our lab, "
                "2025'."
            )
        return row


def _number_in(cell: str, commas: bool, where: str) -> float:
    """NaN of an empty cell. 99 is an age here, and no code for what is missing."""
    text = cell.replace(",", ".") if commas and is_decimal_comma(cell) else cell
    if text.lower() in MISSING_WORDS:
        return math.nan
    try:
        value = float(text.replace("_", "?"))
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise InputError(f"{where}: '{cell[:20]}' is no number; write it with digits.")
    return value


def _parameter_of(key: str, where: str) -> Parameter:
    one = find_parameter(key)
    if key in KEYS:
        raise InputError(
            f"{where}: {key} is a curve; give where in the gait cycle the row is, in a column "
            f"{PERCENT_COLUMN}."
        )
    known = [p.key for p in parameters() if p.of_scores is None]
    if one is None:
        raise InputError(f"{where}: there is no parameter '{key[:40]}'; use {', '.join(known)}.")
    if one.of_scores is not None:
        raise InputError(
            f"{where}: {key} is a score, which its own reference makes (simgait reference build); "
            "leave it out here."
        )
    return one


def _people_of(n: float, where: str) -> int:
    if not (n >= FEWEST_PEOPLE and n.is_integer()):
        raise InputError(
            f"{where}: n is {_shown(n)}; give how many people the row is of, {FEWEST_PEOPLE} or "
            "more."
        )
    return int(n)


def _one_of(known: Sequence[str], text: str, where: str, refusal: str) -> str:
    """A cell in small letters, "" where it is empty; `refusal` says of what it should be."""
    word = text.lower()
    if word and word not in known:
        raise InputError(f"{where}: '{text[:20]}' is no {refusal}.")
    return word


def _check_people(row: NormRow, where: str) -> None:
    ages = row.age_from_years, row.age_to_years
    if not (0.0 <= ages[0] < ages[1] <= AGE_YEARS.high + 1.0):
        raise InputError(
            f"{where}: ages from {_shown(ages[0])} to below {_shown(ages[1])} are no group's; give "
            "age_from_years and a greater age_to_years (21 and 38 for people of 21 to 37), as "
            "children are not compared with adults."
        )
    if math.isfinite(row.height_m) and row.height_m not in NORM_HEIGHT_M:
        raise InputError(
            f"{where}: a height of {row.height_m:g} m is none that gait is scaled to; give metres, "
            f"{NORM_HEIGHT_M}, or leave the cell empty."
        )


def _check_speeds(row: NormRow, where: str) -> None:
    ends = row.speed_from_mps, row.speed_to_mps
    if all(math.isnan(end) for end in ends):
        return
    possible = Limits(0.0, WALKING_SPEED_MPS.high)
    if not (ends[0] < ends[1] and all(end in possible for end in ends)):
        raise InputError(
            f"{where}: speeds from {_shown(ends[0])} to below {_shown(ends[1])} m/s are no band; "
            f"give speed_from_mps and a greater speed_to_mps, {possible} m/s, or leave both empty."
        )


def _check_values(row: NormRow, one: Parameter, where: str) -> None:
    if not (math.isfinite(row.mean) and math.isfinite(row.sd) and row.sd > 0.0):
        raise InputError(
            f"{where}: mean {_shown(row.mean)} and sd {_shown(row.sd)} are no norm; give both, and "
            "an sd above 0."
        )
    if one.plausible is not None and not one.plausible.holds(row.mean):
        raise InputError(
            f"{where}: nobody walks with a {one.key} of {row.mean:g} ({one.plausible.low:g} to "
            f"{one.plausible.high:g} {one.unit.symbol}); give it in {one.unit.symbol}."
        )
    if math.isfinite(row.height_m) and one.norm is None:
        raise InputError(
            f"{where}: simgait does not know how {one.key} goes with height; leave height_m empty."
        )


def _shown(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else "nothing"
