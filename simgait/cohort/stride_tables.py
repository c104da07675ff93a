"""Strides to be scored, from what people have: a table, a C3D file with model angles, results.

A table has one row for each point of a gait cycle: `side`, `percent` (0 to 100 in 51 or 101 steps),
a column for each angle (`knee_flexion_deg`), `person` and `cycle` where there are several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np
from jaxtyping import Float

from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.walk_judgement import Judged, walk_judgement
from simgait.compare.csv_tables import CsvTable, read_csv
from simgait.errors import InputError
from simgait.gait.curves import normalise
from simgait.gait.cycles import gait_cycles
from simgait.gait.known_scores import BY_SIMGAIT, pipeline_of_policy
from simgait.gait.plausible_curves import check_plausible, implausible_curves, unusual_tilt
from simgait.gait.scores import SAGITTAL_ANGLES, SCORE_POINTS, SCORED_ANGLES, check_curves
from simgait.parameters.tracked_verdict import verdict_of
from simgait.parameters.wording import counted
from simgait.recordings.formats.c3d import parse_c3d
from simgait.recordings.markers.model_angles import PLUG_IN_GAIT, model_angles
from simgait.recordings.read import read_recording
from simgait.recordings.readers import choose_reader
from simgait.report.trial.tables import MADE_BY, PARAMETERS, SCORED_CURVES
from simgait.skeleton.sides import SIDES, Side
from simgait.text_files import read_facts
from simgait.trials.event_check import doubt_events, moved_events
from simgait.trials.preparation import prepare

PERSON_COLUMNS = ("person", "subject", "subject_id")
CYCLE_COLUMNS = ("cycle", "stride")
_TABLES = (".csv", ".tsv", ".txt")
"""Endings of tables of angles, which recordings may have too."""
_TRACK_FIRST = "run simgait track on it first, and name the folder of its results here"


@dataclass(frozen=True)
class StrideTable:
    """Strides of one file.

    Attributes:
        source: the file, for sentences.
        angles: names of the columns: the nine, or the sagittal ones where there are only these.
        curves_deg: of every stride without gaps.
        people: who walked each; "" where the file does not say.
        sides: of each.
        cycles: number of each, as the file has it.
        notes: on what was left out.
        pipeline: what made the angles; "" where the file does not say.
        judged: side or "both" -> what a tracked walk's own report says of its scores.
    """

    source: str
    angles: tuple[str, ...]
    curves_deg: Float[np.ndarray, "S A 51"]
    people: tuple[str, ...]
    sides: tuple[Side, ...]
    cycles: tuple[str, ...]
    notes: tuple[str, ...] = ()
    pipeline: str = ""
    judged: Mapping[str, Judged] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether all nine angles are there."""
        return self.angles == SCORED_ANGLES


def scored_files(path: Path) -> list[Path]:
    """What `read_strides` takes: the file, or the walks or C3D files that a folder holds.

    Raises:
        InputError: a folder holds none.
    """
    if not path.is_dir():
        return [path]
    inside = (path, *path.iterdir())
    found = sorted(one / SCORED_CURVES for one in inside if (one / SCORED_CURVES).is_file())
    found = found or sorted(one for one in inside if one.suffix.lower() == ".c3d")
    if not found:
        raise InputError(
            f"{path.name}: holds no walk with {SCORED_CURVES} and no C3D file; name a folder of "
            "results of simgait track, C3D files, or tables."
        )
    return found


