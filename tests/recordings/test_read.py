import os

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.read import options_of, read_recording


@pytest.mark.parametrize(
    ("name", "words"),
    [("none.c3d", "no such file"), ("folder", "this is a folder"), ("empty.npz", "is empty"),
     ("empty.c3d", "is empty"), ("walk.mp4", "run a 3D keypoint detector"),
     ("notes.txt", "files of type .txt are not read"), ("s.asf", "skeleton without motion"),
     ("walk", "files of type none are not read")],
)  # fmt: skip
def test_what_cannot_be_read_gets_one_sentence(tmp_path, name, words):
    if name == "folder":
        (tmp_path / name).mkdir()
    elif name != "none.c3d":
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=words) as error:
        read_recording(tmp_path / name)
    message = str(error.value)
    assert message.startswith(f"{name}: ") and message.endswith(".") and "\n" not in message
    assert str(tmp_path) not in message


@pytest.mark.parametrize("suffix", [".c3d", ".trc", ".amc", ".npz", ".npy"])
def test_noise_is_refused_by_every_reader(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    (tmp_path / f"x{suffix}").write_bytes(noise)
    with pytest.raises(InputError, match=f"x{suffix}: "):
        read_recording(tmp_path / f"x{suffix}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path, walk):
    write_npz(tmp_path / "w.npz", walk())
    (tmp_path / "w.npz").chmod(0)
    with pytest.raises(InputError, match="permissions"):
        read_recording(tmp_path / "w.npz")


def test_permission_denied_is_one_sentence(tmp_path, walk, monkeypatch):
    write_npz(tmp_path / "w.npz", walk())
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match=r"cannot be read; check its permissions"):
        read_recording(tmp_path / "w.npz")


def test_options_that_do_not_apply_are_refused_and_none_is_not_given(tmp_path, walk):
    write_npz(tmp_path / "w.npz", walk())
    assert read_recording(tmp_path / "w.npz", height_m=None, asf=None).height_m == 1.7
    with pytest.raises(InputError, match="the option asf does not apply to .npz files"):
        read_recording(tmp_path / "w.npz", asf="s.asf")
    assert "belt_speed_mps" in options_of("a.c3d") and "keypoint_set" in options_of("a.npy")
    assert options_of("a.mp4") == frozenset()


def test_id_of_a_file_with_a_wild_name(tmp_path, walk):
    path = tmp_path / "..walk 1; rm -rf <b>.npz"
    write_npz(path, walk())
    assert read_recording(path).recording_id == "walk_1_rm_-rf_b"
