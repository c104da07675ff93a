"""The columns of a study's tables, each said once: name, kind, unit and definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.parameters.catalogue import both_key, definitions, parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import Parameter, Pool, interval_columns
from simgait.parameters.units import DEGREE
from simgait.skeleton.sides import SIDES

Kind = Literal["text", "number", "count", "curve"]
"""What a cell holds; a curve is 101 numbers, one for each percent of the gait cycle."""
DONE, NOT_USABLE, FAILED = "done", "not usable", "failed"
OUTCOMES = (DONE, NOT_USABLE, FAILED)
NUMBERS = {"age_years": "years"}
"""Columns of the manifest that are carried along as numbers -> their unit; others stay text, as
codes may look like numbers."""


@dataclass(frozen=True)
class TableColumn:
    """One column.

    Attributes:
        unit: as a person reads it, "" for none.
        definition: one or two sentences.
    """

    name: str
    kind: Kind
    definition: str
    unit: str = ""


KEY = TableColumn(
    "key", "text",
    "Hash of what the numbers rest on: the recording's content, what is said of it, policy, "
    "simgait, and the healthy people of --reference and --norms. Equal keys, equal numbers.",
)  # fmt: skip
TRIAL = TableColumn("trial", "text", "Code of the recording, as in the manifest.")
WALK = TableColumn("walk", "count", "Number of the straight walk in its recording, from 1.")
CODES = (
    TableColumn("person", "text", "Code of who walks, as in the manifest."),
    TableColumn("visit", "text", "As in the manifest."),
    TableColumn("condition", "text", "As in the manifest."),
)
OUTCOME = (
    TableColumn("walks", "count", "Straight walks in the recording."),
    TableColumn(
        "outcome", "text",
        "done: some numbers may be used. not usable: the recording was read, but no number of it "
        "may be used, or nobody walks in it. failed: it could not be read or tracked.",
    ),
    TableColumn("reason", "text", "Why it is not usable or failed; of what is done, its doubts."),
)  # fmt: skip
JUDGED = (
    TableColumn("do_not_use", "text", "Names of the numbers that are not to be used."),
    TableColumn("rough", "text", "Names of the numbers that are rough."),
    TableColumn("single", "text", "Names of the numbers of one cycle or step only."),
)
FACTS = (
    TableColumn("duration_s", "number", "Of the walk.", "s"),
    TableColumn("height_m", "number", "Of the person, as it was tracked with.", "m"),
    TableColumn("left_cycles", "count", "Gait cycles of the left side."),
    TableColumn("right_cycles", "count", "Gait cycles of the right side."),
    TableColumn("fell", "count", "1 where the simulated body fell, else 0."),
    TableColumn(
        "residual_force_percent_bw", "number",
        "RMS of the force that helps the simulated body from outside.", "% of body weight",
    ),
    TableColumn("score_reference", "text", "Healthy people whom GDI and GPS were made with."),
)  # fmt: skip
CYCLE = (
    TableColumn("side", "text", "left or right."),
    TableColumn("cycle", "count", "Number of the gait cycle of its side, from 1."),
)
TIMES = (
    TableColumn("start_s", "number", "Initial contact, on the walk's clock.", "s"),
    TableColumn("end_s", "number", "Next initial contact of the same foot.", "s"),
    TableColumn("foot_off_s", "number", "Foot off of the same foot.", "s"),
    TableColumn("opposite_foot_off_s", "number", "Foot off of the other foot.", "s"),
    TableColumn("opposite_contact_s", "number", "Initial contact of the other foot.", "s"),
)
CURVE = (
    TableColumn("curve", "text", "Which joint angle: " + ", ".join(c.key for c in CURVES) + "."),
    TableColumn(
        "value_deg", "curve",
        "The angle at 0, 1, ... 100 % of the gait cycle, in clinical (Plug-in Gait) signs.", "°",
    ),
    TableColumn(
        "half_width_deg", "number",
        "Half of the 90 % band about the mean over the cycles of this side.", "°",
    ),
)  # fmt: skip


def measured_columns() -> tuple[TableColumn, ...]:
    """A walk's parameters of the catalogue, each side and both, with the ends of its interval."""
    return tuple(
        column for one in parameters() for pool in one.pools for column in _of_parameter(one, pool)
    )


def _of_parameter(one: Parameter, pool: Pool) -> tuple[TableColumn, ...]:
    of = "" if pool == "both" else f" Of the {pool} side."
    ends = one.interval_columns(pool)
    return _with_ends(one.summary_column(pool), _definition(one, pool) + of, ends, one.unit.symbol)


