"""The released networks: whole, small, and of use on somebody unseen."""

import json

import numpy as np

from simgait.companions.gdi_net.estimate import OWN_CHARTS
from simgait.companions.gdi_net.networks import DESIGNS
from simgait.companions.gdi_net.walkers import rendered_walk
from simgait.companions.gdi_net.weights import load_gdi_net, predict, released_folder
from simgait.companions.openpose_gdi.targets import PIPELINE
from simgait.estimators.people import mark
from simgait.estimators.released import CARD_FILE
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import walker_seed


def test_the_release_is_small_and_its_card_is_its_own():
    folder = released_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 5e6
    trained, card = load_gdi_net(folder)
    assert card.sha256 in (folder / "README.md").read_text("utf-8")
    assert trained.reference.pipeline == PIPELINE and card.families == [OWN_CHARTS]
    assert not set(card.people.train) & set(card.people.calibration)
    assert set(card.designs) <= set(DESIGNS) and card.released in card.designs


def test_it_is_better_than_the_mean_on_the_people_of_its_card():
    rows = json.loads((released_folder() / CARD_FILE).read_text("utf-8"))["evaluation"]
    rmse = {row["estimator"]: row["rmse"] for row in rows if "windows" not in row["quantity"]}
    assert rmse[DESIGNS["gdi-net"].label] < 0.75 * rmse["mean of the training people"]


def test_it_reads_somebody_unseen(gl):
    seed = walker_seed("test", 60_500)
    trained, card = load_gdi_net(released_folder())
    assert mark(subject_of(seed)) not in {*card.people.train, *card.people.calibration}
    frames = trained.frames
    walk = rendered_walk(seed, trained.reference, frames.framing, frames.size_px)
    assert walk is not None
    said = predict(trained, ["gdi-net"], walk.frames)["gdi-net"]
    assert np.abs(said.mean() - walk.target[0]) < 20.0 and np.ptp(said) < 40.0
