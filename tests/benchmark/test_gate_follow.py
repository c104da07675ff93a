"""The gate's other numbers: what follows the person, and what tells everybody the same."""

from __future__ import annotations

from dataclasses import replace

from simgait.benchmark.gate_cases import TRAINED_ON, UNSEEN
from simgait.benchmark.gate_follow import follow_lines, follow_rows_of_gate, follow_sections
from simgait.benchmark.truth_errors import SD_BY_MEASURED_FEET
from simgait.benchmark.walk_record import WalkRecord
from simgait.types import GaitEvent
from tests.benchmark.made_up import case, record

LANDED = (GaitEvent(0.5, "left", "initial_contact"),)
PHASES = ("stance_percent", "single_support_percent", "double_support_percent")


def walk(subject: str, true: float, found: float, *, measured: bool = True) -> WalkRecord:
    """A walk whose every number is made of one: percent, centimetre, degree."""
    own = case(subject, camera="0")
    if measured:
        own = replace(own, events=LANDED)

    def means(value: float) -> dict[str, dict[str, float] | float]:
        phases: dict[str, dict[str, float] | float] = dict.fromkeys(
            PHASES, {"left": value, "right": value}
        )
        steps = {"left": 0.01 * value, "right": 0.01 * (value - 1.0)}
        return phases | {"step_length_m": steps, "step_width_m": 0.002 * value}

    knees = {"left": [(true - 50.0, found - 48.0), (true, found), (true, found)]}
    return record(own, truth=means(true), estimate=means(found), knee_percentiles_deg=knees)


def rows_of(walks: list[WalkRecord], people: str = UNSEEN) -> dict[str, tuple[float, bool | None]]:
    """Name -> value, to a millionth, and whether the bar is met."""
    lines = follow_lines(people, "d", walks)
    return {r.name: (round(r.value, 6) + 0.0, r.met) for r in follow_rows_of_gate(lines)}


def test_telling_everybody_the_mean_meets_the_bias_and_no_slope() -> None:
    rows = rows_of([walk(name, true, 60.0) for name, true in zip("abc", (57, 60, 63), strict=True)])
    assert rows["stance bias, gate, d"] == (0.0, True)
    assert rows["stance slope on truth, gate, d"] == (0.0, False)
    assert rows["step length slope on truth, gate, d"] == (0.0, False)
    assert rows["knee, 5th percentile bias, gate, d"] == (2.0, True)


def test_following_with_an_offset_meets_the_slopes_alone() -> None:
    walks = [walk(name, true, true - 4.0) for name, true in zip("abc", (57, 60, 63), strict=True)]
    rows = rows_of(walks)
    for phase in ("stance", "single support", "double support"):
        assert rows[f"{phase} bias, gate, d"] == (-4.0, False)
        assert rows[f"{phase} slope on truth, gate, d"] == (1.0, True)
    assert rows["knee, 95th percentile bias, gate, d"] == (-4.0, False)
    assert not any("left less right" in name or "width" in name for name in rows)


def test_phases_need_contacts_that_were_measured() -> None:
    walks = [walk(n, t, t, measured=False) for n, t in zip("abc", (57, 60, 63), strict=True)]
    rows = rows_of(walks)
    assert rows["stance slope on truth, gate, d"][1] is False
    assert rows["step length slope on truth, gate, d"][1] is True


def test_people_who_were_trained_on_decide_nothing_and_are_shown() -> None:
    walks = [walk(name, true, true) for name, true in zip("abc", (57, 60, 63), strict=True)]
    assert rows_of(walks, TRAINED_ON) == {}
    lines = [*follow_lines(UNSEEN, "d", walks), *follow_lines(TRAINED_ON, "d", walks)]
    sections = follow_sections(lines)
    assert [heading for heading, _ in sections] == [
        "The gate: steps", "The gate: phases", "The gate: knees",
    ]  # fmt: skip
    for _, text in sections:
        assert text.count("\n") == 3
    reached = 1.0 - SD_BY_MEASURED_FEET["stance"] ** 2 / 9.0
    assert f"| unseen people | d | 3 | +0.0, 1.00 ({reached:.2f}), - |" in sections[1][1]
    assert "step length: bias cm, slope, within" in sections[0][1]
