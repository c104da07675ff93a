"""Which files a person means by the files and folders they name, and what was wrong with one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from simgait.errors import InputError, unexpected
from simgait.files import safe_id
from simgait.parameters.tracked_verdict import PROVENANCE
from simgait.parameters.wording import counted
from simgait.recordings.detectors.frame_files import is_frame_folder
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import formats_text, is_read_by_name, is_readable, reader_for

# What simgait itself writes beside a report: a folder with it holds results, no recordings.
RESULT_MARK = PROVENANCE


@dataclass(frozen=True)
class InputFile:
    """One file to read, or a folder in which nothing can be, and why.

    Attributes:
        label: names it without folders of this machine.
        failure: of a folder; empty for a file, which tells when it is read.
    """

    path: Path
    label: str
    failure: str = ""

    def readable(self) -> Path:
        """Its path.

        Raises:
            InputError: the folder in which nothing can be read, and why.
        """
        if self.failure:
            raise InputError(self.failure)
        return self.path


def recordings_in(paths: Sequence[Path | str], exclude: Path | None = None) -> list[InputFile]:
    """What `find_inputs` finds, if that is anything to begin with.

    Raises:
        InputError: one of the paths does not exist, or none leads to a recording.
    """
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise InputError(f"{path.name or path}: there is no such file; check the path.")
    found = find_inputs(paths, exclude)
    if found and all(file.failure for file in found):
        raise InputError(found[0].failure)
    return found


def refuse_if_none_can_be_read(files: Sequence[InputFile], said: ReadOptions) -> None:
    """Refuses what was mistyped before a folder of results is made; says nothing where one can.

    Raises:
        InputError: every file would be refused by its name, its first bytes or what is said of
            it; the sentence is that of the first.
    """
    first: InputError | None = None
    for file in files:
        try:
            if file.failure:
                raise InputError(file.failure)
            reader_for(file.path, said, to_track=True)
            return
        except InputError as error:
            first = first or error
    if first is not None and len(files) > 1:
        raise InputError(f"none of {len(files)} inputs can be read so; of the first: {first}")
    if first is not None:
        raise first


def videos_in(folder: Path, exclude: Path | None = None) -> list[InputFile]:
    """Files of a folder and its subfolders that are read where they are named, not where they lie.

    Videos are such: many show the walk of a recording that lies beside them.
    """
    return [
        InputFile(path, path.relative_to(folder).as_posix())
        for path in _walk(folder, exclude, lambda error: None)
        if path.is_file() and is_read_by_name(path)
    ]


def find_inputs(paths: Sequence[Path | str], exclude: Path | None = None) -> list[InputFile]:
    """The recordings behind files and folders, in order, each once.

    A folder stands for every file of a readable format in it and in its subfolders, one of a
    video's frames (OpenPose's) for itself, as one recording; hidden files,
    simgait's own results, skeletons without motion and what lies in `exclude` are passed over.
    Folders that cannot be opened or hold nothing readable come back with `failure`.
    """
    found: dict[Path, InputFile] = {}
    for given in paths:
        path = Path(given)
        is_one = not path.is_dir() or is_frame_folder(path)
        files = [InputFile(path, path.name)] if is_one else _in_folder(path, exclude)
        for file in files:
            found.setdefault(Path(os.path.realpath(file.path)), file)
    return list(found.values())


def _in_folder(folder: Path, exclude: Path | None) -> list[InputFile]:
    name = _own_name(folder)
    barred: list[InputFile] = []

    def note(error: OSError) -> None:
        where = Path(error.filename or folder)
        label = name if where == folder else where.relative_to(folder).as_posix()
        barred.append(
            InputFile(
                where,
                label,
                f"{label}: the folder cannot be opened ({error.strerror}); check its permissions.",
            )
        )

    files = [
        InputFile(path, path.relative_to(folder).as_posix())
        for path in _walk(folder, exclude, note)
        if path.is_dir() or is_readable(path)
    ]
    if not files and not barred:
        return [InputFile(folder, name, _why_nothing(folder, name, exclude))]
    return files + barred


def _own_name(folder: Path) -> str:
    """A folder's name, also of the one that one is in."""
    return folder.name or Path(os.path.realpath(folder)).name


def _why_nothing(folder: Path, name: str, exclude: Path | None) -> str:
    videos = videos_in(folder, exclude)
    if videos:
        return f"{name}: there is no recording in this folder, but {named_videos(folder, videos)}."
    formats = formats_text(in_folders=True)
    return f"{name}: there is no recording in this folder; {formats} are read."


def named_videos(folder: Path, videos: Sequence[InputFile]) -> str:
    """How many videos lie in a folder, and how they are read, as the end of a sentence.

    Args:
        folder: as somebody named it; its path is not told.
        videos: of it, one or more.
    """
    lie, name = ("lies", "name it:") if len(videos) == 1 else ("lie", "name each, as in")
    first = (PurePath(folder.name) / videos[0].label).as_posix()
    return f"{counted(len(videos), 'video')} {lie} in it; {name} simgait walk {first}"


def video_notes(
    paths: Sequence[Path | str], files: Sequence[InputFile], exclude: Path | None = None
) -> list[str]:
    """A sentence on each folder with videos that nobody named beside its recordings.

    Args:
        paths: files and folders, as for `find_inputs`.
        files: what it found in them.
        exclude: folder that it passed over.
    """
    named = {os.path.realpath(file.path) for file in files}
    notes = []
    for folder in map(Path, paths):
        if not folder.is_dir() or is_frame_folder(folder):
            continue
        videos = [v for v in videos_in(folder, exclude) if os.path.realpath(v.path) not in named]
        name = _own_name(folder)
        if videos and not any(file.failure and file.path == folder for file in files):
            remedy = named_videos(folder, videos)
            notes.append(f"{name}: of a folder videos are left out; {remedy}.")
    return notes


def _walk(folder: Path, exclude: Path | None, on_error: object) -> Iterator[Path]:
    barred = None if exclude is None else os.path.realpath(exclude)
    for root, folders, names in os.walk(folder, onerror=on_error):  # type: ignore[arg-type]
        if (RESULT_MARK in names and "report.html" in names) or os.path.realpath(root) == barred:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        of_frames = [name for name in folders if is_frame_folder(Path(root) / name)]
        folders[:] = [name for name in folders if name not in of_frames]
        yield from (Path(root) / name for name in of_frames)
        paths = (Path(root) / name for name in sorted(names) if not name.startswith("."))
        # Who opens a pipe waits for its other end.
        yield from (path for path in paths if path.is_file() or not path.exists())


def failure_sentence(label: str, error: Exception) -> str:
    """What went wrong with this input, in one line that names it."""
    if isinstance(error, InputError):
        text = " ".join(str(error).split())
        # The label stands before the sentence already.
        for name in (label, Path(label).name, safe_id(Path(label).stem)):
            text = text.removeprefix(f"{name}: ")
        return text
    return f"{unexpected(error)}; please report it with the file, if you may."
