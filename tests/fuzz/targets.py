"""What is fuzzed: for each reader sound inputs, what may happen to them, and how it is called."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmark.test_ablation_file import written
from tests.fuzz import filmed, mutate
from tests.pendulum import pendulum_recording
from tests.recordings.formats.test_acclaim import write_pair
from tests.recordings.formats.test_c3d import walking_markers, write_c3d
from tests.video.made_up import LENS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Target:
    """A reader under test.

    Attributes:
        name: of the row in the table.
        share: how many of the cases are its.
        file: what an input is called.
        seeds: sound inputs.
        mutations: what may happen to them.
        read: takes the file; raises InputError or returns.
        beside: other files in the folder.
    """

    name: str
    share: float
    file: str
    seeds: tuple[bytes, ...]
    mutations: tuple[mutate.Mutation, ...]
    read: Callable[[Path], object]
    beside: Mapping[str, bytes] = field(default_factory=dict)


def _read(path: Path, **said: Any) -> object:
    from simgait.pipeline import preparation_for
    from simgait.recordings.read import read_recording
    from simgait.trials.preparation import prepare

    recording = read_recording(path, **said)
    return prepare(recording, preparation_for(recording, None))


def _c3d(folder: Path) -> Iterator[bytes]:
    markers = {k: v[:160] for k, v in walking_markers(pendulum_recording).items()}
    person = [("PROCESSING", "Height", 1700.0), ("SUBJECTS", "NAMES", "P7")]
    plate = [*person, ("FORCE_PLATFORM", "USED", 1), ("FORCE_PLATFORM", "TYPE", 2)]
    events = [("Left", "Foot Strike", 0.6), ("Right", "Foot Off", 0.7)]
    two = {f"A:{k}": v for k, v in markers.items()}
    two |= {f"B:{k}": v + 1.0 for k, v in markers.items()}
    kinds: tuple[tuple[dict[str, np.ndarray], dict[str, Any]], ...] = (
        (markers, {"groups": person}),
        (markers, {"groups": person, "events": events, "first_frame": 20}),
        (markers, {"groups": person, "prefix": "P7:"}),
        (two, {"groups": person}),
        (markers, {"groups": person, "unit": "m", "up": "y"}),
    )
    files = [
        write_c3d(folder / f"{i}.c3d", points, **options).read_bytes()
        for i, (points, options) in enumerate(kinds)
    ]
    # Plates start a process, which takes longest, so that they are the rarest.
    yield from (*files * 4, write_c3d(folder / "p.c3d", markers, groups=plate).read_bytes())


def _trc(folder: Path) -> Iterator[bytes]:
    from simgait.recordings.formats.trc import write_trc

    markers = {k: v[:160] for k, v in walking_markers(pendulum_recording).items()}
    time_s = np.arange(160) / 100.0
    write_trc(folder / "a.trc", time_s, tuple(markers), np.stack(list(markers.values()), axis=1))
    yield (folder / "a.trc").read_bytes()
    r = pendulum_recording(2.0)
    write_trc(folder / "b.trc", r.time_s, r.keypoint_names, r.keypoints_m)
    yield (folder / "b.trc").read_bytes()


def _npz(folder: Path) -> Iterator[bytes]:
    from simgait.recordings.formats.npz import write_npz

    r = pendulum_recording(3.0)
    write_npz(folder / "a.npz", r)
    yield (folder / "a.npz").read_bytes()
    file = io.BytesIO()
    np.savez(
        file, keypoints=r.keypoints_m.astype("f4"), names=np.array(r.keypoint_names), fps_hz=30.0,
        unit="m", axes="z-up", height_m=1.7, confidence=np.ones(r.keypoints_m.shape[:2]),
    )  # fmt: skip
    yield file.getvalue()


def _npy() -> Iterator[bytes]:
    from simgait.recordings.detectors.keypoint_sets import find_keypoint_set

    recording, chosen = pendulum_recording(4.0), find_keypoint_set("coco-17", "npy")
    for kind in ("f8", "f4"):
        points = np.zeros((len(recording.time_s), chosen.width, 3), dtype=kind)
        for name, column in chosen.index.items():
            if name in recording.keypoint_names:
                points[:, column] = recording.keypoints_m[:, recording.keypoint_names.index(name)]
        file = io.BytesIO()
        np.save(file, points)
        yield file.getvalue()


def _json() -> Iterator[bytes]:
    r = pendulum_recording(2.0)
    facts = {"fps_hz": 30.0, "unit": "m", "axes": "z-up", "height_m": 1.7}
    points = np.round(r.keypoints_m, 4).tolist()
    yield json.dumps({"keypoints": points, "names": r.keypoint_names, **facts}).encode()
    frames = [
        {"landmarks": [
            {"name": name.replace(" ", "_").lower(), "x": x, "y": y, "z": z, "visibility": 0.9}
            for name, (x, y, z) in zip(r.keypoint_names, frame, strict=True)
        ]}
        for frame in points
    ]  # fmt: skip
    yield json.dumps({"frames": frames, **facts}).encode()


def _csv() -> Iterator[bytes]:
    r = pendulum_recording(2.0)
    names = [name.replace(" ", "_").lower() for name in r.keypoint_names]
    rows = np.round(r.keypoints_m.reshape(len(r.time_s), -1), 4)
    wide = [",".join(["time_s", *(f"{name}_{axis}" for name in names for axis in "xyz")])]
    wide += [",".join(map(str, (t, *row))) for t, row in zip(r.time_s, rows, strict=True)]
    yield "\n".join(wide).encode()
    long = ["frame,landmark,x,y,z,visibility"]
    for t, frame in enumerate(r.keypoints_m):
        long += [
            f"{t},{n},{x:.4f},{y:.4f},{z:.4f},0.9"
            for n, (x, y, z) in zip(names, frame, strict=True)
        ]
    yield "\n".join(long).encode()


def _walking_frames() -> list[dict[str, tuple[float, ...]]]:
    """Two seconds at 120 Hz of a walker who is all legs: sines, along z."""
    frames = []
    for i in range(240):
        swing = 2 * np.pi * i / 132
        frame: dict[str, tuple[float, ...]] = {"root": (0.0, 16.0, 0.18 * i, 0.0, 0.0, 0.0)}
        for side, shift in (("l", 0.0), ("r", np.pi)):
            frame[f"{side}femur"] = (float(-25.0 * np.sin(swing + shift)), 0.0, 0.0)
            frame[f"{side}tibia"] = (float(10.0 + 45.0 * max(0.0, np.cos(swing + shift)) ** 2),)
        frames.append(frame)
    return frames


def _tables() -> tuple[bytes, bytes]:
    header = "trial_id,subject_id,velocity_mps,cadence_spm,step_length_left_m,verdict\n"
    truth = header + "".join(
        f"t{i},p{i % 4},{1 + 0.05 * i:.3f},{100 + i},{0.5 + i / 99:.4f},good\n" for i in range(12)
    )
    return truth.encode(), truth.replace(",", ";").encode()


def _compare(path: Path) -> object:
    from simgait.compare.tables import match_tables

    return match_tables(path.with_name("truth.csv"), path)


def _summary(path: Path) -> object:
    from simgait.cohort.summary_file import read_summary

    return read_summary(path.parent)


def _recipe(path: Path) -> object:
    from simgait.learning.config_file import load_config

    return load_config(path)


def _transformer_recipe(path: Path) -> object:
    from simgait.companions.gait_transformer.config import load_transformer_config

    return load_transformer_config(path)


def _body(path: Path) -> object:
    from simgait.skeleton.spec import read_spec

    return read_spec(path)


def _card(path: Path) -> object:
    from simgait.tracking.policy_card import read_card

    return read_card(path)


def _policy_config(path: Path) -> object:
    from simgait.tracking.policies import _read_config

    return _read_config(path.parent)


def _training(path: Path) -> object:
    from simgait.learning.config_file import load_training_config

    return load_training_config(path.parent)


def _ablation(path: Path) -> object:
    from simgait.benchmark.ablation_file import read_ablation

    return read_ablation(path)


def _weights(path: Path) -> object:
    import jax

    from simgait.weight_files import load_tree

    of = jax.ShapeDtypeStruct
    return load_tree(path, {"a": of((3, 2), np.float32), "b": of((4,), np.int32)}, finite=True)


def _weight_seeds(folder: Path) -> Iterator[bytes]:
    from simgait.weight_files import save_tree

    tree = {"a": np.ones((3, 2), np.float32), "b": np.arange(4, dtype=np.int32)}
    for with_checksum in (True, False):
        save_tree(folder / "w.safetensors", tree, with_checksum=with_checksum)
        yield (folder / "w.safetensors").read_bytes()


def _training_config() -> bytes:
    from simgait.learning.config import TrainingConfig

    return TrainingConfig().model_dump_json().encode()


def _summary_seed() -> bytes:
    from simgait.parameters.summary_table import summary_columns

    names = summary_columns()
    cells = ["use_all" if name == "verdict" else "1" for name in names]
    return (",".join(names) + "\n" + ",".join(cells) + "\n").encode()


def targets(folder: Path) -> tuple[Target, ...]:
    """Every reader; `folder` is for writing the sound inputs."""
    return (*_recordings(folder), *_tables_and_settings(folder))


def _recordings(folder: Path) -> tuple[Target, ...]:
    amc = write_pair(folder, _walking_frames()).read_bytes()
    asf = (folder / "s.asf").read_bytes()
    binary, text = mutate.BINARY, mutate.TEXT
    facts: dict[str, Any] = {"fps_hz": 30.0, "unit": "m", "axes": "z-up", "height_m": 1.7}
    detected = partial(_read, **facts)
    return (
        Target("C3D", 0.22, "x.c3d", tuple(_c3d(folder)), binary, _read),
        Target("TRC", 0.11, "x.trc", tuple(_trc(folder)), text, partial(_read, height_m=1.7)),
        Target(
            "npz", 0.11, "x.npz", tuple(_npz(folder)),
            (*binary, *(mutate.archive, mutate.member) * 8), _read,
        ),
        Target(
            "npy", 0.07, "x.npy", tuple(_npy()), (*binary, *(mutate.single,) * 8),
            partial(_read, keypoint_set="coco-17", **facts),
        ),
        Target("JSON of keypoints", 0.06, "x.json", tuple(_json()), text, detected),
        Target("CSV of keypoints", 0.06, "x.csv", tuple(_csv()), text, detected),
        *_filmed(folder),
        Target("AMC", 0.04, "s_01.amc", (amc,), text, _read, {"s.asf": asf}),
        Target(
            "ASF", 0.03, "s.asf", (asf,), text, lambda path: _read(path.with_name("s_01.amc")),
            {"s_01.amc": amc},
        ),
    )  # fmt: skip


def _filmed(folder: Path) -> tuple[Target, ...]:
    """Videos with a made-up detector, and 2D points. Containers keep what counts at both ends."""
    said: dict[str, Any] = {
        "fps_hz": 30.0, "height_m": 1.7, "picture_px": filmed.PICTURE_PX,
        "fov_deg": LENS.field_of_view_deg,
    }  # fmt: skip
    mp4, webm, avi = filmed.clips(folder)
    return (
        Target("video (MP4)", 0.015, "x.mp4", (mp4,), mutate.BINARY, filmed.read_clip),
        Target("video (WebM, AVI)", 0.015, "x.webm", (webm, avi), mutate.BINARY, filmed.read_clip),
        Target(
            "JSON of 2D points", 0.03, "x.json", tuple(filmed.points_2d()), mutate.TEXT,
            partial(_read, **said),
        ),
    )  # fmt: skip


def _tables_and_settings(folder: Path) -> tuple[Target, ...]:
    text = mutate.TEXT
    policy, envs = ROOT / "policies" / "default", ROOT / "envs"
    truth, semicolons = _tables()
    recipes = {
        p.name: p.read_bytes()
        for p in sorted((ROOT / "configs").glob("*.toml"))
        if not p.name.startswith("sweep_")
    }
    of_companions = (
        "gait_transformer.toml", "gengait.toml", "openpose_gdi.toml", "angle_refiner.toml",
        "gdi_net.toml",
    )  # fmt: skip
    companion = recipes[of_companions[0]]
    of_policies = tuple(c for name, c in recipes.items() if name not in of_companions)
    body = {p.name: p.read_bytes() for p in envs.glob("trimmed_humanoid.*")}
    card, config = ((policy / name).read_bytes() for name in ("card.json", "config.json"))
    ablation = written(folder, ("final", "base")).read_bytes()
    return (
        Target(
            "CSV of walks", 0.07, "x.csv", (truth, semicolons), text, _compare,
            {"truth.csv": truth},
        ),
        Target("summary.csv", 0.02, "summary.csv", (_summary_seed(),), text, _summary),
        Target("recipe (TOML)", 0.04, "x.toml", of_policies, text, _recipe, recipes),
        Target(
            "companion's recipe (TOML)", 0.01, "x.toml", (companion,), text, _transformer_recipe
        ),
        Target(
            "body (TOML)", 0.03, "trimmed_humanoid.toml", (body["trimmed_humanoid.toml"],), text,
            _body, body,
        ),
        Target("policy card (JSON)", 0.03, "card.json", (card,), text, _card),
        Target("policy config (JSON)", 0.01, "config.json", (config,), text, _policy_config),
        Target(
            "training config (JSON)", 0.01, "config.json", (_training_config(),), text, _training
        ),
        Target("ablation table (JSON)", 0.01, "table.json", (ablation,), text, _ablation),
        Target(
            "weights (safetensors)", 0.01, "w.safetensors", tuple(_weight_seeds(folder)),
            mutate.BINARY, _weights,
        ),
    )  # fmt: skip