def _of_results(folder: Path) -> StrideTable:
    facts = read_facts(folder / RESULT_MARK, f"{folder.name}/{RESULT_MARK}")
    policy = facts.get("policy")
    if not isinstance(policy, dict) or not isinstance(policy.get("sha256"), str):
        raise InputError(f"{folder.name}: its {RESULT_MARK} names no policy; track the walk again.")
    shown = f"{folder.name}/{SCORED_CURVES}"
    strides = read_csv(folder / SCORED_CURVES, shown, may_be_empty=True)
    if not strides.rows:
        raise InputError(f"{folder.name}: holds no full gait cycle; leave this walk out.")
    table = _of_table(strides)
    pipeline = pipeline_of_policy(policy["sha256"])
    if table.pipeline not in ("", pipeline):
        raise InputError(
            f"{folder.name}: {SCORED_CURVES} and {RESULT_MARK} are of different policies; track "
            "the walk again."
        )
    verdict, parameters = verdict_of(facts, folder.name), folder / PARAMETERS
    judged = walk_judgement(verdict, read_csv(parameters) if parameters.is_file() else None)
    return replace(table, source=folder.name, pipeline=pipeline, judged=judged)


def read_strides(path: Path) -> StrideTable:
    """The strides of a CSV table, of a tracked walk's, or of a C3D file's own model.

    Raises:
        InputError: it cannot be read, names no side, lacks angles, is not in degrees, or its angles
            are no walking person's.
    """
    if path.suffix.lower() == ".c3d":
        found = _of_c3d(path)
    elif path.name == SCORED_CURVES and (path.parent / RESULT_MARK).is_file():
        found = _of_results(path.parent)
    elif path.suffix.lower() not in _TABLES and path.is_file() and choose_reader(path) is not None:
        raise InputError(f"{path.name}: is a recording, which holds no angles; {_TRACK_FIRST}.")
    else:
        found = _of_table(read_csv(path))
        found = replace(found, notes=(*found.notes, *_unjudged(found)))
    if found.is_whole and len(found.curves_deg):
        check_curves(found.curves_deg, found.source)
    whole = _without_gaps(found)
    leg_notes = _check_legs(whole)
    return replace(whole, notes=(*whole.notes, *leg_notes, *_missing_sides(whole)))


def _unjudged(table: StrideTable) -> Iterator[str]:
    """A note on angles of simgait that were taken out of their walk's folder."""
    if table.pipeline:
        yield (
            f"{table.source}: stands without the {RESULT_MARK} of its walk, so that nobody knows "
            "whether its angles may be used."
        )


def _check_legs(table: StrideTable) -> list[str]:
    """Notes on legs whose mean curves are rare.

    Raises:
        InputError: they are no walking person's.
    """
    notes: list[str] = []
    legs: dict[tuple[str, Side], list[int]] = {}
    for row, leg in enumerate(zip(table.people, table.sides, strict=True)):
        legs.setdefault(leg, []).append(row)
    for (person, side), rows in legs.items():
        where = f"{table.source}: {person + ', ' if person else ''}{side}"
        curves_deg = table.curves_deg[rows].mean(axis=0)
        is_own = table.pipeline.startswith(BY_SIMGAIT)
        odd = implausible_curves(curves_deg, table.angles) if is_own else None
        if odd is not None:
            raise InputError(
                f"{table.source}: its curves are no walking person's ({odd.what}), though simgait "
                "made them: look at what the walk's report says of it, and leave it out."
            )
        # Of simgait's own angles the signs are known.
        if not is_own:
            check_plausible(curves_deg, table.angles, where)
            notes += unusual_tilt(curves_deg[table.angles.index("pelvis_tilt")], where)
    return notes


def _missing_sides(table: StrideTable) -> Iterator[str]:
    """A note on everybody of whom one side alone is there."""
    for person in dict.fromkeys(table.people):
        sides = {side for who, side in zip(table.people, table.sides, strict=True) if who == person}
        if len(sides) < len(SIDES):
            who = f" of {person}" if person else ""
            yield f"{table.source}: strides{who} of the {min(sides)} side only; no score of both."


