"""A made-up study: walks of mixed bodies and lengths, and recordings that are broken."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from simgait.files import csv_text, write_text
from simgait.recordings.formats.npz import write_npz
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.recording import of_unknown_detector, trial_from_walk
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk

SHORTEST_S, LONGEST_S = 3.0, 15.0
"""Lengths of the bar: drawn evenly between."""
SEED = 72_000
Arrays = Mapping[str, Any]


@dataclass(frozen=True)
class StudyLine:
    """A line of the manifest.

    Attributes:
        walked_s: how long the walk is; 0 of what is broken.
        broken: how, "" of what is sound.
    """

    trial: str
    person: str
    path: str
    height_m: str = ""
    walked_s: float = 0.0
    broken: str = ""


def sound_lines(folder: Path, count: int) -> list[StudyLine]:
    """Writes `count` recordings of a monocular detector's points; those that are there stay."""
    return [_sound(folder, number) for number in range(count)]


def _sound(folder: Path, number: int) -> StudyLine:
    spec = draw_walker(walker_seed("test", number))
    length_s = float(np.random.default_rng([SEED, number]).uniform(SHORTEST_S, LONGEST_S))
    name, person = f"t{number:05d}", f"P{number:05d}"
    path = folder / f"{name}.npz"
    if not path.exists():
        seen = trial_from_walk(walk(spec, length_s)).recording
        told = replace(
            of_unknown_detector(seen),
            subject_id=person,
            recording_id=name,
            height_m=spec.height_m,
        )
        write_npz(path, told)
    return StudyLine(name, person, path.name, walked_s=length_s)


def broken_lines(folder: Path, count: int) -> list[StudyLine]:
    """Writes `count` recordings, broken in each of the known ways in turn."""
    ways = [*CONTENTS, *ARRAYS, *CELLS]
    return [_broken(folder, number, ways[number % len(ways)]) for number in range(count)]


def n_ways() -> int:
    """In how many ways recordings are broken."""
    return len(CONTENTS) + len(ARRAYS) + len(CELLS)


def _broken(folder: Path, number: int, way: str) -> StudyLine:
    """Each begins somewhere else, so that no two files are equal."""
    points, height_m = _walker()
    arrays = {
        "keypoints": points + 0.01 * number, "names": np.array(KEYPOINT_NAMES), "fps_hz": 30.0,
        "unit": "m", "axes": "z-up", "height_m": height_m,
    }  # fmt: skip
    line = StudyLine(f"b{number:04d}", f"B{number:04d}", f"b{number:04d}.npz", broken=way)
    rng = np.random.default_rng([SEED, 1, number])
    if way in CONTENTS:
        ending, damaged = CONTENTS[way]
        line = replace(line, path=f"b{number:04d}{ending}")
        content = damaged(_npz(arrays), rng)
        if content is not None:
            (folder / line.path).write_bytes(content)
        return line
    changed = ARRAYS[way](arrays, rng) if way in ARRAYS else arrays
    (folder / line.path).write_bytes(_npz(changed))
    return replace(line, **CELLS.get(way, {}))  # type: ignore[arg-type]


@lru_cache
def _walker() -> tuple[np.ndarray, float]:
    """Keypoints and height of the walk that is broken."""
    spec = draw_walker(walker_seed("test", 5000), "normal")
    return exact_keypoints(walk(spec, 4.0).pose, spec.dimensions), spec.height_m


def _npz(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _flipped(content: bytes, rng: np.random.Generator) -> bytes:
    found = np.frombuffer(content, np.uint8).copy()
    found[rng.integers(0, len(found), 200)] ^= 0x5A
    return found.tobytes()


CONTENTS: Mapping[str, tuple[str, Callable[[bytes, np.random.Generator], bytes | None]]] = {
    "no file": (".npz", lambda sound, rng: None),
    "empty file": (".npz", lambda sound, rng: b""),
    "cut in half": (".npz", lambda sound, rng: sound[: len(sound) // 2]),
    "bits flipped": (".npz", _flipped),
    "no archive": (".npz", lambda sound, rng: b"PK\x03\x04 no archive" + rng.bytes(9)),
    "C3D without an end": (".c3d", lambda sound, rng: b"\x02\x50" + rng.bytes(510)),
    "C3D of text": (".c3d", lambda sound, rng: b"no C3D " + rng.bytes(9).hex().encode()),
    "TRC of its heading": (".trc", lambda sound, rng: b"PathFileType\t4\t(X/Y/Z)\tw.trc\n"),
    "JSON not closed": (".json", lambda sound, rng: b'{"keypoints": [[[' + rng.bytes(9)),
    "JSON nested deep": (".json", lambda sound, rng: b"[" * 100_000),
    "CSV of words": (".csv", lambda sound, rng: b"time_s,left_hip_x\nsoon,left\n"),
    "video without pictures": (".mp4", lambda sound, rng: b"\0\0\0\x18ftypmp42" + rng.bytes(99)),
    "unknown ending": (".doc", lambda sound, rng: b"a letter " + rng.bytes(9)),
}  # fmt: skip
"""Way -> ending of the name, and what the file holds."""
ARRAYS: Mapping[str, Callable[[Arrays, np.random.Generator], Arrays]] = {
    "no point seen": lambda own, rng: {**own, "keypoints": np.full_like(own["keypoints"], np.nan)},
    "infinite points": lambda own, rng: {**own, "keypoints": own["keypoints"] + np.inf},
    "points of noise": lambda own, rng: {
        **own, "keypoints": rng.normal(size=own["keypoints"].shape)
    },
    "standing": lambda own, rng: {
        **own, "keypoints": np.repeat(own["keypoints"][:1], 120, axis=0)
    },
    "five frames": lambda own, rng: {**own, "keypoints": own["keypoints"][:5]},
    "no rate": lambda own, rng: {**own, "fps_hz": 0.0},
    "millimetres called metres": lambda own, rng: {**own, "keypoints": 1e3 * own["keypoints"]},
    "words for numbers": lambda own, rng: {**own, "keypoints": own["keypoints"].astype(str)},
    "a point without a name": lambda own, rng: {**own, "names": own["names"][:-1]},
    "no height": lambda own, rng: {key: own[key] for key in own if key != "height_m"},
}  # fmt: skip
"""Way -> what a sound recording's arrays become."""
CELLS: Mapping[str, Mapping[str, str]] = {
    "height in centimetres": {"height_m": "172"},
    "height of no person": {"height_m": "0.1"},
    "no person": {"person": ""},
}
"""Way -> cells of the manifest; the recording is sound."""


def write_manifest(path: Path, lines: Sequence[StudyLine]) -> None:
    """Writes the manifest, the broken spread among the sound."""
    shuffled = np.random.default_rng(SEED).permutation(len(lines))
    write_text(path, csv_text(("trial", "person", "path", "height_m"), _cells(lines, shuffled)))


def _cells(lines: Sequence[StudyLine], order: np.ndarray) -> Iterator[tuple[str, ...]]:
    for place in order:
        line = lines[place]
        yield line.trial, line.person, line.path, line.height_m
