"""The released networks: whole, small, and right on a walk whose numbers are known."""

import numpy as np

from simgait.companions.openpose_gdi.columns import LEG_POINTS, windows_of
from simgait.companions.openpose_gdi.targets import PIPELINE, TARGETS, speed_scale_mps
from simgait.companions.openpose_gdi.weights import (
    N_FEATURES,
    load_networks,
    predict,
    released_folder,
)
from simgait.estimators.people import mark
from simgait.estimators.released import WEIGHTS_FILE
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.people.in_picture import camera_of_walk
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk


def test_the_release_is_small_and_its_card_is_its_own():
    folder = released_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3e6
    trained, card = load_networks(folder)
    assert card.sha256 in (folder / "README.md").read_text("utf-8")
    assert trained.reference.pipeline == PIPELINE and card.families
    assert trained.forest is not None
    assert np.isfinite(trained.forest(np.zeros((1, N_FEATURES)))).all()
    assert not set(card.people.train) & set(card.people.calibration)
    # What is known of it on a real detector is said with every walk.
    assert any("real detector" in remark for remark in card.remarks)
    assert (folder / WEIGHTS_FILE).stat().st_size < 1e6


def test_it_reads_somebody_unseen_from_exact_points():
    seed = walker_seed("test", 30_500)
    trained, card = load_networks(released_folder())
    assert mark(subject_of(seed)) not in {*card.people.train, *card.people.calibration}
    truth = walk(draw_walker(seed, "normal"), 6.2, 25.0)
    camera = camera_of_walk(truth.pose[:, POSITION], truth.spec.height_m, "sagittal", 5)
    points = camera.seen_at_px(exact_keypoints(truth.pose, truth.dimensions))
    legs = points[:, [KEYPOINT_INDEX[name] for name in LEG_POINTS]]
    said = np.mean(
        [predict(trained, "cnn-lstm", windows_of(legs, side)).mean(axis=0) for side in SIDES],
        axis=0,
    )
    found = dict(zip(TARGETS, said, strict=True))
    assert abs(found["cadence_spm"] - truth.cadence_spm) < 10.0
    speed_mps = found["relative_speed"] * speed_scale_mps(truth.spec.height_m)
    assert abs(speed_mps - truth.velocity_mps) < 0.2
    assert 60.0 < found["gdi_points"] < 125.0
