"""The net itself: what it must catch it catches and says where; what it may let through it does."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import pytest

from simgait.benchmark.same_numbers import ENDINGS, kind_of
from tests.golden import walks
from tests.golden.compare import compare, message
from tests.golden.tables import Quantities, read_pinned, read_results, write_pinned
from tests.golden.walks import REAL, SYNTHETIC

WALK = "hemiparetic"
# One quantity of each kind, and of each table.
PROBES = [
    "parameters/step_length_m/left/mean",
    "parameters/velocity_mps/both/mean",
    "parameters/cadence_spm/right/sd",
    "parameters/stance_percent/left/mean",
    "cycles/left/1/foot_off_s",
    "events/contact/right/initial_contact/2/time_s",
    "curves/left_knee_flexion/2/value_deg",
    "vertical_force/right/1/value_percent_bw",
    "summary/residual_force_percent_bw",
    "parameters/gdi_points/left/mean",
]


@pytest.fixture
def pinned() -> Quantities:
    return read_pinned(WALK)


def moved(pinned: Quantities, quantity: str, tolerances: float) -> Quantities:
    """A copy in which the last cell of one quantity has moved by so many of its tolerances."""
    kind, cells = kind_of(quantity), pinned[quantity]
    assert kind is not None
    return pinned | {quantity: (*cells[:-1], repr(float(cells[-1]) + tolerances * kind.tolerance))}


def test_the_probes_are_one_of_each_kind() -> None:
    assert {kind_of(probe) for probe in PROBES} == set(ENDINGS.values())


@pytest.mark.parametrize("quantity", PROBES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_number_may_move_within_its_tolerance_and_not_beyond(
    pinned: Quantities, quantity: str, sign: int
) -> None:
    assert compare(WALK, pinned, moved(pinned, quantity, sign * 0.95)) == []
    (difference,) = compare(WALK, pinned, moved(pinned, quantity, sign * 1.05))
    assert difference.quantity.startswith(quantity)
    assert difference.excess == pytest.approx(1.05)
    text = message([difference])
    for part in (WALK, quantity, pinned[quantity][-1], difference.found, "make golden-renew"):
        assert part in text


def test_counts_and_texts_may_not_change(pinned: Quantities) -> None:
    for quantity, found in (
        ("parameters/step_length_m/both/n", "99"), ("parameters/step_length_m/both/unit", "cm"),
        ("summary/verdict", "reject"), ("summary/fell", "1"), ("summary/left_cycles", "99"),
        ("summary/left_step_length_m", ""),
    ):  # fmt: skip
        (difference,) = compare(WALK, pinned, pinned | {quantity: (found,)})
        assert difference.quantity == quantity and math.isinf(difference.excess)


def test_what_is_new_or_gone_is_said_so(pinned: Quantities) -> None:
    gone = "parameters/step_width_m/both/mean"
    found = {name: cells for name, cells in pinned.items() if name != gone}
    (difference,) = compare(WALK, pinned, found)
    assert (difference.quantity, difference.why) == (gone, "missing")
    (difference,) = compare(WALK, found, pinned)
    assert (difference.quantity, difference.why) == (gone, "new, not pinned")
    curve = "curves/left_knee_flexion/1/value_deg"
    (difference,) = compare(WALK, pinned, pinned | {curve: pinned[curve][:-1]})
    assert "21 points" in str(difference) and "20 points" in str(difference)


def test_the_worst_comes_first_and_a_long_list_ends(pinned: Quantities) -> None:
    found = moved(moved(pinned, PROBES[0], 3.0), PROBES[4], 5.0) | {"summary/verdict": ("reject",)}
    differences = compare(WALK, pinned, found)
    assert [d.quantity for d in differences] == ["summary/verdict", PROBES[4], PROBES[0]]
    nothing = compare(WALK, pinned, {})
    assert len(nothing) == len(pinned)
    assert f"... and {len(pinned) - 40} more" in message(nothing)


def test_tables_are_read_whole(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    (tmp_path / "summary.csv").write_text("trial,verdict,velocity_mps\nt,good,1.23456\nu,bad,1\n")
    (folder / "parameters.csv").write_text(
        "parameter,side,mean,n,unit,definition,low\nstep_length_m,left,0.1234567,3,m,Words.,0.1\n"
    )
    (folder / "events.csv").write_text(
        "time_s,side,event,source\n0.5,left,foot_off,contact\n1.5,left,foot_off,contact\n"
    )
    points = "".join(f"knee,1,{percent},{percent / 10}\n" for percent in range(101))
    (folder / "curves.csv").write_text("curve,cycle,percent,value_deg\n" + points)
    found = read_results(tmp_path, "t", whole_curves=True)
    curve = found.pop("curves/knee/1/value_deg")
    assert curve == tuple(f"{percent / 10:.3f}" for percent in range(0, 101, 5))
    assert found == {
        "summary/rows": ("1",), "summary/trial": ("t",), "summary/verdict": ("good",),
        "summary/velocity_mps": ("1.23456",),
        "parameters/step_length_m/left/mean": ("0.12346",),
        "parameters/step_length_m/left/low": ("0.10000",),
        "parameters/step_length_m/left/n": ("3",), "parameters/step_length_m/left/unit": ("m",),
        "events/contact/left/foot_off/1/time_s": ("0.50000",),
        "events/contact/left/foot_off/2/time_s": ("1.50000",),
        "curves/curves": ("1",), "vertical_force/curves": ("0",),
    }  # fmt: skip
    short = read_results(tmp_path, "t", whole_curves=False)
    assert short["curves/knee/1/value_deg"] == ("0.000", "10.000", "5.000", "0.000")
    write_pinned("t", found, tmp_path / "pinned")
    assert read_pinned("t", tmp_path / "pinned") == found


@pytest.mark.parametrize("walk", [*SYNTHETIC, *REAL])
def test_what_is_pinned_is_a_walk(walk: str) -> None:
    pinned = read_pinned(walk)
    assert pinned["summary/rows"] == ("1",) and pinned["summary/failure"] == ("",)
    assert pinned["summary/fell"] == ("0",)
    assert 0.5 < float(pinned["parameters/velocity_mps/both/mean"][0]) < 1.6
    for side in ("left", "right"):
        assert int(pinned[f"summary/{side}_cycles"][0]) >= 2
    # Whole curves of the synthetic walks; of the real ones only figures measured on them.
    points = {len(cells) for name, cells in pinned.items() if name.endswith("/value_deg")}
    assert points == ({21} if walk in SYNTHETIC else {4})


def test_recordings_that_give_nothing_are_told_with_what_was_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = subprocess.CompletedProcess([], 1, stdout="", stderr="simgait: no such file")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(RuntimeError, match="no such file"):
        walks.track([tmp_path / "absent.npz"], tmp_path / "out")
