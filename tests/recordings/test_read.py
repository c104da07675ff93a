import os
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import is_readable, read_recording
from simgait.recordings.readers import registered_readers


@pytest.mark.parametrize(
    ("name", "words"),
    [("none.c3d", "no such file"), ("folder", "this is a folder"), ("empty.npz", "is empty"),
     ("empty.c3d", "is empty"), ("walk.mp4", "is empty"),
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


@pytest.mark.parametrize(
    ("folder", "file", "words"),
    [("walk", "000000_IUV.png", "DensePose's I, U, V, .* companion run gdi-net"),
     ("walk.iuv", "000000.npz", "DensePose's I, U, V, .* companion run gdi-net"),
     ("walk", None, "is empty; check the path"), ("walk", "a.c3d", "one by one")],
)  # fmt: skip
def test_a_folder_is_refused_by_what_it_holds(tmp_path, folder, file, words):
    (tmp_path / folder).mkdir()
    if file:
        (tmp_path / folder / file).write_bytes(b"x")
    with pytest.raises(InputError, match=words):
        read_recording(tmp_path / folder)


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
    with pytest.raises(InputError, match="the option --asf does not apply to .npz files"):
        read_recording(tmp_path / "w.npz", asf=Path("s.asf"))
    with pytest.raises(TypeError):
        read_recording(tmp_path / "w.npz", hieght_m=1.7)
    with pytest.raises(TypeError, match="not both"):
        read_recording(tmp_path / "w.npz", ReadOptions(), height_m=1.7)


def test_names_of_recordings_are_known_without_the_files():
    readable = ("a.c3d", "b/A.C3D", "x.npy", "x.trc", "x.amc")
    assert all(is_readable(name) for name in readable)
    assert not any(is_readable(name) for name in ("a.mp4", "x.asf", "report.html", "c3d", ""))


def test_documentation_has_a_row_for_every_reader():
    page = (Path(__file__).parents[2] / "docs" / "recording-format.md").read_text("utf-8")
    for reader in registered_readers():
        names = ", ".join(f"`{extension}`" for extension in reader.extensions)
        beside = f" {reader.beside.replace('.asf', '`.asf`')}" if reader.beside else ""
        assert f"| {names}{beside} | {reader.holds} | {reader.asks} |" in page


def test_every_extension_stands_in_the_sentence_of_refusal(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(InputError) as error:
        read_recording(tmp_path / "x.txt")
    for extension in (".npz", ".npy", ".c3d", ".trc", ".amc (with its .asf beside it)"):
        assert extension in str(error.value)


def test_id_of_a_file_with_a_wild_name(tmp_path, walk):
    path = tmp_path / "..walk 1; rm -rf <b>.npz"
    write_npz(path, walk())
    assert read_recording(path).recording_id == "walk_1_rm_-rf_b"
