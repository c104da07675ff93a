"""Thousands of recordings to a set of trials: in parallel, resumable, nothing made twice."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from simgait.datasets.splits import PARTS
from simgait.errors import InputError
from simgait.files import cannot_be_written, csv_text, make_output_folder, write_whole
from simgait.folder_lock import locked
from simgait.learning.progress import SILENT, Progress
from simgait.learning.trial_set.index import (
    INDEX,
    SHARDS,
    Index,
    Made,
    Shard,
    read_index,
    refuse_held_out,
)
from simgait.learning.trial_set.making import make_part
from simgait.learning.trial_set.packing import (
    Place,
    Trials,
    shard_plan,
    whole_shards,
    write_shard,
)
from simgait.learning.trial_set.sources import (
    BROKEN,
    Excluded,
    Job,
    SetRecipe,
    Source,
    jobs_of,
)
from simgait.learning.trial_set.workers import LostError, each
from simgait.parameters.wording import counted
from simgait.plain_text import listed
from simgait.provenance import collect_provenance

EXCLUSIONS = "exclusions.csv"
PARTS_FOLDER, LOG = "parts", "log.jsonl"
"""What is made and not packed yet: a file for each recording, and a line for each in the log."""
SHARD_TRIALS = 64
"""Of a shard: about 10 MB, so that a read is long beside finding the file, and a few are held."""


@dataclass(frozen=True)
class Built:
    """What a set holds now, and what was made of it by this call.

    Attributes:
        excluded: every recording that gave nothing, in the order of the manifest.
        made, kept: recordings that gave trials: by this call, and before it.
    """

    index: Index
    excluded: tuple[Excluded, ...]
    made: int
    kept: int

    @property
    def sentence(self) -> str:
        """The set in one line."""
        recordings = self.index.recordings.values()
        trials = sum(len(one.trials) for one in recordings)
        people = len({one.person for one in recordings})
        parts = Counter(one.part for one in recordings for _ in one.trials)
        shares = ", ".join(f"{part} {parts[part]}" for part in PARTS if parts[part])
        reasons = Counter(one.reason for one in self.excluded)
        said = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        out = f"; {len(self.excluded)} left out: {said}" if self.excluded else "; none left out"
        return (
            f"{counted(trials, 'trial')} of {'1 person' if people == 1 else f'{people} people'} "
            f"from {counted(len(recordings), 'recording')} "
            f"({self.made} made now) in {counted(len(self.index.shards), 'shard')}"
            f"{f' ({shares})' if shares else ''}{out}"
        )


def build_set(
    sources: Sequence[Source],
    recipe: SetRecipe,
    folder: Path,
    *,
    workers: int = 1,
    shard_trials: int = SHARD_TRIALS,
    progress: Progress = SILENT,
) -> Built:
    """Makes of recordings a set of trials in a folder, or goes on with the one it holds.

    A recording whose content, facts and recipe are those of before is not made again; one that is
    not asked for any more is taken out. However the call is stopped, the same one goes on.

    Args:
        sources: the recordings.
        recipe: how they become trials.
        folder: of the set.
        workers: processes.
        shard_trials: most trials of a shard.
        progress: what says how it goes.

    Raises:
        InputError: nobody or nothing is left to learn from, the parts are wrong, or the folder is
            in use or cannot be written to.
    """
    jobs, left_out, parts = jobs_of(sources, recipe)
    make_output_folder(folder)
    with locked(folder, progress.tell), _folders(folder) as making:
        earlier = read_index(folder) if (folder / INDEX).exists() else Index(recipe.facts())
        there = whole_shards(folder, earlier)
        state = _known(folder, earlier, there, making, {job.key for job in jobs})
        kept = len(state.trials)
        _make(jobs, recipe, making, workers, progress, state)
        recordings = {
            job.key: Made(job.source.person, parts[job.source.person], state.trials[job.key])
            for job in jobs
            if job.key in state.trials
        }
        out = _in_order(sources, left_out, jobs, state.excluded)
        _write_exclusions(folder, out)
        if not recordings:
            first = f"; of the first: {out[0].sentence}" if out else ""
            raise InputError(
                f"none of {counted(len(sources), 'recording')} gave a trial; {EXCLUSIONS} in the "
                f"output folder says why{first.rstrip('.')}."
            )
        refuse_held_out(made.person for made in recordings.values())
        reader = Trials(state.places, recipe.skeleton)
        why = {key: asdict(one) for key, one in state.excluded.items() if one.reason != BROKEN}
        wanted = Index(recipe.facts(), (), recordings, why, collect_provenance({}))
        index = _pack(folder, wanted, earlier, there, reader, shard_trials, progress)
        return Built(index, out, len(recordings) - kept, kept)


@contextmanager
def _folders(folder: Path) -> Iterator[Path]:
    """The folder of what is not packed yet; it goes when the block ends well."""
    making = folder / PARTS_FOLDER
    try:
        making.mkdir(exist_ok=True)
        (folder / SHARDS).mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_be_written(folder, error) from error
    for left in list(folder.glob("**/.*.part")):  # of a call that was killed
        left.unlink(missing_ok=True)
    yield making
    shutil.rmtree(making, ignore_errors=True)


@dataclass(frozen=True)
class _State:
    """What is made already, by the hash of a recording, and where each trial lies."""

    trials: dict[str, tuple[str, ...]]
    excluded: dict[str, Excluded]
    places: dict[str, Place]


def _known(
    folder: Path, earlier: Index, there: Sequence[Shard], making: Path, asked: Collection[str]
) -> _State:
    """What earlier calls have made of the recordings that are asked for, and can still be read."""
    log = _read_log(making / LOG)
    places = {
        trial: (folder / SHARDS / shard.file, row)
        for shard in there
        for row, trial in enumerate(shard.trials)
    }
    for key, ids in log.trials.items():
        path = making / f"{key}.safetensors"
        if path.is_file():
            places |= {trial: (path, row) for row, trial in enumerate(ids)}
    trials = {key: one.trials for key, one in earlier.recordings.items()} | log.trials
    excluded = {key: Excluded(**one) for key, one in earlier.excluded.items()} | log.excluded
    return _State(
        {k: ids for k, ids in trials.items() if k in asked and all(one in places for one in ids)},
        {key: one for key, one in excluded.items() if key in asked},
        places,
    )


def _read_log(path: Path) -> _State:
    """What a call that was stopped had made; of a line that was cut off nothing is known."""
    log = _State({}, {}, {})
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                said = json.loads(line)
                if "trials" in said:
                    log.trials[said["key"]] = tuple(said["trials"])
                else:
                    log.excluded[said["key"]] = Excluded(**said["excluded"])
            except (ValueError, KeyError, TypeError):
                continue
    return log


def _make(
    jobs: Sequence[Job],
    recipe: SetRecipe,
    making: Path,
    workers: int,
    progress: Progress,
    state: _State,
) -> None:
    """Makes what is missing; each recording is noted as soon as it is done."""
    done = {*state.trials, *state.excluded}
    missing = [job for job in jobs if job.key not in done]
    work = partial(_one, recipe=recipe, making=making)
    with progress.bar("preparing", len(missing), "recordings") as advance:
        for job, found in each(work, missing, min(workers, max(len(missing), 1))):
            advance(1)
            if isinstance(found, int):
                path = making / f"{job.key}.safetensors"
                ids = tuple(f"{job.key[:16]}-{n}" for n in range(found))
                state.trials[job.key] = ids
                state.places.update({trial: (path, row) for row, trial in enumerate(ids)})
                _note(making / LOG, {"key": job.key, "trials": ids})
                continue
            if isinstance(found, InputError):  # the disk, not the recording
                raise found
            state.excluded[job.key] = out = _why(job, found)
            # What should not have happened is tried again next time.
            if out.reason != BROKEN:
                _note(making / LOG, {"key": job.key, "excluded": asdict(out)})


def _one(job: Job, recipe: SetRecipe, making: Path) -> int | Excluded:
    return make_part(job, recipe, making / f"{job.key}.safetensors")


def _why(job: Job, found: Excluded | Exception) -> Excluded:
    if isinstance(found, Excluded):
        return found
    sentence = f"this should not happen ({type(found).__name__}); please report it."
    if isinstance(found, LostError):
        sentence = "the process that worked on it died twice; there may be too little memory."
    return Excluded(job.source.trial, BROKEN, sentence)


def _note(path: Path, facts: object) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")
    except OSError as error:
        raise cannot_be_written(path, error) from error


def _in_order(
    sources: Sequence[Source],
    left_out: Sequence[Excluded],
    jobs: Sequence[Job],
    excluded: Mapping[str, Excluded],
) -> tuple[Excluded, ...]:
    # By the trial's code of now: the same recording may have had another one then.
    found = [Excluded(job.source.trial, excluded[job.key].reason, excluded[job.key].sentence)
             for job in jobs if job.key in excluded]  # fmt: skip
    places = {source.trial: n for n, source in enumerate(sources)}
    every = [*left_out, *found]
    return tuple(sorted(every, key=lambda one: places.get(one.trial, len(places))))


def _write_exclusions(folder: Path, excluded: Sequence[Excluded]) -> None:
    rows = [(one.trial, one.reason, one.sentence) for one in excluded]
    write_whole(folder / EXCLUSIONS, csv_text(("trial", "reason", "sentence"), rows))


def _pack(
    folder: Path,
    wanted: Index,
    earlier: Index,
    whole: Sequence[Shard],
    reader: Trials,
    size: int,
    progress: Progress,
) -> Index:
    """Writes the shards that are not there yet, then the index, then removes what it lacks."""
    there = {shard.file: shard for shard in whole}
    planned = [(part, *one) for part in PARTS for one in shard_plan(wanted.recordings, part, size)]
    shards: list[Shard] = []
    with progress.bar("packing", len(planned), "shards") as advance:
        for part, name, trials in planned:
            shards.append(there.get(name) or write_shard(folder, part, name, trials, reader))
            advance(1)
    index = replace(wanted, shards=tuple(shards))
    if replace(index, provenance=earlier.provenance) == earlier:
        index = earlier  # nothing is new, not even the date
    else:
        index.write(folder)
    names = {shard.file for shard in shards}
    for path in (folder / SHARDS).iterdir():
        if path.name not in names:
            path.unlink()
    return index


NAMED = 3
"""Recordings that a sentence on the screen names; the table has all."""


def sentences_of(excluded: Sequence[Excluded]) -> list[str]:
    """A sentence for each reason for which recordings were left out."""
    by_reason: dict[str, list[Excluded]] = {}
    for one in excluded:
        by_reason.setdefault(one.reason, []).append(one)
    return [
        f"{reason}: {listed([one.trial for one in own], NAMED)}; of the first: {own[0].sentence}"
        for reason, own in by_reason.items()
    ]
