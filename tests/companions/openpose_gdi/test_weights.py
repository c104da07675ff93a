"""Checkpoints carry who was learned from and the people of the GDI, and are checked on reading."""

import json
import shutil

import numpy as np
import pytest

from simgait.companions.openpose_gdi.weights import (
    FOREST_FILE,
    N_FEATURES,
    REFERENCE_FILE,
    load_networks,
)
from simgait.errors import InputError
from simgait.estimators.forest import LEAF, Forest, forest_sha256, save_forest
from simgait.estimators.released import CARD_FILE, WEIGHTS_FILE
from simgait.gait.known_scores import released_reference
from simgait.gait.score_reference_file import reference_sha256, write_reference
from tests.companions.openpose_gdi.trained import untrained


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return untrained(tmp_path_factory.mktemp("trained") / "networks")


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "networks")


def test_a_card_carries_the_people_the_reference_and_the_families(saved):
    trained, card = load_networks(saved)
    assert card.people.train != card.people.calibration
    assert card.reference_sha256 == reference_sha256(trained.reference)
    assert card.families == ["wide-v1"]
    np.testing.assert_array_equal(trained.standard.target_mean[[0, 2]], [90.0, 110.0])
    assert {path.name for path in saved.iterdir()} == {
        CARD_FILE, REFERENCE_FILE, WEIGHTS_FILE, "README.md"
    }  # fmt: skip


def test_damaged_weights_are_a_sentence(folder):
    path = folder / WEIGHTS_FILE
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="the weights are not those of the model card"):
        load_networks(folder)


def test_another_reference_is_a_sentence(folder):
    from dataclasses import replace

    other = replace(released_reference(), name="other people")
    write_reference(folder / REFERENCE_FILE, other)
    with pytest.raises(InputError, match="holds other healthy people than those of the card"):
        load_networks(folder)


def stump(value):
    """One tree of one leaf for each target."""
    feature, greater = np.full(4, LEAF, np.int16), np.zeros(4, np.int32)
    every = np.arange(4, dtype=np.int32)
    return Forest(feature, np.full(4, value, np.float32), greater, every, every, 4)


def test_a_forest_lies_beside_the_weights_and_is_that_of_the_card(saved, tmp_path):
    assert load_networks(saved)[0].forest is None
    folder = untrained(tmp_path / "wooded", stump(7.0))
    trained, card = load_networks(folder)
    assert trained.forest is not None and card.forest_sha256 == forest_sha256(trained.forest)
    assert (trained.forest(np.zeros((2, N_FEATURES))) == 7.0).all()
    save_forest(folder / FOREST_FILE, stump(8.0))
    with pytest.raises(InputError, match="is not the forest of the model card"):
        load_networks(folder)
    (folder / FOREST_FILE).unlink()
    with pytest.raises(InputError, match=r"forest\.safetensors"):
        load_networks(folder)


def test_what_is_missing_is_named(folder):
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    del card["people"]
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"card.json is not that of an OpenPose companion \(people"
    ):
        load_networks(folder)
    (folder / REFERENCE_FILE).unlink()
    with pytest.raises(InputError, match="it lacks score_reference.json; check the path"):
        load_networks(folder)


def test_a_pickle_is_not_opened(folder):
    (folder / WEIGHTS_FILE).write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(InputError, match="the weights are not those"):
        load_networks(folder)
