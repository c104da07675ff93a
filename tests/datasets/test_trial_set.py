"""Trial sets survive the disk; damaged ones are refused in one sentence."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace

import numpy as np
import pytest

from simgait.datasets.trial_set import TrialSet
from simgait.errors import InputError
from simgait.trials.preparation import prepare
from simgait.types import Trial


@pytest.fixture(scope="module")
def trials(walk) -> TrialSet:
    recording = walk(4.0)
    angles = np.full((len(recording.time_s), 13), np.nan)
    angles[:, 3] = 0.1
    made = [
        prepare(recording)[0],
        prepare(replace(recording, pose=None, reference_angles_rad=angles, mass_kg=70.0))[0],
        prepare(walk(5.0, pose=None, events=(), metric=False, pelvis_travels=False))[0],
    ]
    named = [
        replace(t, trial_id=f"t{i}", subject_id="A" if i < 2 else "B") for i, t in enumerate(made)
    ]
    return TrialSet(tuple(named), {"seed": 3, "versions": {"simgait": "0.1.0"}})


def same(a: Trial, b: Trial) -> None:
    for name in (f.name for f in fields(Trial)):
        x, y = getattr(a, name), getattr(b, name)
        if isinstance(x, np.ndarray):
            assert x.shape == y.shape and (x.dtype == bool) == (y.dtype == bool)
            np.testing.assert_allclose(y.astype(float), x.astype(float), rtol=1e-6, atol=1e-6)
        elif name == "truth" and x is not None:
            np.testing.assert_allclose(y.pose, x.pose, rtol=1e-6, atol=1e-6)
            np.testing.assert_array_equal(y.contact, x.contact)
            assert y.events == x.events
            assert (x.reference_angles_rad is None) == (y.reference_angles_rad is None)
            if x.reference_angles_rad is not None:
                np.testing.assert_allclose(
                    y.reference_angles_rad, x.reference_angles_rad, rtol=1e-6
                )
        else:
            assert x == y, name


def test_round_trip(trials, tmp_path):
    path = tmp_path / "deep" / "set.npz"
    trials.save(path)
    loaded = TrialSet.load(path)
    assert loaded.provenance == trials.provenance and len(loaded) == 3
    for a, b in zip(trials, loaded, strict=True):
        same(a, b)
    assert os.listdir(path.parent) == ["set.npz"]


def test_an_empty_set_is_a_set(tmp_path):
    TrialSet(()).save(tmp_path / "none.npz")
    assert len(TrialSet.load(tmp_path / "none.npz")) == 0


def test_selection_by_subject(trials):
    assert trials.subjects == ("A", "B")
    assert [t.trial_id for t in trials.of_subjects(["A"])] == ["t0", "t1"]
    assert [t.trial_id for t in trials.where(lambda t: t.pelvis_path_mask.all())] == ["t0", "t1"]
    assert trials[2].trial_id == "t2" and trials.of_subjects(["B"]).provenance["seed"] == 3
    with pytest.raises(InputError, match="Subjects not in this trial set: C"):
        trials.of_subjects(["A", "C"])


def test_ids_must_be_unique(trials):
    with pytest.raises(InputError, match="twice in a trial set: t0"):
        TrialSet((trials[0], trials[0]))


def test_a_failed_write_leaves_the_old_file(trials, tmp_path, monkeypatch):
    path = tmp_path / "set.npz"
    trials.save(path)
    before = path.read_bytes()

    def full_disk(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(InputError, match="No space left"):
        TrialSet(trials.trials[:1]).save(path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["set.npz"]


def rewrite(path, change) -> None:
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    manifest = json.loads(arrays["manifest"].tobytes())
    change(manifest, arrays)
    arrays["manifest"] = np.frombuffer(json.dumps(manifest).encode(), dtype=np.uint8)
    np.savez(path, **arrays)


def test_damaged_and_foreign_files(trials, tmp_path):
    path = tmp_path / "set.npz"
    with pytest.raises(InputError, match="there is no such trial set"):
        TrialSet.load(path)
    trials.save(path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for damaged in (b"", b"not an archive", whole[:middle], whole[:200] + b"!" * 50 + whole[250:]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"set.npz: not a trial set, or cut short"):
            TrialSet.load(path)
    np.savez(path, a=np.zeros(3))
    with pytest.raises(InputError, match="not a trial set"):
        TrialSet.load(path)
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(InputError, match="not a trial set"):
        TrialSet.load(tmp_path / "one.npy")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m, a: m.update(format="other"), "not a simgait trial set"),
        (lambda m, a: m.update(version=99), "version 99"),
        (lambda m, a: m.update(keypoint_names=["Nose"]), "other keypoints"),
        (lambda m, a: a.update(contact=a["contact"][:-1]), "damaged .contact"),
        (lambda m, a: a.pop("time_s"), "damaged .time_s"),
        (lambda m, a: m["trials"][0].pop("n_frames"), "damaged"),
        (lambda m, a: m["trials"][0].pop("subject_id"), "damaged"),
    ],
)
def test_a_set_that_does_not_fit_its_manifest(trials, tmp_path, change, message):
    path = tmp_path / "set.npz"
    trials.save(path)
    rewrite(path, change)
    with pytest.raises(InputError, match=message):
        TrialSet.load(path)
