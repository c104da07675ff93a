"""What people drop on us: each one clear sentence, the others still done, nothing half-written."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from tests.cli.conftest import Ran, Walk, make_walk

pytestmark = pytest.mark.usefixtures("batches_of_eight")


def swapped(points: np.ndarray) -> np.ndarray:
    order = [
        KEYPOINT_NAMES.index(
            name.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        )
        for name in KEYPOINT_NAMES
    ]
    return points[:, order]


def turning(points: np.ndarray) -> np.ndarray:
    """The walk bent around a circle, half a turn in three seconds."""
    angle = np.linspace(0.0, np.pi, len(points))
    c, s, zero = np.cos(angle), np.sin(angle), np.zeros_like(angle)
    turn = np.stack([np.stack([c, -s, zero], -1), np.stack([s, c, zero], -1),
                     np.stack([zero, zero, zero + 1], -1)], axis=1)  # fmt: skip
    middle = points.mean(axis=1, keepdims=True) * [1.0, 1.0, 0.0]
    steps = np.gradient(middle[:, 0], axis=0)
    path = np.cumsum(np.einsum("tij,tj->ti", turn, steps), axis=0)
    return np.einsum("tij,tkj->tki", turn, points - middle) + path[:, None]


def with_gap(points: np.ndarray, start: int, stop: int) -> np.ndarray:
    out = points.copy()
    out[start:stop] = np.nan
    return out


def write_joints_c3d(path: Path, points: np.ndarray) -> bytes:
    """The points of the legs as C3D, named as joints: LeftHip, ...; its bytes."""
    import ezc3d

    legs = [name for name in KEYPOINT_NAMES if name.split()[-1] in ("Hip", "Knee", "Ankle")]
    c3d = ezc3d.c3d()
    c3d["parameters"]["POINT"]["RATE"]["value"] = [30.0]
    c3d["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    c3d["parameters"]["POINT"]["LABELS"]["value"] = [name.replace(" ", "") for name in legs]
    chosen = points[:, [KEYPOINT_NAMES.index(name) for name in legs]]
    c3d["data"]["points"] = np.concatenate(
        [1000.0 * chosen.transpose(2, 1, 0), np.ones((1, len(legs), len(points)))]
    )
    c3d.write(str(path))
    return path.read_bytes()


def write_bad_c3d(folder: Path, points: np.ndarray) -> None:
    write_joints_c3d(folder / "zeros.c3d", 0.0 * points)
    write_joints_c3d(folder / "nan.c3d", np.nan * points)
    whole = write_joints_c3d(folder / "hip-twice.c3d", points)
    # ezc3d writes no label twice, so that it is changed in the bytes.
    (folder / "hip-twice.c3d").write_bytes(whole.replace(b"LeftKnee", b"LeftHip "))
    ankle, infinite = KEYPOINT_NAMES.index("Left Ankle"), points.copy()
    infinite[7, ankle] = np.inf
    write_joints_c3d(folder / "infinite.c3d", infinite)


def write_bad_files(folder: Path, good: Walk) -> None:
    points, save = good.points_m, good.save
    names = np.array(KEYPOINT_NAMES)
    save(folder / "mm-for-m.npz", keypoints=1000.0 * points)
    save(folder / "height-in-cm.npz", height_m=100.0 * good.height_m)
    save(folder / "y-down.npz", keypoints=points[..., [1, 2, 0]] * [1.0, -1.0, 1.0])
    save(folder / "too-few-joints.npz", keypoints=points[:, :22], names=None)
    save(folder / "twice.npz", names=np.where(names == "Head", "Left Hip", names))
    save(folder / "zeros.npz", keypoints=0.0 * points)
    save(
        folder / "no-knee.npz", keypoints=np.where((names == "Left Knee")[:, None], np.nan, points)
    )
    save(
        folder / "infinite.npz",
        keypoints=np.where(np.arange(91)[:, None, None] == 7, np.inf, points),
    )
    save(folder / "long-gap.npz", keypoints=with_gap(points, 20, 75))
    save(folder / "swapped.npz", keypoints=swapped(points))
    save(folder / "no-fps.npz", fps_hz=None)
    save(folder / "wrong-fps.npz", fps_hz=30000.0)
    save(folder / "short.npz", keypoints=points[:30])
    save(folder / "no-frames.npz", keypoints=points[:0])
    save(folder / "no-cycle.npz", keypoints=points[:32], scale_is_metric=True)
    save(folder / "turn.npz", keypoints=turning(points))
    save(folder / "standing.npz", keypoints=np.repeat(points[:1], 91, axis=0)
         + 0.001 * np.random.default_rng(0).standard_normal(points.shape))  # fmt: skip
    save(folder / "backwards.npz", keypoints=points[::-1])
    save(folder / "no-height.npz", height_m=None)
    whole = save(folder / "truncated.npz").read_bytes()
    (folder / "truncated.npz").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.npz").write_bytes(b"")
    write_bad_c3d(folder, points)
    (folder / "no-c3d.c3d").write_bytes(b"this is a letter, not a recording" * 40)
    (folder / "empty.trc").write_bytes(b"")
    np.save(folder / "pickled.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)


SENTENCES = {
    "mm-for-m.npz": ("unit", "mm|millimet"),
    "height-in-cm.npz": ("centimetres", r"give 1\.\d\d"),
    "y-down.npz": ("axes|upright|up",),
    "too-few-joints.npz": ("22", "names|keypoint"),
    "twice.npz": ("Left Hip", "twice"),
    "zeros.npz": ("no usable Left Hip",),
    "no-knee.npz": ("Left Knee",),
    "infinite.npz": ("infinite", "NaN"),
    "long-gap.npz": ("no straight walking bout", "frames|found"),
    "swapped.npz": ("left and right|swapped",),
    "no-fps.npz": ("frame rate|fps",),
    "wrong-fps.npz": ("30000", "frame"),
    "short.npz": ("30 frames", "36", "at least 1.2 s .* or have simgait track take .*--min-frames"),
    "no-frames.npz": ("holds no frames",),
    "no-cycle.npz": ("no full gait cycle|pass each other",),
    "turn.npz": ("no straight walking bout", "record .* straight walking"),
    "backwards.npz": ("backward", "record forward walking"),
    "no-height.npz": ("height", "--height"),
    "truncated.npz": ("truncated|damaged",),
    "empty.npz": ("empty",),
    "zeros.c3d": ("Left Hip, .*Right Ankle are never seen", "zeros"),
    "nan.c3d": ("Left Hip, .*Right Ankle are never seen", "missing"),
    "hip-twice.c3d": ("Left Knee is not among", "LeftHip is there twice"),
    "infinite.c3d": ("infinite number", "frame 7, LeftAnkle"),
    "no-c3d.c3d": ("C3D",),
    "empty.trc": ("empty",),
    "pickled.npy": ("pickle|objects",),
}


NO_TEXT = b"M\xfcl\x1bler.npz"
"""Name of a good file: Latin-1, and an escape."""
SHOWN = {"M\ufffdl\ufffdler.npz"} if sys.platform == "linux" else set()


@pytest.fixture(scope="module")
def call(
    tmp_path_factory: pytest.TempPathFactory, policy: Path, good_walk: Walk
) -> tuple[Ran, Path]:
    """All of them in one call, a good walk first and one last."""
    folder, out = tmp_path_factory.mktemp("bad"), tmp_path_factory.mktemp("out") / "results"
    write_bad_files(folder, good_walk)
    good_walk.save(folder / "a-good-one.npz", subject_id="../../../etc/P01", scale_is_metric=True)
    good_walk.save(folder / "zz-short-gap.npz", keypoints=with_gap(good_walk.points_m, 40, 43))
    if sys.platform == "linux":  # others do not let names be anything but text
        good_walk.save(folder / os.fsdecode(NO_TEXT))
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = main(["track", str(folder), "-o", str(out), "--policy", str(policy)])
    return Ran(code, stdout.getvalue(), stderr.getvalue()), out


@pytest.mark.parametrize("name", SENTENCES)
def test_each_bad_file_gets_one_clear_sentence(call: tuple[Ran, Path], name: str) -> None:
    ran, _ = call
    assert ran.err.count(f"simgait: {name}: ") == 1
    sentence = ran.sentences()[name]
    for pattern in SENTENCES[name]:
        assert re.search(pattern, sentence, flags=re.IGNORECASE), f"{name}: {sentence}"
    assert sentence.endswith(".") and len(sentence) < 300
    assert "Traceback" not in ran.err and "should not happen" not in sentence
    assert str(Path.home()) not in sentence and "/tmp" not in sentence


def test_the_others_are_still_done(call: tuple[Ran, Path]) -> None:
    ran, out = call
    assert ran.code == 1
    assert set(ran.sentences()) == set(SENTENCES)
    assert {p.name for p in out.iterdir()} == {
        "a-good-one", "index.html", "summary.csv", "zz-short-gap", *(["M_l_ler"] if SHOWN else []),
    }  # fmt: skip
    for trial in ("a-good-one", "zz-short-gap"):
        assert (out / trial / "report.html").stat().st_size < 2_000_000
    with (out / "summary.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["source"]: row for row in csv.DictReader(file)}
    assert set(rows) == {*SENTENCES, "a-good-one.npz", "zz-short-gap.npz", "standing.npz", *SHOWN}
    assert all((row["failure"] == "") == (row["verdict"] != "failed") for row in rows.values())
    assert rows["standing.npz"]["verdict"] == "standing"
    assert "standing: Standing trial, not tracked" in ran.out
    assert float(rows["a-good-one.npz"]["duration_s"]) == pytest.approx(3.0)
    # The stand-in knows nothing, so that its walk ends in a fall: that is told, not hidden.
    assert rows["zz-short-gap.npz"]["fell"] == "1"
    assert rows["zz-short-gap.npz"]["verdict"] == "use_none"
    assert "zz-short-gap: Use no number (The simulated body fell" in ran.out
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "a-good-one/report.html" in index and "swapped" in index


def test_no_folder_or_escape_in_what_is_written(call: tuple[Ran, Path]) -> None:
    _, out = call
    for path in out.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", errors="replace")
            assert "/tmp" not in text and "../" not in text and "etc/P01" not in text, path.name
            # A C3D file is numbers: its bytes may be anything.
            is_text = path.suffix != ".c3d"
            assert not is_text or ("\x1b" not in text and "\\udc" not in text), path.name


def test_no_pieces_are_left_behind(call: tuple[Ran, Path]) -> None:
    _, out = call
    assert not [p for p in out.parent.rglob("*") if ".part" in p.name or "simgait-p" in p.name]


def test_broken_and_foreign_c3d(simgait, data_dir: Path, tmp_path: Path, policy: Path) -> None:
    files = [data_dir / "bad" / n for n in ("bad_parameter_section.c3d", "mips_processor.c3d")]
    ran = simgait("track", *files, "-o", tmp_path / "out", "--policy", policy)
    assert ran.code == 1
    assert "damaged" in ran.sentences()["bad_parameter_section.c3d"]
    assert "MIPS" in ran.sentences()["mips_processor.c3d"]


@pytest.mark.parametrize(("height", "word"), [("175", "1.75"), ("1750", "1.75"), ("0.2", "metres")])
def test_height_in_other_units(simgait, tmp_path: Path, height: str, word: str) -> None:
    ran = simgait("track", "walk.npz", "--height", height, "-o", tmp_path / "out")
    assert ran.code == 1 and word in ran.err and ran.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_usage_errors_are_2(simgait, tmp_path: Path) -> None:
    assert simgait("track", "walk.npz").code == 2
    assert simgait("trakc").code == 2
    assert simgait("track", "walk.npz", "-o", tmp_path / "out", "--age").code == 2


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--height", "1,75", "--height: '1,75' is not a number; write 1.75."),
        ("--age", "acht", "--age: 'acht' is not a number."),
        ("--age", "-3", "--age: -3 years are no walking person's age; give 0.5 to 120."),
        ("--positions", "guessed", "--positions: 'guessed' is neither measured nor estimated."),
    ],
)
def test_a_wrong_value_is_one_sentence_whoever_finds_out(
    simgait, tmp_path: Path, option: str, value: str, said: str
) -> None:
    ran = simgait("track", "walk.npz", option, value, "-o", tmp_path / "out")
    assert ran.code == 1 and ran.err == f"simgait: {said}\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "written", "meant"),
    [
        (("track", "walk.npz"), "--heigth", "--height"),
        (("track", "walk.npz"), "--nroms=own.csv", "--norms"),
        (("cohort", "run", "study.csv"), "--batsh", "--batch"),
    ],
)
def test_an_option_that_nobody_has_is_refused_with_the_nearest(
    simgait, tmp_path: Path, command: tuple[str, ...], written: str, meant: str
) -> None:
    ran = simgait(*command, "-o", tmp_path / "out", written, "1")
    flag = written.split("=")[0]
    assert ran.code == 2
    assert f"error: there is no option {flag}; the nearest is {meant}." in ran.err
    far = simgait(*command, "-o", tmp_path / "out", "--quux", "1")
    assert far.code == 2 and "no option --quux; simgait " in far.err and "--help lists" in far.err


def test_an_option_of_another_format(simgait, tmp_path: Path, policy: Path) -> None:
    (tmp_path / "walk.trc").write_text("PathFileType\t4\t(X/Y/Z)\twalk.trc\n")
    ran = simgait(
        "track",
        tmp_path / "walk.trc",
        "--keypoint-set",
        "coco-17",
        "-o",
        tmp_path / "o",
        "--policy",
        policy,
    )
    assert ran.code == 1 and "does not apply to .trc" in ran.err


def test_absent_and_useless_inputs(simgait, tmp_path: Path, policy: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "notes.txt").write_text("hello")
    (tmp_path / "walk.mp4").write_bytes(b"x")
    for names, words in (
        (("nothing", "walk.mp4", "absent.c3d"), "absent.c3d: there is no such file"),
        (("nothing",), "no recording in this folder"),
    ):
        inputs = [tmp_path / name for name in names]
        ran = simgait("track", *inputs, "-o", tmp_path / "out", "--policy", policy)
        assert ran.code == 1 and words in ran.err and ran.err.count("\n") == 1
        assert not (tmp_path / "out").exists()
    inputs = [tmp_path / name for name in ("nothing", "walk.mp4")]
    ran = simgait("track", *inputs, "-o", tmp_path / "out", "--policy", policy)
    assert ran.code == 1 and ran.err.count("\n") == 1 and not (tmp_path / "out").exists()
    assert (
        "none of 2 inputs can be read so; of the first: nothing: there is no recording" in ran.err
    )


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [("--unit", "furlong", "m, cm, mm"), ("--axes", "sideways", "z-up"), ("--fps", "3", "--fps"),
     ("--keypoint-set", "mine", "movi-87"), ("--mass", "7000", "kilograms"),
     ("--min-frames", "3", "10 or more"), ("--asf", "none.asf", "no such file")],
)  # fmt: skip
def test_what_holds_of_no_recording_is_refused_before_one_is_read(
    simgait, tmp_path: Path, good_walk: Walk, option: str, value: str, words: str
) -> None:
    walk = good_walk.save(tmp_path / "walk.npz")
    ran = simgait("track", walk, option, value, "-o", tmp_path / "out")
    assert ran.code == 1 and words in ran.err and option in ran.err
    assert ran.err.count("\n") == 1 and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("track", "walk.npz", "-o", ""), "-o"),
        (("track", "walk.npz", "--out="), "--out"),
        (("track", "", "-o", "out"), "word 2"),
    ],
)
def test_a_word_that_is_empty_is_not_the_folder_one_is_in(
    simgait, tmp_path: Path, monkeypatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = simgait(*words)
    assert ran.code == 1 and ran.err.startswith(f"simgait: {said}: is empty")
    assert ran.err.count("\n") == 1 and not list(tmp_path.iterdir())


def test_an_output_folder_that_is_a_file(simgait, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    (tmp_path / "walk.npz").write_bytes(b"x")
    ran = simgait("track", tmp_path / "walk.npz", "-o", tmp_path / "out")
    assert ran.code == 1 and "not a folder" in ran.err
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write and read everything")
def test_folders_without_permission(simgait, tmp_path: Path, policy: Path) -> None:
    for name, mode in (("read-only", 0o500), ("barred", 0o000)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    (tmp_path / "walk.npz").write_bytes(b"x")
    ran = simgait("track", tmp_path / "walk.npz", "-o", tmp_path / "read-only" / "out")
    assert ran.code == 1 and "cannot be written" in ran.err
    ran = simgait("track", tmp_path / "barred", "-o", tmp_path / "out", "--policy", policy)
    assert ran.code == 1 and "cannot be opened" in ran.err


def test_a_policy_that_is_none(simgait, tmp_path: Path, good_walk: Walk) -> None:
    walk = good_walk.save(tmp_path / "walk.npz")
    ran = simgait("track", walk, "-o", tmp_path / "out", "--policy", tmp_path / "absent")
    assert ran.code == 1 and "no such policy folder" in ran.err
    (tmp_path / "empty").mkdir()
    ran = simgait("track", walk, "-o", tmp_path / "out", "--policy", tmp_path / "empty")
    assert ran.code == 1 and "not a policy folder" in ran.err


def test_the_turn_is_a_turn() -> None:
    points = make_walk().points_m
    hips = turning(points)[:, [KEYPOINT_NAMES.index(f"{s} Hip") for s in ("Left", "Right")]]
    across = hips[:, 0] - hips[:, 1]
    assert across[0] @ across[-1] < -0.9 * np.linalg.norm(across[0]) * np.linalg.norm(across[-1])
