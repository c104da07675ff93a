"""The walks of one visit of one person, read from a folder of results."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgait.certainty.pelvic_zero import without_zero
from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.summary_file import read_summary
from simgait.cohort.walk_record import RECORD, WalkRecord, finished_walks
from simgait.compare.csv_tables import CsvTable, read_csv
from simgait.compare.visit_change import GROWN_M
from simgait.compare.visit_walks import (
    Curves,
    JointPeak,
    KnownNorm,
    LeftOut,
    NumberFacts,
    Pooled,
    VisitWalks,
    WalkFacts,
    WalkNumbers,
)
from simgait.errors import InputError
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.limits import MASS_KG
from simgait.parameters.parameter import interval_columns
from simgait.parameters.tracked_verdict import DENIED, USE_NONE, TrackedVerdict, verdict_of
from simgait.plain_text import listed
from simgait.recordings.person_facts import PersonFacts
from simgait.report.trial.step_table import PEAKS
from simgait.report.trial.tables import MEAN_CURVES, NORMAL_RANGES, PARAMETERS
from simgait.report.words import FAILED, NOT_TRACKED
from simgait.text_files import read_facts

CURVE_POINTS = 101
_SHARED = ("policy_sha256", "code_sha256", "reference")
"""Facts of a request that all walks of a visit have alike."""


def read_visit(folder: Path, person: str | None = None) -> VisitWalks:
    """The walks of a folder that `simgait track` wrote.

    Args:
        folder: of the results.
        person: code of whose walks are meant; None where the folder holds one person's.

    Raises:
        InputError: it is no such folder, holds no walk of that person, walks of several people, of
            several policies, or a table in it is damaged.
    """
    finished = finished_walks(folder)
    _refuse_damaged(folder, finished)
    records = list(_of_person(finished, folder, person))
    facts = [_facts(folder / record.folder) for record in records]
    shared = {name: _shared(records, name, folder) for name in _SHARED}
    heights_m = [float(r.row["height_m"]) for r in records if r.row["height_m"]]
    dates = {record.row["recorded_on"] for record in records}
    not_tracked = [row for row in read_summary(folder).rows if row["verdict"] in NOT_TRACKED]
    return VisitWalks(
        folder.name,
        records[0].row["subject"],
        dates.pop() if len(dates) == 1 else "",
        frozenset(record.sha256 for record in records),
        policy_sha256=shared["policy_sha256"],
        code_sha256=shared["code_sha256"],
        reference_sha256=shared["reference"],
        height_m=_one_height_m(heights_m),
        height_is_stated=all(one.height_is_stated for one in facts),
        is_rescaled=any(one.is_rescaled for one in facts),
        formats=frozenset(one.format for one in facts),
        failed=sum(row["verdict"] == FAILED for row in not_tracked),
        walks=tuple(
            _walk(folder / record.folder, one, _about(record, one))
            for record, one in zip(records, facts, strict=True)
        ),
        left_out=tuple(
            LeftOut(row["trial"], row["verdict"], row["failure"] or row["reasons"])
            for row in not_tracked
        ),
        mass_kg=_one_mass_kg([one.mass_kg for one in facts]),
        points=points.pop() if len(points := {one.points for one in facts}) == 1 else "",
    )


def _refuse_damaged(folder: Path, records: Sequence[WalkRecord]) -> None:
    """Raises InputError where it is no folder of results, or a walk of it has lost its record."""
    if not folder.exists():
        raise InputError(f"{folder.name}: there is no such folder; check the path.")
    if not folder.is_dir():
        raise InputError(f"{folder.name}: is a file; name the folder of results.")
    if (folder / RESULT_MARK).exists():
        raise InputError(f"{folder.name}: is one walk; name the folder of results above it.")
    known = {record.folder for record in records}
    lost = sorted(mark.parent.name for mark in folder.glob(f"*/{RESULT_MARK}"))
    damaged = next((name for name in lost if name not in known), None)
    if damaged is not None:
        raise InputError(
            f"{folder.name}: {damaged} has lost its {RECORD}, or it is damaged; track it again."
        )
    if not records:
        raise InputError(
            f"{folder.name}: holds no walk that simgait track has finished; name a folder of "
            "results."
        )


MOST_NAMED = 5
"""Of several people whose walks are in one folder, in a sentence."""


def _of_person(
    records: Sequence[WalkRecord], folder: Path, person: str | None
) -> Iterator[WalkRecord]:
    """The records of one person.

    Raises:
        InputError: there are none, or it is not said whose are meant.
    """
    people = sorted({record.row["subject"] for record in records})
    if person is None and len(people) > 1:
        names = listed([name or "one whom nobody named" for name in people], MOST_NAMED)
        raise InputError(
            f"{folder.name}: holds walks of {len(people)} people ({names}); say whose with "
            "--person."
        )
    if person is not None and person not in people:
        raise InputError(
            f"{folder.name}: holds no walk of {person}; it has "
            f"{', '.join(filter(None, people)) or 'walks without a code'}."
        )
    yield from (r for r in records if person is None or r.row["subject"] == person)


def _shared(records: Sequence[WalkRecord], name: str, folder: Path) -> str:
    values = {str(record.request.get(name, "")) for record in records}
    if len(values) > 1:
        raise InputError(
            f"{folder.name}: its walks were tracked by several policies or versions of simgait, or "
            "scored against several references; track them again into one folder."
        )
    return values.pop()


def _about(record: WalkRecord, facts: _Facts) -> WalkFacts:
    request, height = record.request, record.row["height_m"]
    age_years = request.get("age_years")
    said = PersonFacts(
        None if age_years is None else float(age_years),
        request.get("sex"),
        tuple(request.get("aids") or ()),
        request.get("diagnosis"),
    )
    return WalkFacts(
        record.row["recorded_on"],
        float(height) if height else math.nan,
        said,
        tuple(map(str, request.get("visit", ()))),
        facts.verdict,
        facts.findings,
    )


def _walk(folder: Path, facts: _Facts, about: WalkFacts) -> WalkNumbers:
    where = f"{folder.name}/{PARAMETERS}"
    table = _table(folder / PARAMETERS, where)
    ends = [table.numbers(name).values for name in ("mean", *interval_columns("mean"))]
    means, lows, highs = ends
    keys, pools, levels = (table.text(name) for name in ("parameter", "side", "level"))
    counts, references = _counts(table), _texts(table, "reference")
    numbers: dict[Pooled, tuple[float, float]] = {}
    known: dict[Pooled, NumberFacts] = {}
    denied = set()
    for row, (key, pool, level) in enumerate(zip(keys, pools, levels, strict=True)):
        if level == "do_not_use":
            denied.add((key, pool))
        elif np.isfinite(means[row]):
            numbers[key, pool] = float(means[row]), float(0.5 * (highs[row] - lows[row]))
            known[key, pool] = NumberFacts(level, counts[row], references[row])
    curves = _curves(folder)
    norms, no_norms = _norms(folder)
    return WalkNumbers(
        folder.name, numbers, frozenset(denied),
        {name: curve for name, curve in curves.items() if name not in facts.denied},
        norms, known, no_norms, about,
        {
            name: (curves[name][0], without_zero(curves[name][1], zero))
            for name, zero in facts.zeros.items()
            if name in curves
        },
        _peaks(folder),
    )  # fmt: skip


def _peaks(folder: Path) -> dict[Pooled, JointPeak]:
    """A walk's joint measures; none where an older simgait wrote no table, or no intervals."""
    if not (folder / PEAKS).is_file():
        return {}
    where = f"{folder.name}/{PEAKS}"
    table = read_csv(folder / PEAKS, where)
    if not set(interval_columns("mean_deg")) <= set(table.columns):
        return {}
    names, sides, levels = (table.text(column) for column in ("peak", "side", "level"))
    means, lows, highs = (
        table.numbers(name).values for name in ("mean_deg", *interval_columns("mean_deg"))
    )
    return {
        (names[row], sides[row]): JointPeak(float(mean), float(half), levels[row] != DENIED)
        for row, (mean, half) in enumerate(zip(means, 0.5 * (highs - lows), strict=True))
        if names[row] in JOINT_MEASURES and np.isfinite(mean)
    }


