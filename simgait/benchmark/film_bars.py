"""The bars of video that need films: how quickly one is watched, and the clip of Sports2D."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from simgait.benchmark.filmed_views import FOLDER
from simgait.errors import InputError
from simgait.pipeline import (
    AnalysedWalk,
    TrackOptions,
    track_and_analyse,
    walks_of_file,
    write_report,
)
from simgait.recordings.formats.video import detector
from simgait.recordings.options import ReadOptions
from simgait.report.trial.body_in_picture import OVERLAY
from simgait.tracking.policies import Policy
from simgait.video.decode import open_clip
from simgait.video.watch import watch

SPORTS2D = Path("video") / "sports2d_demo.mp4"
"""7.7 s of 1768 × 994 pixels: a woman crosses a lawn, a man stands on a roof, climbs and jumps."""
COUNTED_SPM = 99.0
"""What a person counts in its pictures."""
GUESSED_HEIGHT_M = 1.72
"""Nobody said it. Cadence does not depend on it."""
ON_THE_ROOF = 1
"""His number among the people in it."""
WATCHED_BAR, SECONDS_BAR, CADENCE_BAR_SPM = 15.0, 90.0, 1.0
BarRow = tuple[str, str, str, str]
"""What, bar, reached, n."""


@dataclass(frozen=True)
class RealClip:
    """What `simgait walk` made of the clip of Sports2D.

    Attributes:
        cadence_spm: of the walker.
        other: why nothing is told of the other person, who somersaults and turns; "" where
            numbers are.
        wall_s, processor_s: from the clip to report and overlay.
    """

    cadence_spm: float
    other: str
    wall_s: float
    processor_s: float


def film_bars(data: Path, policy: Policy) -> list[BarRow]:
    """The bars, measured here and now.

    Args:
        data: folder of the recordings.
        policy: that drives the body.

    Raises:
        InputError: a film is not there, or cannot be used.
    """
    by_clock, by_processor, n = pictures_watched_a_second(data / FOLDER / "side.mp4")
    clip = walk_real_clip(data / SPORTS2D, policy)
    low, high = COUNTED_SPM - CADENCE_BAR_SPM, COUNTED_SPM + CADENCE_BAR_SPM
    handled = "one tracked, " + ("of the other nothing told" if clip.other else "the other, too")
    seconds = f"{clip.wall_s:.0f} ({clip.processor_s:.0f} of processor time)"
    return [
        ("pictures of 1280 × 720 watched a second", f"≥ {WATCHED_BAR:g}",
         f"{by_clock:.0f} ({by_processor:.0f} by processor time)", str(n)),
        ("clip of Sports2D: cadence, steps/min", f"{low:g} to {high:g}",
         f"{clip.cadence_spm:.1f}", "1"),
        ("both people in it", "handled", handled, "2"),
        ("seconds from it to report and overlay", f"≤ {SECONDS_BAR:g}", seconds, "1"),
    ]  # fmt: skip


def pictures_watched_a_second(path: Path) -> tuple[float, float, int]:
    """Pictures a second that a film is watched at: by the clock, by processor time; how many.

    Raises:
        InputError: it is not there, or cannot be used.
    """
    watch(open_clip(path), detector(), to_s=0.5)  # what compiles, compiles now
    wall_s, processor_s = time.perf_counter(), time.process_time()
    n = len(watch(open_clip(path), detector()).time_s)
    return n / (time.perf_counter() - wall_s), n / (time.process_time() - processor_s), n


def walk_real_clip(path: Path, policy: Policy) -> RealClip:
    """The clip of Sports2D on the way of `simgait walk --keep-video`, everything compiled before.

    Raises:
        InputError: it is not there, or cannot be used.
    """
    options = TrackOptions(height_m=GUESSED_HEIGHT_M, keep_video=True)
    _walked(path, policy, options)
    wall_s, processor_s = time.perf_counter(), time.process_time()
    walk = _walked(path, policy, options)
    wall_s, processor_s = time.perf_counter() - wall_s, time.process_time() - processor_s
    try:
        verdict = _walked(
            path, policy, TrackOptions(GUESSED_HEIGHT_M, ReadOptions(person=ON_THE_ROOF))
        ).verdict
        other = verdict.reasons[0] if verdict.level == "use_none" else ""
    except InputError as error:
        other = str(error)
    return RealClip(walk.gait.parameters["cadence_spm"]["both"].mean, other, wall_s, processor_s)


def _walked(path: Path, policy: Policy, options: TrackOptions) -> AnalysedWalk:
    """The longest walk of a film, its report written and thrown away.

    Raises:
        InputError: the film cannot be used, or the report lacks the overlay that was asked for.
    """
    walks = track_and_analyse(policy, walks_of_file(path, options))
    walk = max(walks, key=lambda one: one.tracked.trial.n_frames)
    with tempfile.TemporaryDirectory() as folder:
        written = write_report(Path(folder), walk, policy)
    if options.keep_video and OVERLAY not in {file.name for file in written}:
        raise InputError(f"{path.name}: no overlay was written.")
    return walk
