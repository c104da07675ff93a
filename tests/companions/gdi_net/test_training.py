"""Every part is learned, goes on where it was stopped, and is judged beside its rivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.companions.gdi_net import leak, release
from simgait.companions.gdi_net.config import DataConfig, GdiNetConfig, OptimiserConfig
from simgait.companions.gdi_net.evaluation import QUANTITY, beside_the_paper, evaluate
from simgait.companions.gdi_net.frames import N_FRAMES
from simgait.companions.gdi_net.kept_walks import TrainingWalks, keep, kept
from simgait.companions.gdi_net.labels import labelled_walks
from simgait.companions.gdi_net.release import check_apart, train_and_release
from simgait.companions.gdi_net.training import Standard, frame_targets, window_frames
from simgait.companions.gdi_net.walkers import POSTURE, mirrored_posture
from simgait.companions.gdi_net.weights import load_gdi_net
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.companion import Labels, Order
from simgait.estimators.judged import judge
from simgait.gait.known_scores import released_reference
from tests.companions.gdi_net.made_up import SMALL, untrained, walking, walks, written


@dataclass
class Memory:
    """A training's folder that keeps its checkpoint in memory, and may be asked to stop."""

    path: Path
    stop_after: int = 10**9
    facts: Any = None
    state: Any = None
    saves: int = 0
    stopping: bool = False
    finished: bool = field(default=False)

    def load(self, like: Any) -> Any:
        return self.state

    def save(self, state: Any, facts: Any) -> None:
        self.state, self.last = state, facts
        self.saves += 1
        if self.saves == self.stop_after:
            raise KeyboardInterrupt

    def steps(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()

    def finish(self) -> None:
        self.finished = True


def order_of(**optimiser: Any) -> Order:
    choice = OptimiserConfig(
        posture_steps=60, over_time_steps=150, whole_steps=2, whole_batch=2, vgg16_steps=1,
        **optimiser,
    )  # fmt: skip
    config = GdiNetConfig(data=DataConfig(walkers=40), frames=SMALL, optimiser=choice)
    return Order(config, None, None, None, "a test", None, lambda line: None)


def test_windows_are_the_published_ones():
    at = window_frames(1)
    assert at.shape == (9, 10) and at[0].tolist() == [*range(10)] and at[-1, -1] == 49
    assert window_frames(3).max() < N_FRAMES and (np.diff(window_frames(3), axis=1) == 3).all()


def test_a_mirror_exchanges_the_legs_and_turns_the_pelvis():
    posture = np.arange(len(POSTURE), dtype=float)
    other = mirrored_posture(posture)
    assert other[POSTURE.index("left_knee_flexion")] == POSTURE.index("right_knee_flexion")
    assert other[POSTURE.index("pelvis_rotation")] == -POSTURE.index("pelvis_rotation")
    assert other[0] == 0
    np.testing.assert_array_equal(mirrored_posture(other), posture)


def test_the_standard_is_that_of_the_walks():
    some = walks(9)
    standard = Standard.of(some)
    assert standard.gdi_mean == pytest.approx(some.target.mean())
    whole = (frame_targets(some) - standard.frame_mean) / standard.frame_sd
    np.testing.assert_allclose(whole.std(axis=(0, 1)), 1.0, atol=1e-6)


def test_people_and_frames_are_apart(tmp_path):
    learned, others = walks(4), walks(4, 100)
    check_apart(TrainingWalks(learned, others, None))
    with pytest.raises(SplitError, match="learned from, and in what judges"):
        check_apart(TrainingWalks(learned, walks(4, 3).rows(np.arange(4)), None))
    renamed = TrainingWalks(learned, learned.rows(np.arange(2)), None)
    object.__setattr__(renamed.calibration, "people", ("x", "y"))
    with pytest.raises(SplitError, match="frames that judge were learned from"):
        check_apart(renamed)
    keep(tmp_path, TrainingWalks(learned, others, None))
    again = kept(tmp_path)
    assert again is not None and again.calibration.people == others.people and again.test is None
    np.testing.assert_array_equal(again.train.frames, learned.frames)


def test_labels_of_ones_own_people(tmp_path):
    written(tmp_path / "a.iuv", walking(52))
    written(tmp_path / "short.iuv", walking(20))
    reference = released_reference()
    said: list[str] = []
    rows = [("a.iuv", "p", "left", 80.0), ("a.iuv", "p", "right", 90.0),
            ("short.iuv", "q", "left", 80.0), ("short.iuv", "q", "right", 80.0)]  # fmt: skip
    recording, person, side, gdi = map(list, zip(*rows, strict=True))
    text = {"recording": recording, "person": person, "side": side,
            "reference": [reference.name] * 4}  # fmt: skip
    labels = Labels("t.csv", tmp_path, text, {"gdi_points": gdi, "fps_hz": [25.0] * 4})
    found = labelled_walks(labels, reference, SMALL, said.append)
    assert found.people == ("p",) and found.target.tolist() == [85.0]
    assert np.isnan(found.posture).all()
    assert "short.iuv: its 20 pictures at 25 Hz show 0.8 s" in said[0]
    text["person"][0] = " "
    with pytest.raises(InputError, match=r"t.csv: 1 of 4 labels do not say whose they are"):
        labelled_walks(labels, reference, SMALL, said.append)
    text["person"][0], text["reference"][0] = "p", "others"
    with pytest.raises(InputError, match="has a GDI against others, and the reference given is"):
        labelled_walks(labels, reference, SMALL, said.append)


@pytest.mark.slow
def test_from_walks_to_a_release_that_was_stopped_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "simgait.companions.openpose_gdi.targets.synthetic_reference", released_reference
    )
    monkeypatch.setattr(release, "N_JUDGED", 12)
    monkeypatch.setattr(
        "simgait.companions.gdi_net.evaluation.rendered_walks", lambda *given: walks(12, 500)
    )
    keep(tmp_path, TrainingWalks(walks(40), walks(24, 200), None))
    folder = Memory(tmp_path, stop_after=3)
    with pytest.raises(KeyboardInterrupt):
        train_and_release(order_of(), folder)
    folder.facts, folder.stop_after = folder.last, 10**9
    said = train_and_release(order_of(), folder)
    assert folder.finished and "| ridge | GDI, mean of both sides (points) |" in said
    trained, card = load_gdi_net(tmp_path)
    assert len(card.people.train) == 40 and trained.frames == SMALL
    found = {row.estimator: row for row in evaluate(12, tmp_path).rows[:-1]}
    assert found["GDI-Net (CNN + LSTM)"].rmse < found["mean of the training people"].rmse
    monkeypatch.setattr(
        "simgait.companions.gdi_net.evaluation.rendered_walks", lambda *given: walks(12, 30)
    )
    with pytest.raises(SplitError):
        evaluate(12, tmp_path)


