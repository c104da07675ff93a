"""The table: CMC, RMSE, slope and coverage of each angle, and intervals by person."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simgait.companions.angle_refiner.curves import ANGLES, PERCENT
from simgait.companions.angle_refiner.evaluation import (
    evaluate,
    judged_rows,
    left_out_rows,
    mean_cmc,
)
from simgait.companions.angle_refiner.extremes import half_widths_of
from simgait.companions.angle_refiner.refiner import AS_IS, ESTIMATORS, FUSED
from simgait.companions.angle_refiner.weights import load_refiners, released_folder
from simgait.datasets.splits import SplitError
from simgait.estimators.judged import table
from tests.companions.angle_refiner.made_up import KNEE, pairs

PAIRS = pairs(24, 1)


def test_likeness_falls_with_an_offset_and_is_none_of_opposite_curves():
    wave = 20.0 * np.sin(2 * np.pi * PERCENT / 100.0)[None]
    assert mean_cmc(wave, wave) == pytest.approx(1.0)
    # Two curves 2d apart: 1 - 2d^2 / (their variance about the common mean, 103/101 corrected).
    total = 2 * ((wave**2).sum() + 51 * 25.0) / 101.0
    expected = math.sqrt(1.0 - 2 * 51 * 25.0 / 51.0 / total)
    assert mean_cmc(wave + 10.0, wave) == pytest.approx(expected)
    assert mean_cmc(-wave, wave) == 0.0


def test_every_angle_has_its_row_and_curves_are_counted():
    said = {FUSED: PAIRS.true + 2.0, AS_IS: PAIRS.estimated}
    rows = list(judged_rows(PAIRS, said, {"knee_flexion": 2.5, "hip_flexion": 1.0}, ", x"))
    assert len(rows) == 2 * len(ANGLES)
    knee = next(row for row in rows if row.quantity == "knee flexion, x")
    assert (knee.people, knee.pairs, knee.rmse, knee.bias) == (24, 48, 2.0, 2.0)
    assert knee.slope == pytest.approx(1.0) and knee.inside_percent == 100.0 and knee.cmc > 0.97
    hip = next(row for row in rows if row.quantity == "hip flexion, x")
    assert hip.inside_percent == 0.0
    assert table([knee]).splitlines()[0].endswith("| inside, % | CMC |")
    assert "CMC" not in table([replace(knee, cmc=math.nan)])


def test_people_with_markers_have_rows_of_their_own():
    names = tuple(f"synthetic-{k}" if k < 12 else f"lab-{k}" for k in range(24) for _ in range(2))
    mixed = replace(PAIRS, people=names)
    said = {"a": np.stack([PAIRS.estimated] * len(ESTIMATORS))}
    rows = left_out_rows({"a": mixed}, said, {"a": {}})
    marked = [row for row in rows if row.quantity.endswith("people with markers")]
    assert len(rows) == (len(ESTIMATORS) + 2) * len(ANGLES) and len(marked) == 2 * len(ANGLES)
    assert {row.people for row in marked} == {12}


def test_half_widths_hold_nine_tenths_and_are_none_of_few_people():
    rng = np.random.default_rng(2)
    said = PAIRS.true + rng.normal(size=PAIRS.true.shape)
    widths = half_widths_of(PAIRS, said)
    inside = np.abs(said - PAIRS.true)[..., KNEE] <= widths["knee_flexion"]
    assert 0.9 <= inside.mean() < 0.97
    assert set(widths) > {"hip_flexion_largest", "hip_flexion_least"}
    few = PAIRS.rows(np.arange(20))
    assert set(half_widths_of(few, said[:20]).values()) == {None}
    unknown = np.full_like(said, np.nan)
    assert half_widths_of(PAIRS, unknown)["knee_flexion"] is None


def test_a_walker_who_was_learned_from_judges_nothing(monkeypatch):
    from simgait.companions.angle_refiner import evaluation

    refiners, card = load_refiners(released_folder())
    known = card.networks["kinect"].model_copy(update={"people": _marks_of_test_walkers()})
    other = card.model_copy(update={"networks": {**card.networks, "kinect": known}})
    monkeypatch.setattr(evaluation, "load_refiners", lambda folder: (refiners, other))
    with pytest.raises(SplitError, match="learned from, and in what judges"):
        evaluate(2)


def _marks_of_test_walkers():
    from simgait.companions.angle_refiner.evaluation import FIRST_JUDGED
    from simgait.estimators.people import mark
    from simgait.synthetic.recording import subject_of
    from simgait.synthetic.walkers.specification import walker_seed

    return [mark(subject_of(walker_seed("test", FIRST_JUDGED + k))) for k in range(2)]


def test_a_network_of_another_policys_walks_is_not_judged_by_todays(monkeypatch):
    from simgait.companions.angle_refiner import evaluation

    refiners, card = load_refiners(released_folder())
    before = card.networks["simulated"].model_copy(update={"policy_sha256": "f00d" * 16})
    other = card.model_copy(update={"networks": {"simulated": before}})
    only = {"simulated": refiners["simulated"]}
    monkeypatch.setattr(evaluation, "load_refiners", lambda folder: (only, other))
    found = evaluate(2)
    assert len(found.rows) == len(card.evaluation)
    assert (
        "not judged on test walkers; it learned the angles of policy f00df00df00d"
        in (found.notes[-1])
    )
