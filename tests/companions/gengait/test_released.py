"""The released GenGait on walkers whose wrong joints are known."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest

from simgait.api import track
from simgait.companions.gengait.config import GenGaitConfig, NetworkConfig
from simgait.companions.gengait.curves import departure_deg, mean_curves_deg
from simgait.companions.gengait.evaluation import evaluate
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.judging import OURS, answers_of, changed_deg
from simgait.companions.gengait.opinion import opinion_of
from simgait.companions.gengait.release import train_and_release
from simgait.companions.gengait.truth import WRONG_DEG, judged_pairs
from simgait.companions.gengait.weights import load_gengait, released_folder
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Order
from simgait.estimators.people import mark
from simgait.learning.kept_run import KeptRun
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk as let_walk


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
    located, by_joint, put_right, left_alone, seen, seen_alone = found.measures
    assert len(located.rows) == len(put_right.rows) == 7 and len(by_joint.rows) == len(JOINTS)
    assert len(seen.rows) == 7 and {row[0] for row in seen_alone.rows} == {OURS}
    assert all("monocular-v1" in one.title for one in (seen, seen_alone))
    assert {row[0] for row in left_alone.rows} == {row.estimator for row in found.rows}
    assert all(len(row) == len(one.header) for one in found.measures for row in one.rows)


@pytest.mark.slow
def test_the_twin_walks_in_the_physics(tmp_path: Path) -> None:
    made = let_walk(draw_walker(walker_seed("test", 60_200), "crouch"), 5.0)
    path, twin = tmp_path / "walk.npz", tmp_path / "twin.npz"
    write_npz(path, trial_from_walk(made, monocular=False).recording)
    # A file does not say that nobody was recorded: the walker is judged as walkers are.
    for_walkers = shutil.copytree(released_folder(), tmp_path / "for_walkers")
    card = json.loads((for_walkers / "card.json").read_text("utf-8"))
    card["people_factor"] = [1.0] * len(JOINTS)
    (for_walkers / "card.json").write_text(json.dumps(card), "utf-8")
    said = opinion_of(path, Asked(weights=for_walkers))
    assert said.twin is not None and any(joint.is_wrong for joint in said.twin.joints)
    write_npz(twin, said.twin.recording)
    walked = track(twin)
    assert not walked.rollout.fell
    knees = np.concatenate([
        walked.gait.curves_deg[f"{side}_knee_flexion_deg"] for side in ("left", "right")
    ])  # fmt: skip
    # The crouching walker's knees do not come straighter than this.
    assert knees.min(axis=1).mean() < min(made.spec.crouch_deg)
