"""Input for the examples: synthetic people whose gait is known, seen through a made-up detector.

Put your own recordings in place of these. The seeds are those of people whom no policy has seen.
"""

from __future__ import annotations

from pathlib import Path

from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.recording import SyntheticRecording, trial_from_walk
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk


def person(index: int, pattern: Pattern = "normal", markers: bool = False) -> SyntheticRecording:
    """Six seconds of a person: exact markers, or keypoints with the errors of a video detector."""
    spec = draw_walker(walker_seed("test", 9_100_000 + index), pattern)
    return trial_from_walk(walk(spec, 6.0), monocular=not markers, view="ahead", missing=())


def write_person(path: str | Path, index: int, pattern: Pattern = "normal") -> SyntheticRecording:
    """Writes such a recording as simgait's own .npz, without what is known to be true of it."""
    from dataclasses import replace

    made = person(index, pattern)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_npz(path, replace(made.recording, pose=None, events=()))
    return made