def _texts(table: CsvTable, name: str) -> Sequence[str]:
    """A column; empty texts where an older table lacks it."""
    return table.text(name) if name in table.columns else [""] * len(table.text("parameter"))


def _counts(table: CsvTable) -> list[int]:
    """Values behind each number; 0 where it is not known."""
    return [int(text) if text.isdecimal() else 0 for text in _texts(table, "n")]


def _norms(folder: Path) -> tuple[dict[str, KnownNorm], dict[str, str]]:
    """Parameter -> range that the walk was compared with, and parameter -> why with none.

    Both are empty of a walk without the table.
    """
    if not (folder / NORMAL_RANGES).is_file():
        return {}, {}
    where = f"{folder.name}/{NORMAL_RANGES}"
    table = read_csv(folder / NORMAL_RANGES, where)
    if not {"parameter", "whose", "compared", "low", "high"} <= set(table.columns):
        raise InputError(f"{where}: lacks columns that simgait wrote; track the walk again.")
    texts = zip(*(table.text(name) for name in ("parameter", "whose", "compared")), strict=True)
    ends = zip(*(table.numbers(name).values for name in ("low", "high")), strict=True)
    licences = (f" ({text})" if text else "" for text in _texts(table, "licence"))
    sources = map("".join, zip(_texts(table, "source"), licences, strict=True))
    known: dict[str, KnownNorm] = {}
    why_not: dict[str, str] = {}
    rows = zip(texts, ends, sources, _texts(table, "why_not"), strict=True)
    for (key, whose, compared), (low, high), source, reason in rows:
        if compared == "yes":
            known[key] = KnownNorm(float(low), float(high), whose, source)
        elif reason:
            why_not[key] = reason
    return known, why_not


