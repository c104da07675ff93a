"""`simgait companion run openpose-gdi`: numbers with intervals, and sentences for bad input."""

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.openpose_gdi.pairs import ASYMMETRY
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.companions.openpose_gdi.too_far_off import withheld_of
from simgait.companions.openpose_gdi.weights import read_card, released_folder
from tests.companions.openpose_gdi.made_up import legs, write
from tests.companions.openpose_gdi.trained import untrained


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """All zero: they say 90 points, 0.3, 110 steps/min, 6 degrees of everybody."""
    return untrained(tmp_path_factory.mktemp("weights") / "networks")


def run(capsys, weights, walk, *more):
    code = main(["companion", "run", "openpose-gdi", str(walk), "--weights", str(weights), *more])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_walk_gets_numbers_with_intervals(tmp_path, capsys, weights):
    walk, out = write(tmp_path / "walk", legs()), tmp_path / "said.csv"
    more = ("--fps", "25", "--height", "1.6", "--picture", "1920x1080", "-o", str(out))
    code, said, _ = run(capsys, weights, walk, *more)
    assert code == 0
    assert "GDI, left: 90 points (88 to 92)" in said and "GDI, right: 90 points" in said
    assert "speed: 1.19 m/s (−6.74 to 9.11)" in said
    assert "asymmetry (GDI left − right): 0 points (−2 to 2)" in said
    assert "note: network lstm, learned from nobody" in said and "the walk is short" in said
    rows = [line.split(",") for line in out.read_text("utf-8").splitlines()]
    assert rows[0][:4] == ["companion", "quantity", "side", "percent"]
    assert rows[0][4:] == ["value", "low", "high", "made_by"]
    assert rows[1][:7] == ["openpose-gdi", "gdi_points", "left", "", "90", "88", "92"]
    assert rows[1][7].startswith("lstm; GDI against")
    code, said, _ = run(capsys, weights, walk, "--fps", "25")
    assert "speed: not said" in said and "give the person's height with --height" in said


def test_what_was_too_far_off_on_a_detectors_points_is_not_said_of_them(tmp_path, capsys):
    walk, more = write(tmp_path / "walk", legs()), ("--fps", "25", "--height", "1.6")
    some = {"coco-25": {"gdi_points": 16.1, "cadence_spm": 1.9}, "blazepose-33": {}}
    weights = untrained(tmp_path / "some", rmse_by_detector=some)
    code, said, _ = run(capsys, weights, walk, *more)
    assert code == 0 and "speed: 1.19 m/s" in said and "cadence: 110" in said
    assert "GDI, left" not in said and "asymmetry (GDI" not in said
    why = "as the RMSE on them is beyond the 90 % interval: GDI 16.1 points (interval ± 2)"
    assert f"not said of points of coco-25, {why}; take another" in said
    every = {"coco-25": dict.fromkeys(TARGETS, 9.0)}
    weights = untrained(tmp_path / "every", rmse_by_detector=every)
    code, said, error = run(capsys, weights, walk, *more)
    assert (code, said) == (1, "") and "walk: not said of points of coco-25" in error


def test_the_release_says_nothing_of_blazeposes_points():
    card = read_card(released_folder())
    assert withheld_of(card, "cnn-lstm", "blazepose-33")[0] == {*TARGETS, ASYMMETRY}
    assert withheld_of(card, "cnn-lstm", "coco-25")[0] == set()
    assert withheld_of(card, "cnn-lstm", "")[0] == set()


def test_bad_input_is_one_sentence_each(tmp_path, capsys, weights):
    walk = write(tmp_path / "walk", legs())
    toeless = legs()
    toeless[:, 7] = np.nan
    cases = {
        "no frame rate is given": (walk,),
        "lasts 3.0 s and the companion reads 5.0 s": (
            write(tmp_path / "a", legs(3.0)),
            "--fps",
            "25",
        ),
        "toeless: right big toe: never seen": (write(tmp_path / "toeless", toeless), "--fps", "25"),
        "say which with --person": (write(tmp_path / "b", legs(), 900.0), "--fps", "25"),
        "outside of 300x300 pixels": (walk, "--fps", "25", "--picture", "300x300"),
        "--network gru: openpose-gdi has no network of that name; name one of cnn": (
            walk,
            "--fps",
            "25",
            "--network",
            "gru",
        ),
        "there is no such file or folder": (tmp_path / "none",),
    }
    for sentence, given in cases.items():
        code, said, error = run(capsys, weights, *given)
        assert (code, said) == (1, ""), sentence
        assert sentence in error and error.count("\n") == 1, error


def test_points_without_feet_are_a_sentence(tmp_path, capsys, weights):
    import json

    path = tmp_path / "coco.json"
    one = np.full((17, 3), 50.0) + np.arange(17)[:, None]
    frames = [{"people": [{"pose_keypoints_2d": one.ravel().tolist()}]}] * 130
    path.write_text(json.dumps(frames), encoding="utf-8")
    code, _, error = run(capsys, weights, path, "--fps", "25")
    assert code == 1 and "has no left big toe, right big toe" in error


def test_weights_that_are_absent_are_a_sentence(tmp_path, capsys):
    code, _, error = run(capsys, tmp_path, write(tmp_path / "walk", legs()), "--fps", "25")
    assert code == 1 and "not an OpenPose companion, it lacks card.json" in error
