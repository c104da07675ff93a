"""Many trials in one file: an .npz of arrays laid end to end, with a JSON manifest inside.

No pickle. Arrays are stored as 32-bit floats (better than 1 µm within 10 m), written to a
temporary file beside the target and moved over it, so that a reader never sees half a set.
"""

from __future__ import annotations

import json
import os
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import POSE_NAMES
from simgait.types import GaitEvent, Trial, TrialTruth

FORMAT = "simgait-trial-set"
FORMAT_VERSION = 1
# Columns of every frame-wise array; the truth's are NaN where a trial has none.
_SHAPES: dict[str, tuple[int, ...]] = {
    "keypoints_m": (len(KEYPOINT_NAMES), 3),
    "confidence": (len(KEYPOINT_NAMES),),
    "pelvis_path_m": (3,),
    "pelvis_path_mask": (),
    "pose": (len(POSE_NAMES),),
    "reference_angles_rad": (len(POSE_NAMES) - 3,),
    "contact": (2,),
}
_PLAIN_FIELDS = (
    "trial_id", "subject_id", "source_format", "start_s", "scale_is_metric", "keypoint_scale",
    "height_m", "mass_kg",
)  # fmt: skip


@dataclass(frozen=True)
class TrialSet:
    """Trials with where they come from.

    Attributes:
        trials: in the order of the file; `trial_id` is unique.
        provenance: what made them: versions, seeds, configs (JSON values only).
    """

    trials: tuple[Trial, ...]
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse ids that appear twice: results are filed by them."""
        ids = [trial.trial_id for trial in self.trials]
        if len(set(ids)) != len(ids):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            raise InputError(f"Trial ids appear twice in a trial set: {', '.join(twice[:5])}.")

    def __len__(self) -> int:
        """Number of trials."""
        return len(self.trials)

    def __iter__(self) -> Iterator[Trial]:
        """The trials in order."""
        return iter(self.trials)

    def __getitem__(self, index: int) -> Trial:
        """The trial at this position."""
        return self.trials[index]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subject ids, sorted, each once."""
        return tuple(sorted({trial.subject_id for trial in self.trials}))

    def of_subjects(self, subjects: Iterable[str]) -> TrialSet:
        """The trials of these subjects, same provenance. Raises InputError for an unknown one."""
        wanted = set(subjects)
        unknown = sorted(wanted - set(self.subjects))
        if unknown:
            raise InputError(f"Subjects not in this trial set: {', '.join(unknown[:5])}.")
        return self.where(lambda trial: trial.subject_id in wanted)

    def where(self, keep: Callable[[Trial], bool]) -> TrialSet:
        """The trials for which `keep` is True, same provenance."""
        return TrialSet(tuple(filter(keep, self.trials)), self.provenance)

    def save(self, path: Path) -> None:
        """Write the set to one .npz file, all or nothing. Raises InputError if it cannot."""
        manifest = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "keypoint_names": KEYPOINT_NAMES,
            "pose_names": POSE_NAMES,
            "provenance": self.provenance,
            "trials": [_description(trial) for trial in self.trials],
        }
        text = json.dumps(manifest, allow_nan=False, default=float)
        arrays = {name: _joined(self.trials, name) for name in _SHAPES}
        arrays["time_s"] = np.concatenate([np.zeros(0), *(t.time_s for t in self.trials)])
        arrays["manifest"] = np.frombuffer(text.encode(), dtype=np.uint8)
        _write_atomically(Path(path), arrays)

    @staticmethod
    def load(path: Path) -> TrialSet:
        """Read a set written by `save`. Raises InputError: missing, foreign or damaged file."""
        path = Path(path)
        try:
            with np.load(path, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            manifest = json.loads(arrays.pop("manifest").tobytes())
        except FileNotFoundError:
            raise InputError(f"{path.name}: there is no such trial set; check the path.") from None
        except (
            OSError,
            ValueError,
            KeyError,
            EOFError,
            TypeError,
            AttributeError,
            zipfile.BadZipFile,
            SyntaxError,  # what numpy's header parser raises on some damage, and its tokenizer:
            tokenize.TokenError,
            zlib.error,
        ):
            raise InputError(
                f"{path.name}: not a trial set, or cut short; build it anew."
            ) from None
        try:
            _check_manifest(manifest, arrays, path.name)
            return TrialSet(tuple(_trials(manifest, arrays)), manifest["provenance"])
        except (KeyError, TypeError) as error:
            raise InputError(
                f"{path.name}: damaged (the manifest lacks {error}); build it anew."
            ) from None


def _description(trial: Trial) -> dict[str, Any]:
    truth = trial.truth
    return {name: getattr(trial, name) for name in _PLAIN_FIELDS} | {
        "n_frames": trial.n_frames,
        "notes": trial.notes,
        "has_truth": truth is not None,
        "has_reference_angles": truth is not None and truth.reference_angles_rad is not None,
        "events": [(e.time_s, e.side, e.kind) for e in truth.events] if truth else [],
    }


def _joined(trials: tuple[Trial, ...], name: str) -> np.ndarray:
    dtype = np.bool_ if name == "pelvis_path_mask" else np.float32
    parts: list[np.ndarray] = [np.zeros((0, *_SHAPES[name]), dtype=dtype)]
    for trial in trials:
        holder = trial if hasattr(trial, name) else trial.truth
        values = None if holder is None else getattr(holder, name)
        if values is None:
            values = np.full((trial.n_frames, *_SHAPES[name]), np.nan)
        parts.append(np.asarray(values).astype(dtype))
    return np.concatenate(parts)


def _write_atomically(path: Path, arrays: dict[str, np.ndarray]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot write to its folder ({error.strerror}); choose another."
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        os.chmod(temporary, 0o644)  # mkstemp makes files that only their owner reads.
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"{path.name}: writing failed ({error.strerror}).") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _check_manifest(manifest: Any, arrays: dict[str, np.ndarray], name: str) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(f"{name}: not a simgait trial set; build one with scripts/.")
    if manifest.get("version") != FORMAT_VERSION:
        raise InputError(
            f"{name}: trial set of version {manifest.get('version')}, this simgait reads "
            f"{FORMAT_VERSION}; build it anew."
        )
    if (
        tuple(manifest.get("keypoint_names", ())) != KEYPOINT_NAMES
        or tuple(manifest.get("pose_names", ())) != POSE_NAMES
    ):
        raise InputError(f"{name}: made for other keypoints or coordinates; build it anew.")
    frames = sum(trial["n_frames"] for trial in manifest["trials"])
    expected = _SHAPES | {"time_s": ()}
    wrong = [
        key
        for key, shape in expected.items()
        if key not in arrays or arrays[key].shape != (frames, *shape)
    ]
    if wrong:
        raise InputError(f"{name}: damaged ({', '.join(wrong)} do not fit the manifest).")


def _trials(manifest: dict[str, Any], arrays: dict[str, np.ndarray]) -> Iterator[Trial]:
    start = 0
    for row in manifest["trials"]:
        span = slice(start, start + row["n_frames"])
        start = span.stop
        truth = None
        if row["has_truth"]:
            truth = TrialTruth(
                pose=arrays["pose"][span],
                reference_angles_rad=(
                    arrays["reference_angles_rad"][span] if row["has_reference_angles"] else None
                ),
                contact=arrays["contact"][span],
                events=tuple(GaitEvent(*event) for event in row["events"]),
            )
        yield Trial(
            **{name: row[name] for name in _PLAIN_FIELDS},
            time_s=arrays["time_s"][span],
            keypoints_m=arrays["keypoints_m"][span],
            confidence=arrays["confidence"][span],
            pelvis_path_m=arrays["pelvis_path_m"][span],
            pelvis_path_mask=arrays["pelvis_path_mask"][span],
            truth=truth,
            notes=tuple(row["notes"]),
        )
