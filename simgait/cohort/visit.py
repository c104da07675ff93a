"""The recordings of one visit: one person, one camera, several walks, each prepared with all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from simgait import pipeline
from simgait.body.sizing import one_person
from simgait.cohort.inputs import InputFile
from simgait.cohort.one_visit import OneVisit, name_of
from simgait.parameters.wording import counted
from simgait.pipeline import PreparedWalk, Source, TrackOptions
from simgait.provenance import file_sha256
from simgait.recordings.same_visit import as_one_visit
from simgait.skeleton.dimensions import Dimensions
from simgait.trials.joint_definitions import KnownAs, known_by, known_by_all
from simgait.trials.person_size import SCALED_VISIBLY
from simgait.trials.quality import assess
from simgait.trials.visit import SKEW_BETWEEN_CAMERAS_M, SharedTrials, shared, ways
from simgait.types import Recording, Trial

Read = tuple[Recording, Source]
Walks = list[PreparedWalk] | Exception
"""Of one recording; or why there are none."""


def visit_facts(files: Sequence[InputFile], visit: OneVisit | None) -> dict[str, Any]:
    """What a walk's numbers rest on beside its own recording; nothing where it is tracked alone.

    Recordings by what they hold, whatever they are called and in whatever order they come.
    """
    if visit is None:
        return {}
    distances = {name: float(value) for name, value in sorted(visit.distances_m.items())}
    return {"visit": sorted(_hashes(files)), **({"distances_m": distances} if distances else {})}


def _hashes(files: Sequence[InputFile]) -> list[str]:
    found = []
    for file in files:
        try:
            found.append("" if file.failure else file_sha256(file.path))
        except OSError:  # the reader will say it
            found.append("")
    return [one for one in found if one]


def walks_of_files(
    files: Sequence[InputFile], options: TrackOptions, visit: OneVisit
) -> Callable[[InputFile], list[PreparedWalk]]:
    """Reads all files of a visit; returns what gives the walks of each.

    A file that cannot be used does not stop the others; what is wrong with it is raised where its
    walks are asked for.

    Raises:
        InputError: they cannot be of one person and camera, or a distance is of none of them.
    """
    found = walks_of_members(
        [Member(name_of(file), partial(_read, file)) for file in files], options, visit
    )
    walks = dict(zip((file.path for file in files), found, strict=True))

    def of(file: InputFile) -> list[PreparedWalk]:
        own = walks[file.path]
        if isinstance(own, Exception):
            raise own
        return own

    return of


def walks_of_recordings(
    recordings: Sequence[Path | Recording], options: TrackOptions, visit: OneVisit
) -> list[tuple[str, Walks]]:
    """The name of each recording of a visit, and its walks or why there are none.

    Args:
        recordings: files, or what was read already; of the latter nothing more can be said.
        options: what is said about all of them.
        visit: what is said about single ones.

    Raises:
        InputError: as `walks_of_files`.
    """
    members = [
        Member(one.recording_id, partial(_in_memory, one))
        if isinstance(one, Recording)
        else Member(one.name, partial(_read, InputFile(one, one.name)))
        for one in recordings
    ]
    names = [member.name for member in members]
    return list(zip(names, walks_of_members(members, options, visit), strict=True))


@dataclass(frozen=True)
class Member:
    """One recording of a visit that is still to be read with what is said about it."""

    name: str
    read: Callable[[TrackOptions], Read]

    def read_or_error(self, options: TrackOptions) -> Read | Exception:
        """The recording, or what is wrong with it."""
        try:
            return self.read(options)
        except Exception as error:  # noqa: BLE001 - one recording must not take the others with it
            return error


def _read(file: InputFile, options: TrackOptions) -> Read:
    return pipeline.read(file.readable(), options)


def _in_memory(recording: Recording, options: TrackOptions) -> Read:
    distance_m = options.reader.distance_m
    if distance_m is not None:
        recording = replace(recording, distance_m=distance_m)
    return recording, pipeline.source_in_memory(recording)


def walks_of_members(
    members: Sequence[Member], options: TrackOptions, visit: OneVisit
) -> list[Walks]:
    """The walks of each member, those read first whose distance is known.

    It tells a video's lens, which then is that of the other videos.

    Raises:
        InputError: as `walks_of_files`.
    """
    visit.check_names([member.name for member in members])
    found: dict[int, Read | Exception] = {}
    for number, member in enumerate(members):
        if member.name in visit.distances_m:
            found[number] = member.read_or_error(visit.options_for(member.name, options))
    through = _through(_lens_by_distance(found.values()), options)
    for number, member in enumerate(members):
        if number not in found:
            found[number] = member.read_or_error(through)
    return prepare_visit([found[number] for number in range(len(members))], options)


def _lens_by_distance(found: Iterable[Read | Exception]) -> float | None:
    """Field of view (degrees, long side) of the lens that known distances tell, if they do."""
    lenses = [
        math.degrees(2 * math.atan(max(camera.width_px, camera.height_px) / 2 / camera.focal_px))
        for one in found
        if not isinstance(one, Exception)
        and (camera := one[0].camera) is not None
        and camera.source == "distance"
    ]
    return float(np.median(lenses)) if lenses else None


def _through(lens_deg: float | None, options: TrackOptions) -> TrackOptions:
    """What is said of a recording, with the lens that others of the visit tell."""
    if lens_deg is None or options.reader.fov_deg is not None:
        return options
    return replace(options, reader=replace(options.reader, fov_deg=lens_deg))


def prepare_visit(read: Sequence[Read | Exception], options: TrackOptions) -> list[Walks]:
    """The walks of each recording of a visit, in the order given, each prepared with all.

    Args:
        read: recordings, or what was wrong with them.
        options: what is said about all of them.

    Raises:
        InputError: they cannot be of one person and camera.
    """
    usable = [one for one in read if not isinstance(one, Exception)]
    recordings = [recording for recording, _ in usable]
    of_person = iter(as_one_visit(recordings, height_is_given=options.height_m is not None))
    members = [one if isinstance(one, Exception) else (next(of_person), one[1]) for one in read]
    alone = [_prepared(one, options) for one in members]
    return _with_all(_by_one_definition(members, alone, options))


def _prepared(one: Read | Exception, options: TrackOptions, known_as: KnownAs = known_by) -> Walks:
    if isinstance(one, Exception):
        return one
    try:
        return pipeline.prepare_walks(*one, options, known_as)
    except Exception as error:  # noqa: BLE001 - one walk must not take the others with it
        return error


def _by_one_definition(
    members: Sequence[Read | Exception], alone: Sequence[Walks], options: TrackOptions
) -> list[Walks]:
    """The walks with joints where all of them together say that the detector has them.

    A recording's proportions are near to a set's definitions or not, by chance; of one person and
    detector they are the same. Only those are prepared again that went by others.
    """
    names = {_definitions(walks) for walks in alone if not isinstance(walks, Exception)}
    if len(names) < 2:
        return list(alone)
    of_all = known_by_all(
        [
            one[0].all_keypoints_m
            for one, walks in zip(members, alone, strict=True)
            if not isinstance(one, Exception) and not isinstance(walks, Exception)
        ]
    )
    name = "" if of_all is None else of_all.name
    together: list[Walks] = []
    for one, walks in zip(members, alone, strict=True):
        if isinstance(walks, Exception) or _definitions(walks) == name:
            together.append(walks)
            continue
        again = _prepared(one, options, lambda points_m: of_all)
        together.append(walks if isinstance(again, Exception) else again)
    return together


def _definitions(walks: Sequence[PreparedWalk]) -> str:
    return walks[0].trial.joint_definitions


def _with_all(found: Sequence[Walks]) -> list[Walks]:
    """The walks after each has learned from the others; a walk alone as it is."""
    walks = [walk for own in found if not isinstance(own, Exception) for walk in own]
    if len(walks) < 2:
        return list(found)
    together = shared([walk.trial for walk in walks])
    person = one_person([walk.dims for walk in walks])
    record = _record(walks, together)
    shared_walks = iter(
        replace(
            walk,
            trial=_of_person(trial, person, notes_of_visit(together, number)),
            dims=person,
            quality=assess(trial, walk.belt_speed_mps),
            visit=record | {"size_ratio": together.size_ratios[number]},
        )
        for number, (walk, trial) in enumerate(zip(walks, together.trials, strict=True))
    )
    return [
        own if isinstance(own, Exception) else [next(shared_walks) for _ in own] for own in found
    ]


def _of_person(trial: Trial, person: Dimensions, notes: tuple[str, ...]) -> Trial:
    return replace(trial, height_m=float(person.height_m), notes=(*trial.notes, *notes))


def _record(walks: Sequence[PreparedWalk], together: SharedTrials) -> dict[str, Any]:
    """For the provenance: the walks that were shared, and what they have in common."""
    files = sorted({(walk.source.file, walk.source.sha256) for walk in walks})
    return {
        "files": [{"file": file, "sha256": sha256} for file, sha256 in files],
        "walks": len(walks),
        "travel_factor": together.travel_factor if math.isfinite(together.travel_factor) else None,
        "skew_m": together.skew_m if math.isfinite(together.skew_m) else None,
    }


def notes_of_visit(together: SharedTrials, number: int) -> tuple[str, ...]:
    """Sentences on what a walk got from the others of its visit.

    Args:
        together: the walks.
        number: of the walk, from 0.
    """
    trial, ratio = together.trials[number], together.size_ratios[number]
    notes = [
        f"One of {counted(len(together.trials), 'walk')} of a visit, of one person before one "
        "camera: the body has the lengths that all of them show."
    ]
    if abs(ratio - 1.0) > SCALED_VISIBLY:
        notes.append(f"All positions were scaled by {ratio:.3f}, towards the visit's other walks.")
    if trial.path_basis == "visit":
        notes.append(
            f"In place of that, the pelvis's path was multiplied by {trial.travel_factor:.3f}, as "
            "walks of the visit say whose distance is known."
        )
    way = ways(together.trials)[number]
    if way and math.isfinite(together.skew_m):
        longer = "left" if way * together.skew_m > 0.0 else "right"
        notes.append(
            f"The camera makes {longer} steps {100.0 * abs(together.skew_m):.1f} cm longer "
            "than the other side's on ways in this direction, and shorter on ways back: that was "
            "taken out of the legs."
        )
    elif not trial.scale_is_metric:
        notes.append(
            "No walk of the visit goes the opposite way: how far left and right steps differ may "
            f"be the camera's (RMS {100.0 * SKEW_BETWEEN_CAMERAS_M:.0f} cm)."
        )
    return tuple(notes)
