"""`simgait render`: clips of rendered people who walk, and the exact truth beside each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.progress import Progress
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.synthetic.people.plan import ClipPlan

EXAMPLES = """\
examples:
  simgait render -o clips --clips 20 --for my-detector
      20 clips to run a detector on; then `simgait detector-profile clips --of my-detector`
  simgait render -o clips --clips 5 --view sagittal --body child
      children from the side
  simgait render -o night --clips 3000
      a training set; called again after a stop it goes on where it was

Each clip is an .mp4 beside a .truth.npz: joints in 3D and in pixels, pose, contacts, camera, seed.
Needs the extra simgait[render] and OpenGL 3.3; neither a display nor a GPU.
"""


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
    parser.add_argument("--clips", type=int, default=10, metavar="N", help="how many (default 10)")
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
        "--for", dest="detector", metavar="NAME",
        help="make a folder of this name for what a detector of yours makes of the clips",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Render what is not there yet. Returns 1 if any clip could not be."""
    from simgait.files import check_output_folder, make_output_folder, safe_id
    from simgait.synthetic.people.plan import plan_clip
    from simgait.synthetic.people.renderer import check_renders

    if arguments.clips < 1 or arguments.seed < 0:
        raise InputError("--clips and --seed: give at least one clip, and a seed from 0 on.")
    out = Path(arguments.out)
    check_output_folder(out)
    plans = [
        plan_clip(
            arguments.seed + i, arguments.view, arguments.body, arguments.pattern,
            arguments.distance,
        )
        for i in range(arguments.clips)
    ]  # fmt: skip
    check_renders()
    make_output_folder(out)
    failed = render_all(plans, out)
    if arguments.detector is not None:
        folder = out / safe_id(arguments.detector)
        make_output_folder(folder)
        print(
            f"Run the detector on each .mp4 in {out} and write its points as "
            f"{folder.name}/NAME.npz, .npy or .json; then: "
            f"simgait detector-profile {out} --of {folder.name}"
        )
    return 1 if failed else 0


def render_all(plans: list[ClipPlan], out: Path) -> int:
    """Render the clips whose truth is not there yet; how many could not be."""
    from simgait.synthetic.people.truth import SUFFIX

    failed = 0
    with Progress(len(plans), "clip") as progress:
        for plan in plans:
            if (out / f"{plan.name}{SUFFIX}").exists():
                progress.skipped(plan.name)
                continue
            progress.tell(f"rendering {plan.name} ...", quiet=True)
            try:
                progress.line(_render_one(plan, out))
            except InputError as error:
                failed += 1
                progress.line(f"simgait: {error}", error=True)
            progress.finished(plan.name)
    return failed


def _render_one(plan: ClipPlan, out: Path) -> str:
    """Render one clip, the truth last; a line on it.

    Raises:
        InputError: it cannot be seen, drawn or written.
    """
    from simgait.files import whole_file
    from simgait.synthetic.people.clip import film_clip, make_clip
    from simgait.synthetic.people.truth import SUFFIX, truth_of, write_truth

    clip = make_clip(plan)
    with whole_file(out / f"{plan.name}.mp4") as part:
        film_clip(clip, part)
    truth = truth_of(clip)
    write_truth(out / f"{plan.name}{SUFFIX}", truth)
    return (
        f"{plan.name}: {plan.body}, {plan.height_m:.2f} m, {plan.pattern}, {plan.view}, "
        f"{truth.nearest_m:.1f} m, {len(truth.time_s)} frames, {truth.speed_mps:.2f} m/s"
    )
