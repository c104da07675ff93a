"""Norms of the healthy people of a reference: what their own tracked walks make of a gait."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.stride_tables import PERSON_COLUMNS, scored_files
from simgait.compare.csv_tables import read_csv
from simgait.errors import InputError
from simgait.gait.score_reference import FEWEST_PEOPLE
from simgait.limits import AGE_YEARS, NORM_HEIGHT_M
from simgait.parameters.catalogue import find_parameter
from simgait.parameters.norm_rows import NormRow, sorting_key
from simgait.parameters.norms import REFERENCE_HEIGHT_M, scaled
from simgait.parameters.tracked_verdict import DENIED
from simgait.report.trial.tables import PARAMETERS, SCORED_CURVES
from simgait.text_files import read_facts

Values = dict[str, dict[str, list[float]]]
"""Parameter -> person -> value of each walk."""


def norms_of_people(
    paths: Sequence[Path], ages_years: tuple[float, float], name: str
) -> tuple[NormRow, ...]:
    """A row for each parameter that ten of these people have; numbers not to be used are left out.

    Each person counts once, with the mean over the walks, as somebody of 1.70 m.

    Args:
        paths: folders of results of `simgait track`.
        ages_years: of the youngest and of the oldest.
        name: of the reference, the rows' source.

    Raises:
        InputError: the ages are nobody's, a source is none of tracked walks, or lacks its height.
    """
    youngest, oldest = ages_years
    if not (youngest in AGE_YEARS and oldest in AGE_YEARS and youngest <= oldest):
        raise InputError(
            f"--ages: {youngest:g} to {oldest:g} years are no group's; give the age of the "
            f"youngest and of the oldest person, {AGE_YEARS}."
        )
    values: Values = {}
    for path in paths:
        for file in scored_files(path):
            _add_walk(file, values)
    rows = (
        _row(key, [float(np.mean(walks)) for walks in people.values()], (youngest, oldest), name)
        for key, people in values.items()
        if len(people) >= FEWEST_PEOPLE
    )
    return tuple(sorted((row for row in rows if row.sd > 0.0), key=sorting_key))


def _row(key: str, people: Sequence[float], ages: tuple[float, float], name: str) -> NormRow:
    return NormRow(
        parameter=key,
        age_from_years=ages[0],
        age_to_years=float(np.floor(ages[1])) + 1.0,
        mean=float(np.mean(people)),
        sd=float(np.std(people, ddof=1)),
        n=len(people),
        source=name,
        height_m=REFERENCE_HEIGHT_M,
    )


def _add_walk(file: Path, values: Values) -> None:
    folder = file.parent
    if file.name != SCORED_CURVES or not (folder / RESULT_MARK).is_file():
        raise InputError(
            f"{file.name}: --ages makes norms of walks that simgait tracked, and this is none; "
            "leave --ages out, or give results of simgait track."
        )
    facts = read_facts(folder / RESULT_MARK, f"{folder.name}/{RESULT_MARK}")
    config = facts.get("config")
    height_m = config.get("height_m") if isinstance(config, dict) else None
    if not isinstance(height_m, float) or height_m not in NORM_HEIGHT_M:
        raise InputError(
            f"{folder.name}: its {RESULT_MARK} names no height of {NORM_HEIGHT_M} m; track the "
            "walk again."
        )
    curves, table = read_csv(file), read_csv(folder / PARAMETERS)
    person = curves.text(curves.named(PERSON_COLUMNS) or curves.columns[0])[0]
    cells = (table.text(name) for name in ("parameter", "side", "level"))
    for key, side, level, mean in zip(*cells, table.numbers("mean").values, strict=True):
        one = find_parameter(key)
        # A score is compared with these people as it is; where no norm is known, nobody knows how
        # the number goes with height.
        if one is None or one.norm is None or one.of_scores is not None:
            continue
        if side == "both" and level != DENIED and np.isfinite(mean):
            value = scaled(float(mean), one.norm.scaling, height_m, REFERENCE_HEIGHT_M)
            values.setdefault(key, {}).setdefault(person, []).append(value)