def _with_ends(
    name: str, definition: str, ends: tuple[str, str], unit: str
) -> tuple[TableColumn, ...]:
    """A number, and the ends of its interval."""
    low, high = ends
    end = "end of the 90 % interval of"
    return (
        TableColumn(name, "number", definition, unit),
        TableColumn(low, "number", f"Lower {end} {name}.", unit),
        TableColumn(high, "number", f"Upper {end} {name}.", unit),
    )


def joint_columns() -> tuple[TableColumn, ...]:
    """A walk's peaks and ranges of hip, knee and ankle, as its report's table has them."""
    return tuple(
        column
        for name, one in JOINT_MEASURES.items()
        for side in SIDES
        for column in (
            *_with_ends(
                f"{side}_{name}", f"{one.definition} Mean over the cycles of the {side} side.",
                interval_columns(f"{side}_{name}"), DEGREE.symbol,
            ),
            TableColumn(
                f"{side}_{name}_sd", "number",
                f"SD of {side}_{name} between these {side}_cycles (n - 1).", DEGREE.symbol,
            ),
        )
    )  # fmt: skip


def _definition(one: Parameter, pool: Pool) -> str:
    """Its definition without the points that only a walk knows ("heel")."""
    texts = definitions()
    text = texts.get(both_key(one.key), texts[one.key]) if pool == "both" else texts[one.key]
    return text.replace("{heel}", "heel").replace("{toe}", "toe")


def cycle_parameters() -> tuple[Parameter, ...]:
    """Those that every gait cycle has."""
    return tuple(one for one in parameters() if one.of_step is None)


def part_columns() -> dict[str, tuple[TableColumn, ...]]:
    """Table -> what is known of a recording without its manifest."""
    of_cycle = tuple(
        TableColumn(one.key, "number", _definition(one, "left"), one.unit.symbol)
        for one in cycle_parameters()
    ) + tuple(
        TableColumn(name, "number", one.definition, DEGREE.symbol)
        for name, one in JOINT_MEASURES.items()
    )
    return {
        "trials": (KEY, WALK, *OUTCOME, *JUDGED, *FACTS, *measured_columns(), *joint_columns()),
        "cycles": (KEY, WALK, *CYCLE, *TIMES, *of_cycle),
        "curves": (KEY, WALK, *CYCLE, *CURVE),
    }


def study_columns(
    own: Sequence[str] = (), truth: Sequence[str] = (), of_people: Sequence[str] = ()
) -> dict[str, tuple[TableColumn, ...]]:
    """Table -> its columns, with those of the manifest.

    Args:
        own: columns of the manifest that simgait does not know.
        truth: columns of a truth, without `truth_`.
        of_people: those of `own` that persons.parquet has too.
    """
    parts = part_columns()
    known = tuple(
        TableColumn(f"truth_{name}", "number", f"What the manifest says of {name}.")
        for name in truth
    )
    report = TableColumn("report", "text", "Page of the walk, where reports were asked for.")
    rest = {name: columns[1:] for name, columns in parts.items()}
    return {
        "trials": (TRIAL, *CODES, *rest["trials"], *known, *map(own_column, own), report, KEY),
        "cycles": (TRIAL, *CODES, *rest["cycles"]),
        "curves": (TRIAL, *CODES, *rest["curves"]),
        "persons": (*CODES, *map(own_column, of_people), *PERSON, *person_columns()),
    }


def own_column(name: str) -> TableColumn:
    """A column that the manifest has and the tables carry along."""
    unit = NUMBERS.get(name)
    return TableColumn(name, "text" if unit is None else "number", "From the manifest.", unit or "")


PERSON = (
    TableColumn("recordings", "count", "Lines of the manifest."),
    TableColumn("done", "count", "Of these, recordings with a number that may be used."),
    TableColumn("walks", "count", "Straight walks with a number that may be used."),
)


def person_columns() -> tuple[TableColumn, ...]:
    """Means over the walks of a person, visit and condition; what is not to be used left out."""
    return tuple(
        column
        for name, unit in averaged().items()
        for column in (
            TableColumn(name, "number", f"Mean of {name} over the walks that show it.", unit),
            TableColumn(f"{name}_n", "count", f"Walks in the mean of {name}."),
            TableColumn(f"{name}_sd", "number", "SD between these walks (n - 1).", unit),
        )
    )


def averaged() -> dict[str, str]:
    """Column of trials.parquet that people have a mean of -> its unit."""
    of_parameters = {
        one.summary_column(pool): one.unit.symbol for one in parameters() for pool in one.pools
    }
    joints = {f"{side}_{name}": DEGREE.symbol for name in JOINT_MEASURES for side in SIDES}
    return of_parameters | joints
