"""The released GenGait on walkers whose wrong joints are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest

from simgait.api import track
from simgait.companions.gengait.by_height import walkers_by_height
from simgait.companions.gengait.config import GenGaitConfig, NetworkConfig
from simgait.companions.gengait.curves import departure_deg, mean_curves_deg
from simgait.companions.gengait.data import walk_of
from simgait.companions.gengait.evaluation import evaluate
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.judging import OURS, answers_of, changed_deg
from simgait.companions.gengait.release import train_and_release
from simgait.companions.gengait.truth import WRONG_DEG, judged_pairs
from simgait.companions.gengait.weights import load_gengait, released_folder
from simgait.errors import InputError
from simgait.estimators.companion import Order
from simgait.estimators.people import mark
from simgait.gait.analyse import MAX_RESIDUAL_PERCENT_BW
from simgait.gait_result import GaitResult
from simgait.learning.kept_run import KeptRun
from simgait.recordings.formats.npz import write_npz
from simgait.report.trial.joint_badness import CLASSES, ShownJoint, marks_data, shown_joints
from simgait.report.trial.opinions import joints_called_wrong
from simgait.report.trial.twin_walk import slips_mm
from simgait.report.twin import TWIN_FIGURES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk as let_walk
from simgait.walk_result import WalkResult
from tests.report.trial.test_joint_badness import judged


@pytest.mark.slow
def test_a_stiff_knee_is_found_and_put_right() -> None:
    trained, card = load_gengait(released_folder())
    assert card.network == GenGaitConfig().network
    (pair,) = (p for p in judged_pairs("test", 60_001, 2) if p.pattern == "stiff_knee")
    found = answers_of(trained, [pair.shown])[OURS]
    knees = [k for k, joint in enumerate(JOINTS) if joint.endswith("knee")]
    wrong = [k for k in knees if pair.departure_deg[k] >= WRONG_DEG]
    assert wrong and found.wrong[0, wrong].all()
    twin = departure_deg(found.twin_deg[0], mean_curves_deg(pair.normal))
    assert twin[wrong].max() < 0.6 * pair.departure_deg[wrong].max()


@pytest.mark.slow
def test_an_impaired_walks_wrong_joint_is_named_and_drawn_and_none_of_a_normal_walk() -> None:
    trained, _ = load_gengait(released_folder())
    (pair,) = (p for p in judged_pairs("test", 60_001, 2) if p.pattern == "stiff_knee")
    found = answers_of(trained, [pair.shown, pair.normal])[OURS]
    shown, normal = ([_shown(row) for row in found.badness][k] for k in range(2))
    worst = max(shown, key=lambda one: one.badness)
    departs = dict(zip(JOINTS, pair.departure_deg, strict=True))
    assert departs[worst.name.replace(" ", "_")] >= WRONG_DEG and CLASSES[worst.step].is_wrong
    drawn = {one["point"]: one["text"] for one in marks_data(shown)["joints"]}
    assert drawn[worst.keypoint].startswith(worst.name)
    assert not any(CLASSES[one.step].is_wrong for one in normal)
    assert not any(one["text"] for one in marks_data(normal)["joints"])


def _shown(badness: np.ndarray) -> list[ShownJoint]:
    return shown_joints([judged("gengait", **dict(zip(JOINTS, badness.tolist(), strict=True)))])


@pytest.mark.slow
def test_normal_walks_are_left_alone() -> None:
    trained, card = load_gengait(released_folder())
    pairs = judged_pairs("test", 60_100, 4)
    assert not {mark(pair.person) for pair in pairs} & {
        *card.people.train, *card.people.calibration,
    }  # fmt: skip
    walks = [pair.normal for pair in pairs]
    assert changed_deg(answers_of(trained, walks)[OURS], walks).mean() < 2.0


def test_fewer_people_than_patterns_are_a_sentence() -> None:
    with pytest.raises(InputError, match="give 7 at least"):
        evaluate(6)


def test_what_is_no_training_of_it_is_a_sentence(tmp_path: Path) -> None:
    kept = create_autospec(KeptRun, instance=True, path=tmp_path, facts=None)
    order = Order(GenGaitConfig(), None, None, None, "m", None, lambda line: None)
    with pytest.raises(InputError, match="not that of GenGait"):
        train_and_release(replace(order, config=NetworkConfig()), kept)
    with pytest.raises(InputError, match="learns from normal walks alone"):
        train_and_release(replace(order, reference=tmp_path), kept)


@pytest.mark.slow
def test_the_evaluation_has_every_pattern_and_rival() -> None:
    found = evaluate(14)
    located, by_joint, put_right, left_alone, seen, seen_alone, by_height = found.measures
    assert len(located.rows) == len(put_right.rows) == 7 and len(by_joint.rows) == len(JOINTS)
    assert len(seen.rows) == 7 and {row[0] for row in seen_alone.rows} == {OURS}
    # A detector leaves some walks that nobody can read.
    assert [row[1] for row in by_height.rows] == ["exact"] * 3 + ["detector"] * 3
    assert all(row[2] == "7" for row in by_height.rows[:3])
    assert all(int(row[2]) <= 7 for row in by_height.rows)
    assert all("monocular-v1" in one.title for one in (seen, seen_alone))
    assert {row[0] for row in left_alone.rows} == {row.estimator for row in found.rows}
    assert all(len(row) == len(one.header) for one in found.measures for row in one.rows)


@pytest.mark.slow
def test_the_twin_walks_in_the_physics_in_the_same_call(tmp_path: Path) -> None:
    crouching, normal = (tracked(tmp_path, pattern) for pattern in ("crouch", "normal"))
    body = crouching.twin.body
    assert crouching.twin.is_walking and body is not None and not body.rollout.fell
    assert body.gait.residual_force_percent_bw < MAX_RESIDUAL_PERCENT_BW
    assert np.median(slips_mm(body.rollout, body.gait)) < 20.0
    # Upright: the knees come straighter than the crouching walker's own ever do.
    assert straightest_deg(body.gait) < straightest_deg(crouching.gait) - 3.0
    page = crouching.report(tmp_path / "crouch").read_text("utf-8")
    assert 'id="twin-place"' in page and (tmp_path / "crouch" / TWIN_FIGURES).is_file()
    assert len(page.encode()) <= 2_000_000

    twin = normal.twin.body
    assert normal.twin.is_walking and twin is not None
    assert joints_called_wrong(normal.walk.opinions or ()) == {}
    assert straightest_deg(twin.gait) == pytest.approx(straightest_deg(normal.gait), abs=2.0)
    speeds = [one.parameters["velocity_mps"]["both"].mean for one in (twin.gait, normal.gait)]
    assert speeds[0] == pytest.approx(speeds[1], rel=0.05)


def tracked(folder: Path, pattern: Pattern) -> WalkResult:
    made = let_walk(draw_walker(walker_seed("test", 60_200), pattern), 5.0)
    path = folder / f"{pattern}.npz"
    write_npz(path, trial_from_walk(made, monocular=False).recording)
    return track(path, twin=True)


def straightest_deg(gait: GaitResult) -> float:
    """Least knee flexion of a cycle, mean of both legs."""
    curves = [gait.curves_deg[f"{side}_knee_flexion_deg"] for side in ("left", "right")]
    return float(np.concatenate(curves).min(axis=1).mean())


def test_the_released_bands_hold_walkers_of_their_height() -> None:
    bands = load_gengait(released_folder())[0].bands
    assert [(one.from_m, one.below_m, one.own) for one in bands.of] == [
        (0.0, 1.2, False), (1.2, 1.4, False), (1.4, None, False),
    ]  # fmt: skip
    assert sum(one.people or 0 for one in bands.of) == 690
    for (spec, *_), of in zip(walkers_by_height(1), bands.of, strict=True):
        one = walk_of(spec, 4.0)
        whose, mean, sd = bands.band_for(one.height_m)
        inside = np.abs(mean_curves_deg(one.walk) - mean) <= 2.0 * sd
        assert whose == of and inside.mean() > 0.7
