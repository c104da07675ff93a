"""A reader and a keypoint set from outside the package are used by every command."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait import cli
from simgait.errors import InputError
from simgait.recordings import read_recording, readers, register_reader
from simgait.recordings.detectors import keypoint_sets
from simgait.recordings.options import ReadOptions
from simgait.types import Recording
from tests.present import present

MADE_UP = Path(__file__).with_name("made_up_formats.py")


def reads_nothing(path: Path, options: ReadOptions) -> Recording:
    raise NotImplementedError


@pytest.fixture
def registers(monkeypatch):
    """What a test registers is forgotten after it."""
    readers.load_plug_ins()
    monkeypatch.setattr(readers, "_REGISTERED", list(readers._REGISTERED))
    monkeypatch.setattr(keypoint_sets, "_SETS", dict(keypoint_sets._SETS))


@pytest.fixture
def made_up(registers):
    spec = present(importlib.util.spec_from_file_location("made_up_formats", MADE_UP))
    module = importlib.util.module_from_spec(spec)
    present(spec.loader).exec_module(module)
    return module


@pytest.fixture
def sticks(tmp_path, made_up, walk) -> tuple[Path, Recording]:
    """A file of the made-up detector, and the walk that it shows."""
    r = walk()
    names = {i: name for name, i in made_up.STICKS.index.items()}
    ours = np.zeros((len(r.time_s), made_up.STICKS.width, 3))
    for i, name in names.items():
        ours[:, i] = r.keypoints_m[:, r.keypoint_names.index(name)]
    # Ours is x forward, y left, z up; the detector's x left, y up, z forward, in centimetres.
    table = (100.0 * ours[..., [1, 2, 0]]).reshape(len(ours), -1)
    path = tmp_path / "walk.sticks"
    np.savetxt(path, table, header="sticks", comments="")
    return path, r


def test_the_set_brings_unit_axes_and_frame_rate(sticks):
    path, r = sticks
    back = read_recording(path, height_m=1.7)
    order = [r.keypoint_names.index(name) for name in back.keypoint_names]
    np.testing.assert_allclose(back.keypoints_m, r.keypoints_m[:, order], atol=1e-6)
    assert np.isclose(np.median(np.diff(back.time_s)), 1 / 60)
    assert np.isclose(np.median(np.diff(read_recording(path, fps_hz=30.0).time_s)), 1 / 30)


def test_commands_read_it(sticks, capsys, tmp_path):
    path, _ = sticks
    assert cli.main(["inspect", str(path), "--height", "1.7", "--fps", "30"]) == 0
    assert "sticks" in capsys.readouterr().out
    assert cli.main(["inspect", str(path.parent), "--height", "1.7", "--fps", "30"]) == 0
    assert "walk.sticks: " in capsys.readouterr().out
    out = tmp_path / "walk.npz"
    assert cli.main(["convert", str(path), "--fps", "30", "-o", str(out)]) == 0
    np.testing.assert_allclose(
        read_recording(out).keypoints_m, read_recording(path, fps_hz=30.0).keypoints_m
    )
    asf = tmp_path / "x.asf"
    asf.touch()
    assert cli.main(["convert", str(path), "--asf", str(asf), "-o", str(out), "--overwrite"]) == 1
    assert "the option --asf does not apply to .sticks files" in capsys.readouterr().err


def test_arrays_of_the_new_set_are_read_by_its_alias(sticks, made_up, tmp_path, capsys):
    path, _ = sticks
    np.save(tmp_path / "s.npy", np.loadtxt(path, skiprows=1).reshape(-1, 7, 3))
    said = ["--keypoint-set", "Sticks", "--height", "1.7", "--fps", "30"]
    assert cli.main(["inspect", str(tmp_path / "s.npy"), *said]) == 0
    assert cli.main(["inspect", str(tmp_path / "s.npy"), "--keypoint-set", "stiks"]) == 1
    assert "sticks-7" in capsys.readouterr().err


def test_files_that_share_an_extension_are_told_apart(sticks, registers):
    path, _ = sticks
    with pytest.raises(ValueError, match="have a reader already"):
        register_reader(".c3d", holds="x")(reads_nothing)
    known = read_recording(path)
    register_reader(".sticks", holds="all others")(
        lambda path, options: replace(known, source_format="stones")
    )
    assert read_recording(path).source_format == "sticks"
    other = path.with_name("other.sticks")
    other.write_text("stones\n")
    assert read_recording(other).source_format == "stones"


def test_a_file_that_no_reader_knows(sticks):
    path, _ = sticks
    path.write_text("stones\n1 2 3\n")
    with pytest.raises(InputError, match="holds nothing that a reader of .sticks files knows"):
        read_recording(path)
    path.write_text("sticks\n1 2 3\n4 5\n")
    with pytest.raises(InputError, match="walk.sticks: a line holds no 21 numbers"):
        read_recording(path)


@pytest.mark.parametrize(
    ("extensions", "more"),
    [((), {}), (("c4d",), {}), ((".C4D",), {}), ((".c4d",), {"takes": frozenset({"colour"})})],
)
def test_readers_that_cannot_be_are_not_registered(registers, extensions, more):
    with pytest.raises(ValueError):
        register_reader(*extensions, holds="x", **more)(reads_nothing)


def installed(folder: Path, module: str, target: str) -> None:
    (folder / f"{module}-1.dist-info").mkdir()
    (folder / f"{module}-1.dist-info" / "METADATA").write_text(f"Name: {module}\nVersion: 1\n")
    text = f"[{readers.PLUG_INS}]\n{module} = {target}\n"
    (folder / f"{module}-1.dist-info" / "entry_points.txt").write_text(text)


@pytest.fixture
def fresh_plug_ins(registers, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    readers.load_plug_ins.cache_clear()


def test_an_installed_package_is_found_by_its_entry_point(fresh_plug_ins):
    (fresh_plug_ins / "stickmen.py").write_text(MADE_UP.read_text())
    installed(fresh_plug_ins, "stickmen", "stickmen")
    readers.load_plug_ins.cache_clear()
    assert readers.readers_of(".sticks")


def test_a_broken_plug_in_is_named(fresh_plug_ins):
    installed(fresh_plug_ins, "broken", "no_such_module_at_all")
    readers.load_plug_ins.cache_clear()
    with pytest.raises(InputError, match="The plug-in 'broken' .* uninstall it"):
        readers.readers_of(".c3d")
