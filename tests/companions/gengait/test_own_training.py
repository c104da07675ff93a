"""`simgait companion train gengait --walks`: refusals in one sentence; a training to its card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.gengait import release
from simgait.companions.gengait.own_people import FEWEST_PEOPLE
from simgait.companions.gengait.weights import load_gengait
from simgait.estimators.companion import Evaluation
from simgait.estimators.people import mark
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_own_normal, walker_seed
from simgait.synthetic.walkers.walk import walk

RECIPE = """name = "gengait"
[network]
width = 8
heads = 2
feedforward = 8
encoder_layers = 1
decoder_layers = 1
[data]
walkers = 12
calibration = 76
[optimiser]
steps = 50
batch = 8
"""


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["companion", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def laboratory(folder: Path, people: int) -> Path:
    """Normal walks of so many people, one that cannot be read, and the manifest of all."""
    rows = ["trial,person,path,height_m,age_years", "t99,lab00,gone.npz,1.7,40"]
    spec = draw_own_normal(walker_seed("train", 910_060))
    made = trial_from_walk(walk(spec, 4.0), monocular=False)
    rng = np.random.default_rng(1)
    for k in range(people):
        noise = rng.normal(0.0, 5e-4, made.recording.keypoints_m.shape)
        points = made.recording.keypoints_m + noise
        write_npz(
            folder / f"w{k:02d}.npz", replace(made.recording, keypoints_m=points, subject_id="")
        )
        rows.append(f"t{k:02d},lab{k:02d},w{k:02d}.npz,{made.recording.height_m:.3f},40")
    manifest = folder / "controls.csv"
    manifest.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return manifest


def test_what_is_asked_wrongly_is_a_sentence_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    manifest = laboratory(tmp_path, 2)
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("trial,path\nt1,w00.npz\n", encoding="utf-8")
    empty = tmp_path / "empty.csv"
    empty.write_text("trial,person,path\nt1,,w00.npz\n", encoding="utf-8")
    train = ("train", "gengait", "-o", out, "--machine", "m")
    cases = {
        "nameless.csv: heading: there is no column person": (*train, "--walks", nameless),
        "empty.csv: does not say whose walks they are": (*train, "--walks", empty),
        "controls.csv: 2 people with walks that could be used, and 30 are needed: 15 to learn": (
            *train, "--walks", manifest,
        ),
        "say how its recordings are named, such as --pattern": (*train, "--walks", tmp_path),
        "nameless.csv: is a file, not a folder for results": (
            "train", "gengait", "-o", nameless, "--machine", "m", "--walks", manifest,
        ),
        "none.csv": (*train, "--walks", tmp_path / "none.csv"),
        "--walks and --data: your own people take the place of others": (
            *train, "--walks", manifest, "--data", tmp_path,
        ),
        "--pattern and --people say whose": (*train, "--pattern", "{person}.npz"),
        "--walks: gait-transformer does not learn from walks": (
            "train", "gait-transformer", "-o", out, "--machine", "m", "--walks", manifest,
        ),
    }  # fmt: skip
    for sentence, arguments in cases.items():
        code, _, error = told(capsys, *arguments)
        assert code == 1 and sentence in error, (sentence, error)
        assert error.count("\n") == 1
    # So that a mended manifest begins in the same folder.
    assert not out.exists()


@pytest.mark.slow
def test_a_laboratory_trains_on_its_own_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On test walkers it is judged as any training, see test_train_and_judge.py.
    monkeypatch.setattr(release, "evaluate", lambda *given: Evaluation("not here", ()))
    manifest = laboratory(tmp_path, FEWEST_PEOPLE)
    recipe, out = tmp_path / "recipe.toml", tmp_path / "run"
    recipe.write_text(RECIPE, encoding="utf-8")
    train = (
        "train", "gengait", "-o", out, "--machine", "m", "--config", recipe, "--walks", manifest,
    )  # fmt: skip
    code, said, error = told(capsys, *train)
    assert code == 0, error
    assert "left out: line 2: gone.npz" in said
    assert "30 walks of 30 people from 31 recordings, 1 of which left out" in said
    assert "Normal people of the laboratory's own whom nothing was learned from" in said
    trained, card = load_gengait(out)
    facts = json.loads((out / "card.json").read_text("utf-8"))
    own = {mark(f"lab{k:02d}") for k in range(FEWEST_PEOPLE)}
    learned, thresholds = set(card.people.train) & own, set(card.people.calibration) & own
    assert len(learned) == 15 and len(thresholds) == 10 and not learned & thresholds
    assert set(facts["own"]["judged"]) == own - learned - thresholds
    assert "lab0" not in json.dumps(facts) and facts["own"]["left_out"] == 1
    assert facts["provenance"]["config"]["data"]["own_share"] == 0.5
    assert "15 people of the laboratory's own" in card.learned_from
    assert "by 10 of the laboratory's own people" in card.remarks[0]
    assert [one.people for one in trained.bands.of if one.own] == [FEWEST_PEOPLE]
    page = (out / "README.md").read_text("utf-8")
    assert "CMU" not in page and "but that of the laboratory's own people" in page
    code, said, error = told(capsys, *train)
    assert code == 0 and "this training was finished before" in said
    code, said, error = told(capsys, "run", "gengait", tmp_path / "w00.npz", "--weights", out)
    assert code == 0 and "of the laboratory's own people whom nothing was learned from" in said
