"""`simgait render`: clips of rendered people who walk, and the exact truth beside each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.progress import Progress
from simgait.errors import InputError, StandingTrialError

if TYPE_CHECKING:
    from simgait.benchmark.captured_walks import CapturedWalk
    from simgait.synthetic.people.clip import Clip
    from simgait.synthetic.people.plan import ClipPlan

DEFAULT_CLIPS = 10
"""Two of each view on the average; a few minutes."""
PARTS_SUFFIX = ".iuv"
"""Of the folder of a clip's body parts."""

EXAMPLES = """\
examples:
  simgait render -o clips --clips 20 --for my-detector
      20 clips to run a detector on; then `simgait detector-profile clips --of my-detector`
  simgait render -o clips --clips 5 --view sagittal --body child
      children from the side
  simgait render -o night --clips 3000
      a training set; called again after a stop it goes on where it was
  simgait render -o clips --walks gait_lab
      people who walk as the markers in a folder's recordings did, a clip of each walk

Each clip is an .mp4 beside a .truth.npz: joints in 3D and in pixels, pose, contacts, camera, seed.
With --densepose a folder NAME.iuv beside them holds a 000000_IUV.png of each picture.
Needs the extra simgait[render] and OpenGL 3.3; neither a display nor a GPU.
"""


@dataclass(frozen=True)
class ToRender:
    """A clip to be rendered: its plan, and what makes all of it but the pictures."""

    plan: ClipPlan
    make: Callable[[], Clip]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "render",
        help="film rendered people whose joints are known",
        description="Draw people of many builds who walk, film them with many cameras, and write "
        "what is true of each clip beside it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-o", "--out", required=True, metavar="FOLDER", help="for the clips")
    parser.add_argument(
        "--clips", type=int, metavar="N", help="how many (default 10; of --walks one of each walk)"
    )
    parser.add_argument(
        "--walks", nargs="+", metavar="PATH",
        help="recordings of markers, or folders of them: people walk as these did",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the first clip; the next has the next"
    )
    parser.add_argument("--view", help="towards, oblique, sagittal, oblique_behind or away")
    parser.add_argument("--body", help="the person's build, for example child or obese")
    parser.add_argument("--pattern", help="how the person walks, for example normal or crouch")
    parser.add_argument(
        "--distance", type=float, metavar="M",
        help="metres from the camera to the way, at least; more where the person would not fit",
    )  # fmt: skip
    parser.add_argument(
        "--densepose", action="store_true",
        help="also write which of DensePose's 24 body parts each pixel shows, and where on it",
    )  # fmt: skip
    parser.add_argument(
        "--for", dest="detector", metavar="NAME",
        help="make a folder of this name for what a detector of yours makes of the clips",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Render what is not there yet. Returns 1 if any clip could not be."""
    from simgait.files import check_output_folder, make_output_folder, safe_id
    from simgait.limits import CAMERA_DISTANCE_M
    from simgait.synthetic.people.renderer import check_renders

    if (arguments.clips is not None and arguments.clips < 1) or arguments.seed < 0:
        raise InputError("--clips and --seed: give at least one clip, and a seed from 0 on.")
    if arguments.distance is not None and arguments.distance not in CAMERA_DISTANCE_M:
        raise InputError(
            f"--distance: {arguments.distance:g} m is no place for a camera; give "
            f"{CAMERA_DISTANCE_M}."
        )
    out = Path(arguments.out)
    check_output_folder(out)
    clips, refused = _captured(arguments) if arguments.walks else (_synthetic(arguments), 0)
    check_renders()
    make_output_folder(out)
    if arguments.detector is not None:
        folder = out / safe_id(arguments.detector)
        make_output_folder(folder)
    failed = render_all(clips, out, with_parts=arguments.densepose) + refused
    if arguments.detector is not None:
        print(
            f"Run the detector on each .mp4 in {out} and write its points as "
            f"{folder.name}/NAME.npz, .npy or .json; then: "
            f"simgait detector-profile {out} --of {folder.name}"
        )
    return 1 if failed else 0


def _synthetic(arguments: argparse.Namespace) -> list[ToRender]:
    """Clips of synthetic walkers."""
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.synthetic.people.clip import make_clip
    from simgait.synthetic.people.plan import plan_clip

    plans = [
        plan_clip(
            arguments.seed + i, arguments.view, arguments.body, arguments.pattern,
            arguments.distance,
        )
        for i in range(DEFAULT_CLIPS if arguments.clips is None else arguments.clips)
    ]  # fmt: skip
    return [ToRender(plan, partial(make_clip, plan)) for plan in plans]


def _captured(arguments: argparse.Namespace) -> tuple[list[ToRender], int]:
    """Clips of people who walk as recordings say, and how many recordings could not be used.

    Raises:
        InputError: a gait pattern is asked for, a path leads nowhere, or no recording is of use.
    """
    from simgait.benchmark.captured_walks import captured_clip
    from simgait.jax_setup import configure_jax
    from simgait.synthetic.people.plan import plan_captured

    if arguments.pattern is not None:
        raise InputError("--pattern: people of --walks walk as they were recorded; leave it out.")
    configure_jax()
    walks, refused = _recorded_walks(arguments.walks)
    clips = []
    for i in range(arguments.clips or len(walks)):
        walk = walks[i % len(walks)]
        trial = walk.trial
        plan = plan_captured(
            arguments.seed + i, walk.capture, trial.height_m, float(trial.time_s[-1]),
            arguments.view, arguments.body, arguments.distance,
        )  # fmt: skip
        clips.append(ToRender(plan, partial(captured_clip, walk, plan)))
    return clips, refused


def _recorded_walks(paths: list[str]) -> tuple[list[CapturedWalk], int]:
    """All walks in files and folders; how many files could not be used. Who stands is no failure.

    Raises:
        InputError: a path leads nowhere, or no recording holds a walk; the sentence is that of the
            first.
    """
    from simgait.benchmark.captured_walks import captured_walks
    from simgait.cohort.inputs import recordings_in

    walks: list[CapturedWalk] = []
    refused: list[InputError] = []
    for file in recordings_in(paths):
        try:
            walks += captured_walks(file.readable())
        except InputError as error:
            refused.append(error)
    if not walks and len(refused) > 1:
        raise InputError(f"none of {len(refused)} recordings can be used; the first: {refused[0]}")
    if not walks:
        raise refused[0]
    for one in refused:
        print(f"simgait: left out: {one}", file=sys.stderr, flush=True)
    return walks, sum(not isinstance(one, StandingTrialError) for one in refused)


def render_all(clips: Sequence[ToRender], out: Path, *, with_parts: bool) -> int:
    """Render the clips that are not there yet; how many could not be."""
    from simgait.synthetic.people.truth import SUFFIX

    failed = 0
    with Progress(len(clips), "clip") as progress:
        for clip in clips:
            name = clip.plan.name
            has_parts = (out / f"{name}{PARTS_SUFFIX}").is_dir() or not with_parts
            if has_parts and (out / f"{name}{SUFFIX}").exists():
                progress.skipped(name)
                continue
            progress.tell(f"rendering {name} ...", quiet=True)
            try:
                progress.line(_render_one(clip, out, with_parts))
            except InputError as error:
                failed += 1
                progress.line(f"simgait: {error}", error=True)
            progress.finished(name)
    return failed


def _render_one(to_render: ToRender, out: Path, with_parts: bool) -> str:
    """Render one clip, with its body parts if they are wanted, the truth last; a line on it.

    Raises:
        InputError: it cannot be seen, drawn or written.
    """
    from simgait.files import whole_file
    from simgait.synthetic.people.clip import film_clip
    from simgait.synthetic.people.parts_renderer import write_iuv
    from simgait.synthetic.people.truth import SUFFIX, truth_of, write_truth

    plan, clip = to_render.plan, to_render.make()
    with whole_file(out / f"{plan.name}.mp4") as part:
        film_clip(clip, part)
    if with_parts:
        write_iuv(out / f"{plan.name}{PARTS_SUFFIX}", clip)
    truth = truth_of(clip)
    write_truth(out / f"{plan.name}{SUFFIX}", truth)
    return (
        f"{plan.name}: {plan.body}, {plan.height_m:.2f} m, {plan.pattern}, {plan.view}, "
        f"{truth.nearest_m:.1f} m, {len(truth.time_s)} frames, {truth.speed_mps:.2f} m/s"
    )
