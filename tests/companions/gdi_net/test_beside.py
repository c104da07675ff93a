"""One more rival learns beside networks that stay as they are, from the same people."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.gdi_net import release
from simgait.companions.gdi_net.beside import beside_of, with_designs
from simgait.companions.gdi_net.card import readme
from simgait.companions.gdi_net.config import FramesConfig, GdiNetConfig, OptimiserConfig
from simgait.companions.gdi_net.evaluation import absent_note
from simgait.companions.gdi_net.kept_walks import TrainingWalks, keep
from simgait.companions.gdi_net.networks import DESIGNS
from simgait.companions.gdi_net.release import train_and_release
from simgait.companions.gdi_net.weights import load_gdi_net
from simgait.errors import InputError
from simgait.estimators.companion import Labels, Order
from simgait.estimators.people import marks
from simgait.estimators.released import CARD_FILE
from simgait.text_files import read_facts
from tests.companions.gdi_net.made_up import GDI, SMALL, untrained, walks
from tests.companions.gdi_net.test_training import Memory

RECIPE = GdiNetConfig(frames=SMALL)
LEARNED, OTHERS = walks(10), walks(24, 200)
PEOPLE = {"train": marks(LEARNED.people), "calibration": marks(OTHERS.people)}


def trained(folder: Path, designs: tuple[str, ...] = ("gdi-net",), **card: Any) -> Path:
    """GDI-Net that learned nothing, but whose card names the made-up walkers."""
    data = RECIPE.data.model_dump()
    facts: dict[str, Any] = {
        "people": PEOPLE, "half_widths": {designs[0]: 9.0}, "machine": "m", "date": "d",
        "training_minutes": 1.0, "parameters": {"gdi-net": 1}, "last_losses": {"gdi-net": 0.5},
        "provenance": {"config": {"data": data}, "commit": "c"},
    }  # fmt: skip
    return untrained(folder, designs, **{**facts, **card})


def order_beside(folder: Path, designs: list[str], **optimiser: Any) -> Order:
    choice = OptimiserConfig(over_time_steps=3, **optimiser)
    config = with_designs(RECIPE.model_copy(update={"optimiser": choice}), designs, folder)
    return Order(config, None, None, None, "a test", None, lambda line: None, beside=folder)


@pytest.mark.slow
def test_a_rival_is_added_and_the_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "N_JUDGED", 12)
    monkeypatch.setattr(
        "simgait.companions.gdi_net.evaluation.rendered_walks", lambda *given: walks(12, 500)
    )
    before = trained(tmp_path / "before", remarks=["kept"])
    out = tmp_path / "out"
    out.mkdir()
    keep(out, TrainingWalks(LEARNED, OTHERS, None))
    said: list[str] = []
    order = dataclasses.replace(order_beside(before, ["frame-cnn"]), say=said.append)
    folder = Memory(out)
    table = train_and_release(order, folder)
    assert folder.finished and "| frame CNN | GDI, mean of both sides (points) |" in table
    (step,) = [line for line in said if "step" in line]
    assert step.startswith("frame CNN: step 3 of 3")
    (old, _), (new, card) = load_gdi_net(before), load_gdi_net(out)
    assert set(new.parts) == {*old.parts, "frame-cnn"} and card.designs == ["frame-cnn", "gdi-net"]
    assert np.abs(new.over_time["frame-cnn"]["params"]["Dense_0"]["kernel"]).max() > 0
    assert not any(np.any(leaf) for leaf in new.over_time["gdi-net"]["params"]["Dense_0"].values())
    assert new.standard.gdi_mean == GDI and new.linear.flat.intercept == GDI
    facts = read_facts(out / CARD_FILE)
    (added,) = facts["added"]
    assert added["designs"] == ["frame-cnn"] and facts["steps"] == {"frame-cnn": 3}
    assert facts["remarks"] == ["kept"] and facts["provenance"]["commit"] == "c"
    assert 0 < card.half_widths["frame-cnn"] != 9.0 == card.half_widths["gdi-net"]
    page = (out / "README.md").read_text("utf-8")
    assert "| added | frame-cnn (3 steps): " in page
    assert "| not trained here | cnn-1d, buckets, cnn-3d, vgg16, direct |" in page


def test_rivals_learn_from_the_same_people(tmp_path):
    before = trained(tmp_path / "before")
    found = beside_of(order_beside(before, ["vgg16"]))
    assert found is not None
    found.refuse_others(TrainingWalks(LEARNED, OTHERS, None))
    with pytest.raises(InputError, match="before: 9 of the 10 people who learned from there"):
        found.refuse_others(TrainingWalks(LEARNED.rows(np.arange(9)), OTHERS, None))
    with pytest.raises(InputError, match="0 of the 24 people who set the intervals there"):
        found.refuse_others(TrainingWalks(LEARNED, walks(24, 300), None))


def test_what_cannot_be_added_is_a_sentence(tmp_path):
    before = trained(tmp_path / "before")
    for designs, recipe, beside, sentence in (
        (["vgg"], RECIPE, before, "--designs vgg: name some of gdi-net, frame-cnn"),
        (["direct"], RECIPE, None, "gdi-net is not among them; name it too, or the folder"),
        (["gdi-net"], RECIPE, before, "--beside before: has gdi-net already"),
        (["vgg16"], GdiNetConfig(frames=FramesConfig(every=2)), before,
         "another recipe: frames.height_px was 12 and is 48"),
        (["direct", "gdi-net"], RECIPE.model_copy(update={"vgg16_weights": "x"}), None,
         "vgg16_weights are of the design vgg16; name it, or"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=sentence):
            with_designs(recipe, designs, beside)
    alone = with_designs(RECIPE, ["gdi-net", "direct"], None)
    assert alone.designs == ("gdi-net", "direct") and alone.frames == SMALL


def test_a_users_own_people_need_their_labels_again(tmp_path):
    rendered = trained(tmp_path / "rendered")
    own = trained(tmp_path / "own", ("direct",), released="direct")
    order = order_beside(rendered, ["vgg16"])
    labels = Labels("t.csv", tmp_path, {}, {})
    with pytest.raises(InputError, match="rendered: learned from rendered walkers; leave --labels"):
        beside_of(dataclasses.replace(order, labels=labels))
    with pytest.raises(InputError, match="own: learned from a user's own people; give their"):
        beside_of(dataclasses.replace(order, beside=own))


def test_the_command_says_what_is_lacking(tmp_path, capsys):
    out = ["-o", str(tmp_path / "out"), "--machine", "a test"]
    for given, sentence in (
        (["openpose-gdi", "--designs", "cnn"], "openpose-gdi has no designs to choose from"),
        (["gdi-net", "--beside", "released"], "say with --designs what is to be trained beside"),
        (["gdi-net", "--designs", "vgg16", "--beside", str(tmp_path / "out")],
         "-o: names the folder of --beside"),
        (["gdi-net", "--designs", "vgg16", "--beside", str(tmp_path / "no")],
         "--beside no: there is no such folder"),
        (["gdi-net", "--designs", "gdi-net", "--beside", "released"],
         "--beside released: has gdi-net already"),
    ):  # fmt: skip
        assert main(["companion", "train", *given, *out]) != 0
        assert sentence in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_who_is_absent_is_named():
    every = list(DESIGNS)
    assert absent_note(every) == "every design is in these weights"
    said = absent_note([name for name in every if name != "vgg16"])
    assert said.startswith("not in these weights, so not judged: VGG16 (simgait companion train")
    card = {"frames": SMALL.model_dump(), "designs": ["gdi-net"], "parameters": {}, "name": "n",
            "sha256": "s", "learned_from": "l", "date": "d", "provenance": {"commit": "c"},
            "machine": "m", "training_minutes": 1.0, "people": PEOPLE, "reference_sha256": "r",
            "released": "gdi-net", "half_widths": {"gdi-net": 1.0}}  # fmt: skip
    absent = ", ".join(name for name in every if name != "gdi-net")
    assert f"| not trained here | {absent} |" in readme(card)
