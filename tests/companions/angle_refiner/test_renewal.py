"""A network learned anew stands beside the others as they were."""

import numpy as np

from simgait.companions.angle_refiner.card import readme
from simgait.companions.angle_refiner.renewal import beside_others
from simgait.companions.angle_refiner.weights import load_refiners, released_folder
from simgait.estimators.released import CARD_FILE
from simgait.text_files import read_facts


def test_the_others_stay_as_they_were_and_say_when_they_were_trained():
    before, _ = load_refiners(released_folder())
    card = read_facts(released_folder() / CARD_FILE)
    own = card["networks"]["simulated"] | {"trained": "today, here", "policy_sha256": "f00d"}
    rows = [row for row in card["evaluation"] if ", simulated" in row["quantity"]]
    facts = card | {
        "networks": {"simulated": own},
        "evaluation": [row | {"rmse": 9.0} for row in rows],
        "left_out": {"simulated": [5, 4]},
        "curves": {"simulated": 10},
        "learned_from": "somebody else",
    }
    refiners, merged = beside_others({"simulated": before["kinect"]}, facts, released_folder())
    assert list(refiners) == list(merged["networks"]) == ["kinect", "kinematics", "simulated"]
    np.testing.assert_array_equal(refiners["simulated"].share, before["kinect"].share)
    np.testing.assert_array_equal(refiners["kinematics"].share, before["kinematics"].share)
    assert merged["networks"]["simulated"] == own
    assert len(merged["evaluation"]) == len(card["evaluation"])
    assert {row["rmse"] for row in merged["evaluation"] if ", simulated" in row["quantity"]} == {
        9.0
    }
    assert merged["left_out"]["simulated"] == [5, 4] and merged["curves"]["simulated"] == 10
    assert merged["curves"]["kinect"] == card["curves"]["kinect"]
    page = readme(merged | {"sha256": "ab"})
    assert "simulated: today, here" in page and "`f00d` of the policy" in page
    assert f"kinect, kinematics: {card['networks']['kinect']['trained']}" in page