def _without_gaps(table: StrideTable) -> StrideTable:
    """The strides without gaps, and a note on the others.

    Raises:
        InputError: none is left.
    """
    whole = np.isfinite(table.curves_deg).all(axis=(1, 2))
    lost = int((~whole).sum())
    if not whole.any():
        raise InputError(
            f"{table.source}: none of its {counted(len(whole), 'stride')} is without gaps; fill "
            "them, or give another."
        )
    if not lost:
        return table
    note = f"{table.source}: {lost} of {counted(len(whole), 'stride')} left out, for gaps."
    keep = np.flatnonzero(whole)
    return replace(
        table,
        curves_deg=table.curves_deg[keep],
        people=tuple(table.people[i] for i in keep),
        sides=tuple(table.sides[i] for i in keep),
        cycles=tuple(table.cycles[i] for i in keep),
        notes=(*table.notes, note),
    )


def _angles_among(names: Sequence[str], where: str, called: Mapping[str, str]) -> tuple[str, ...]:
    """All nine, or the sagittal ones where there is no other; `called` what a file calls each.

    Raises:
        InputError: some are missing.
    """
    if set(SCORED_ANGLES) <= set(names):
        return SCORED_ANGLES
    if set(names) == set(SAGITTAL_ANGLES):
        return SAGITTAL_ANGLES
    missing = ", ".join(called[name] for name in SCORED_ANGLES if name not in names)
    raise InputError(
        f"{where}: {missing} missing; the scores need all nine angles, and a score of fewer is "
        "another number (of pelvic tilt and hip, knee and ankle flexion alone there is a sagittal "
        "GPS)."
    )


def _of_c3d(path: Path) -> StrideTable:
    trial = parse_c3d(path)
    courses = model_angles(trial.points)
    with_angles = [side for side in SIDES if courses[side]]
    if not with_angles:
        raise InputError(
            f"{path.name}: holds no angles of a model (LKneeAngles, ...); {_TRACK_FIRST}."
        )
    cycles, _ = gait_cycles(trial.events)
    chosen = [cycle for cycle in cycles if cycle.side in with_angles]
    if not chosen:
        raise InputError(
            f"{path.name}: its foot events make no gait cycle; add foot strikes to the file."
        )
    _check_events(path)
    angles = _angles_of_model(courses, {cycle.side for cycle in chosen}, path.name)
    curves = [
        normalise(
            trial.time_s,
            np.stack([courses[cycle.side][name] for name in angles], axis=1),
            cycle,
            SCORE_POINTS,
        ).T
        for cycle in chosen
    ]
    person = trial.subject_id or path.stem
    sides = [cycle.side for cycle in chosen]
    return StrideTable(
        source=path.name,
        angles=angles,
        curves_deg=np.stack(curves),
        people=(person,) * len(chosen),
        sides=tuple(sides),
        cycles=tuple(str(1 + sides[:i].count(side)) for i, side in enumerate(sides)),
    )


def _check_events(path: Path) -> None:
    """Refuses foot events that the file's own markers deny; a file without markers has no witness.

    Raises:
        InputError: they do.
    """
    try:
        recording = read_recording(path)
        trials = prepare(recording)
    except InputError:
        return
    for trial in trials:
        moved = [
            replace(event, time_s=event.time_s + trial.start_s) for event in moved_events(trial)
        ]
        doubt = doubt_events(recording.events, moved)
        if doubt is not None:
            raise InputError(f"{path.name}: {doubt.found}. Correct them in the file.")


def _angles_of_model(
    courses: Mapping[Side, Mapping[str, Float[np.ndarray, " T"]]], sides: Set[Side], where: str
) -> tuple[str, ...]:
    """The angles that every side has; raises InputError as `_angles_among`."""
    common = [name for name in SCORED_ANGLES if all(name in courses[side] for side in sides)]
    called = {name: f"L{output} or R{output}" for name, (output, _) in PLUG_IN_GAIT.items()}
    return _angles_among(common, where, called)