def _table(path: Path, where: str, *, may_be_empty: bool = False) -> CsvTable:
    if not path.is_file():
        raise InputError(f"{where}: is not there; track the walk again.")
    return read_csv(path, where, may_be_empty=may_be_empty)


def _curves(folder: Path) -> Curves:
    """All of a walk, those that are denied among them."""
    where = f"{folder.name}/{MEAN_CURVES}"
    # A walk without a full gait cycle has a heading alone.
    table = _table(folder / MEAN_CURVES, where, may_be_empty=True)
    low, high = interval_columns("mean_deg")
    means, lows, highs = (table.numbers(name).values for name in ("mean_deg", low, high))
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(table.text("curve")):
        rows.setdefault(name, []).append(row)
    short = next((name for name, own in rows.items() if len(own) != CURVE_POINTS), None)
    if short is not None:
        raise InputError(
            f"{where}: {short} has {len(rows[short])} of {CURVE_POINTS} points; track the walk "
            "again."
        )
    return {
        name: (means[own], float(0.5 * (highs[own[0]] - lows[own[0]])))
        for name, own in rows.items()
    }


@dataclass(frozen=True)
class _Facts:
    """From a walk's provenance.

    Attributes:
        format: of its file.
        denied: names of denied curves without their unit.
        zeros: name of a curve, so too, that may be used where its unknown zero cancels -> the half
            width of that.
        points: how a detector's points are defined; "" where that is not known.
        height_is_stated: somebody gave the person's height; False of versions that did not say.
        is_rescaled: its positions were scaled to that height; True where it is not known.
        verdict: level of the walk.
        findings: code and sentence of each, the gravest first.
        mass_kg: that the user said; NaN where only the file or the simulated body has one.
    """

    format: str
    denied: frozenset[str]
    zeros: Mapping[str, float]
    points: str
    height_is_stated: bool
    is_rescaled: bool
    verdict: str
    findings: tuple[tuple[str, str], ...]
    mass_kg: float


def _facts(folder: Path) -> _Facts:
    facts = read_facts(folder / RESULT_MARK, f"{folder.name}/{RESULT_MARK}")
    verdict = verdict_of(facts, folder.name)
    try:
        file_format = str(facts["input"]["format"])
        is_stated = facts["input"].get("height_estimated") is False
        points = str(facts["input"].get("points", ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder.name}: its {RESULT_MARK} has no input; track the walk again."
        ) from error
    denied = (name.removesuffix("_deg") for name in verdict.denied(verdict.levels))
    quality = facts.get("quality")
    scale = quality.get("keypoint_scale") if isinstance(quality, dict) else None
    return _Facts(
        file_format, frozenset(denied), _zeros(verdict), points, is_stated, scale != 1.0,
        verdict.level,
        tuple((str(one["code"]), str(one["sentence"])) for one in facts.get("findings", ())),
        _said_mass_kg(facts),
    )  # fmt: skip


def _zeros(verdict: TrackedVerdict) -> dict[str, float]:
    """Curve, without its unit, that may be used where its zero cancels -> half-width of that."""
    if verdict.level == USE_NONE:
        return {}
    return {
        name.removesuffix("_deg"): zero
        for name, (zero, level) in verdict.zeros.items()
        if level != DENIED
    }


def _said_mass_kg(facts: Mapping[str, Any]) -> float:
    """Of the reader's options, which hold what was said and nothing else."""
    config = facts.get("config")
    reader = config.get("reader") if isinstance(config, dict) else None
    said = reader.get("mass_kg") if isinstance(reader, dict) else None
    return float(said) if isinstance(said, int | float) and said in MASS_KG else math.nan


def _one_mass_kg(masses_kg: Sequence[float]) -> float:
    """The person's mass, where it was said of every walk and always the same."""
    return masses_kg[0] if len(set(masses_kg)) == 1 else math.nan


def _one_height_m(heights_m: list[float]) -> float:
    """The person's height; walks whose legs it was estimated from differ by a little."""
    if not heights_m or max(heights_m) - min(heights_m) > GROWN_M:
        return math.nan
    return statistics.median(heights_m)