def test_the_order_of_the_paper_stands_beside_ours():
    truth, people = np.linspace(60.0, 110.0, 6), tuple("abcdef")
    rows = [
        judge(name, QUANTITY, "points", truth, truth + error * np.sign(truth - 85.0), people)
        for name, error in (("frame CNN", 3.0), ("GDI-Net (CNN + LSTM)", 5.0), ("ridge", 4.0))
    ]
    ranks = {row[0]: (row[1], *row[5:]) for row in beside_the_paper(rows).rows}
    assert ranks == {
        "frame CNN": ("1", "2", "8.2"), "ridge": ("2", "–", "–"),
        "GDI-Net (CNN + LSTM)": ("3", "1", "4.4"),
    }  # fmt: skip


@pytest.mark.slow
def test_a_leaking_split_looks_better_than_it_is(tmp_path, monkeypatch):
    """Walks whose numbers say whose they are, and nothing of the GDI."""
    rng = np.random.default_rng(1)
    codes = rng.normal(size=(20, 1, 16)) + 0.01 * rng.normal(size=(20, N_FRAMES, 16))
    folder = untrained(tmp_path / "gdi_net")
    monkeypatch.setattr(leak, "released_folder", lambda: folder)
    monkeypatch.setattr(leak, "rendered_walks", lambda *given: walks(20))
    monkeypatch.setattr(leak, "frame_numbers", lambda variables, frames: codes)
    choice = OptimiserConfig(over_time_steps=200)
    found = leak.leaking_and_clean(lambda line: None, 20, choice)
    leaking, _, clean, mean = found.rows
    assert "leaks" in leaking.estimator and leaking.rmse < 0.3 * mean.rmse
    assert clean.rmse > 0.8 * mean.rmse