def _of_table(table: CsvTable) -> StrideTable:
    side_column, percent_column = table.named(["side"]), table.named(["percent"])
    if side_column is None or percent_column is None:
        lacking = "side" if side_column is None else "percent"
        raise InputError(
            f"{table.file}: has no column {lacking}; give side (left, right), percent (0 to 100) "
            "and a column for each angle (knee_flexion_deg). If it holds markers or keypoints, "
            f"{_TRACK_FIRST}."
        )
    angles = _angle_columns(table)
    n_rows = len(table.rows)
    person_column, cycle_column = table.named(PERSON_COLUMNS), table.named(CYCLE_COLUMNS)
    people = table.text(person_column) if person_column else [""] * n_rows
    cycles = table.text(cycle_column) if cycle_column else ["1"] * n_rows
    sides = [_side(cell, table, row) for row, cell in enumerate(table.text(side_column))]
    rows: dict[tuple[str, Side, str], list[int]] = {}
    for row, stride in enumerate(zip(people, sides, cycles, strict=True)):
        rows.setdefault(stride, []).append(row)
    percent = table.numbers(percent_column).values
    values = np.stack([table.numbers(f"{name}_deg").values for name in angles], axis=1)
    curves = [
        _on_points(percent[own], values[own], f"{table.file}: {_named(stride)}")
        for stride, own in rows.items()
    ]
    return StrideTable(
        source=table.file,
        angles=angles,
        curves_deg=np.stack(curves),
        pipeline=_made_by(table),
        people=tuple(person for person, _, _ in rows),
        sides=tuple(side for _, side, _ in rows),
        cycles=tuple(cycle for _, _, cycle in rows),
        notes=table.notes,
    )


def _made_by(table: CsvTable) -> str:
    """What made the angles; "" where the table does not say.

    Raises:
        InputError: different things did.
    """
    column = table.named([MADE_BY])
    named = sorted(set(table.text(column))) if column else [""]
    if len(named) > 1:
        raise InputError(
            f"{table.file}: its angles were made by {named[0] or 'something else'} and by "
            f"{named[1]}; their offsets differ, so make a table of each."
        )
    return named[0]


def _angle_columns(table: CsvTable) -> tuple[str, ...]:
    in_radians = [name for name in SCORED_ANGLES if f"{name}_rad" in table.columns]
    if in_radians:
        raise InputError(
            f"{table.file}: {in_radians[0]}_rad is in radians; give degrees ({in_radians[0]}_deg)."
        )
    names = [name for name in SCORED_ANGLES if f"{name}_deg" in table.columns]
    return _angles_among(names, table.file, {name: f"{name}_deg" for name in SCORED_ANGLES})


def _side(cell: str, table: CsvTable, row: int) -> Side:
    if cell.lower() in SIDES:
        return cast(Side, cell.lower())
    raise InputError(
        f"{table.file}: line {table.lines[row]} has the side '{cell[:20]}'; write left or right."
    )


def _named(stride: tuple[str, Side, str]) -> str:
    person, side, cycle = stride
    return f"{person + ', ' if person else ''}{side} cycle {cycle}"


def _on_points(
    percent: Float[np.ndarray, " P"], values: Float[np.ndarray, "P A"], where: str
) -> Float[np.ndarray, "A 51"]:
    """A stride's rows in order, on 51 points.

    Raises:
        InputError: they are not 51 or 101 equal steps from 0 to 100.
    """
    order = np.argsort(percent, kind="stable")
    for points in (SCORE_POINTS, 2 * SCORE_POINTS - 1):
        wanted = np.linspace(0.0, 100.0, points)
        if len(percent) == points and np.allclose(percent[order], wanted, atol=1e-3):
            return np.ascontiguousarray(values[order][:: (points - 1) // (SCORE_POINTS - 1)].T)
    if len(percent) > 1 and percent.max() == 1.0:
        raise InputError(f"{where}: percent runs from 0 to 1; write 0 to 100.")
    raise InputError(
        f"{where} has {len(percent)} points; the scores need 51 (0, 2, ... 100 %) or 101 "
        "(0, 1, ... 100 %)."
    )
