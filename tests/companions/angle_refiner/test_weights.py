"""Checkpoints are checked on reading, and say who was learned from."""

import json
import shutil

import numpy as np
import pytest

from simgait.companions import load_companion
from simgait.companions.angle_refiner.refiner import FUSED, fit_refiner
from simgait.companions.angle_refiner.walks import SYSTEMS
from simgait.companions.angle_refiner.weights import (
    load_refiners,
    released_folder,
    save_refiners,
)
from simgait.errors import InputError
from simgait.estimators.people import marks
from simgait.estimators.released import CARD_FILE, WEIGHTS_FILE
from tests.companions.angle_refiner.made_up import QUICK, pairs

PAIRS = pairs(5, 1)
FACTS = {
    "learned_from": "5 people",
    "networks": {
        "own": {
            "label": "a user's own system", "hidden": QUICK.hidden, "angles": ["knee_flexion"],
            "people": marks(PAIRS.people), "half_widths_deg": {"knee_flexion": None},
        }
    },
    "left_out": {"own": [5, 5]},
}  # fmt: skip


@pytest.fixture(scope="module")
def refiner():
    return fit_refiner(PAIRS, QUICK)


@pytest.fixture
def folder(refiner, tmp_path):
    save_refiners(tmp_path / "own", {"own": refiner}, FACTS, lambda card: card["sha256"])
    return tmp_path / "own"


@pytest.mark.slow
def test_what_was_saved_says_the_same(refiner, folder):
    refiners, card = load_refiners(folder)
    told, again = (one.said(PAIRS.estimated)[FUSED] for one in (refiner, refiners["own"]))
    np.testing.assert_allclose(told, again, atol=1e-3)
    assert card.networks["own"].people == marks(PAIRS.people)
    assert (folder / "README.md").read_text("utf-8") == card.sha256


@pytest.mark.slow
def test_what_is_damaged_or_missing_is_a_sentence(folder):
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    content[-5] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(InputError, match="own: the weights are not those of the model card"):
        load_refiners(folder)
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    del card["networks"]
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(InputError, match=r"card.json is not that of an angle refiner \(networks"):
        load_refiners(folder)
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(InputError, match=r"not an angle refiner, it lacks weights.safetensors"):
        load_refiners(folder)


def test_the_release_is_small_and_its_card_is_its_own(tmp_path):
    folder = shutil.copytree(released_folder(), tmp_path / "released")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1.5e6
    refiners, card = load_refiners(folder)
    assert card.sha256 in (folder / "README.md").read_text("utf-8")
    assert tuple(refiners) == load_companion("angle-refiner").networks == tuple(SYSTEMS)
    for name, (people, with_markers) in card.left_out.items():
        assert people >= 20 and with_markers >= 10
        assert card.networks[name].half_widths_deg["knee_flexion"] is not None


def test_the_network_of_tracked_walks_says_whose_angles_it_learned():
    _, card = load_refiners(released_folder())
    learned = {name: one.policy_sha256 for name, one in card.networks.items()}
    assert str(learned["simulated"]) in (released_folder() / "README.md").read_text("utf-8")
    assert learned["kinect"] is learned["kinematics"] is None
