"""The scorecard as a Markdown page: every row, for whom it fails, what each number means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgait.benchmark.cases import WALK_S, Excluded
from simgait.benchmark.event_score import EDGE_S
from simgait.benchmark.pooling import JOINTS
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.scorecard_rows import (
    ANGLE_BIAS,
    ANGLES,
    FALLS,
    RESIDUAL,
    STEP_LENGTH_RMSE,
    STEP_LENGTH_SLOPE,
    VELOCITY_BIAS,
    VELOCITY_SD,
    VELOCITY_SLOPE,
    Row,
)
from simgait.benchmark.scorecard_since import ROW_HEAD
from simgait.benchmark.truth_errors import SD_BY_LABORATORY, SD_BY_MEASURED_FEET, STANCE

BENCH = "bench-v2"
"""Walkers and garbage through every family of detectors, see `walker_cases`."""
DEFINITIONS = f"""\
- **Walks.** Synthetic: walkers 0, 1, 2, ... of split "test" (seeds that training never draws),
  {WALK_S:g} s each, patterns, bodies and cameras as drawn. *exact*: keypoints without error.
  *monocular-v1*: through the error model of that name. *legs only*: the same with nothing but
  hips, knees and ankles. *no pelvis path*: the same as monocular-v1, the pelvis's travel hidden.
  Real test subjects: CMU 07, 16, 49 and McGill HC002D, HC038A, HC044A, HC055A, keypoints from
  markers; mixed labs: everything in `c3d_mixed`. Bouts from 40 frames on (`simgait track` asks for
  75 frames of a detector, 30 of markers).
- **Angle RMSE.** Sagittal hip, knee and ankle angle of the simulated body minus truth, root mean
  square pooled over all frames from frame 0, all walks, both legs; a fall ends a walk's frames.
  *debiased*: after each walk's and leg's own mean error is taken away. Truth: the generator's pose
  (synthetic), the ASF skeleton's angles (CMU), Plug-in Gait angles of the file (C3D).
- **Velocity, step length.** By footprints (docs/definitions.md). Mean over the walk's gait cycles
  (step length: per side, over its steps) of the simulated body, minus the same mean of the true
  walk, one code for both. Bias and SD (n - 1) over walks; RMSE over walks (step length: over walks
  and sides). *slope*: of the regression of estimates on truths, over walks (step length: walks and
  sides); 1 follows, less shrinks differences, and where walks hardly differ it says nothing.
  Truth is read from the exact body and exact events (synthetic) or from the markers
  with the file's events, or with kinematic events where the file has none (CMU).
- **Event timing.** Simulated contact-force events minus the events of the C3D file, matched one to
  one within 500 ms. Events within {1000 * EDGE_S:g} ms of a trial's ends, or outside it, are not
  counted (their number is given). *extra*: simulated events without a partner between the file's
  first and last event.
- **Offsets.** Mean error of pelvic tilt and of hip flexion (both sides) over a person's frames and
  walks, root of its mean square over people.
- **Residual force.** Norm of the residual force's vector on the pelvis, root mean square over all
  frames of all walks of a set, % of the simulated body's weight.
- **Falls.** Share of the tracked walks that ended early: pelvis too low, tipped over, or too far
  off the reference's path (`termination` in the policy's config and, stricter,
  `InferenceConfig.max_path_error_leg`). A walk that fell is tracked again
  with a larger residual moment, at last with a larger force, too, and the attempt that lasted
  longest is the one scored; *at the first attempt* counts every walk in which the policy itself
  fell.
- **Excluded.** Share of the walks offered that preparation or fit refused, with reasons below. The
  McGill folders hold one standing trial per person, which is offered and has to be refused.
- **The gate.** Marker walks of real people (CMU, McGill, mixed labs, BMC) through every synthetic
  detector, four cameras each, whose scales of travel stand for all cameras of the detector.
  *unseen people*: test subjects, on whom nothing was trained; *training people*: beside them, one
  camera, no bars. Each person counts as much as the next: bias is the mean over people, *slope*
  that of the regression of estimated on true mean speed over people, *slope within* the same within
  people whose walks differ by 0.1 m/s or more, one camera at a time. *plain travel*: straight line
  through the height-scaled path of the pelvis, nothing learned. *travel unknown*: no such path, or
  one that is not believed. Steps, phases and knees are those of walks whose travel is known: bias
  is the mean over people, *slope* and *within* as for speed, within people whose walks differ by 5
  cm, 1.5 % of the cycle or 3°. Truth: footprints and contacts of the same markers (contacts of
  measured feet), knees of the laboratory or of the ASF skeleton.
- **Attainable slope.** The truth of phases has errors, too: against force plates the contacts of
  measured feet err by {SD_BY_MEASURED_FEET[STANCE]:g} % of the cycle in stance (SD between people),
  a laboratory's events by {SD_BY_LABORATORY[STANCE]:g} %. They spread people further than these
  differ, and a perfect estimate would have a slope of 1 less the share of variance that is theirs
  (`simgait/benchmark/truth_errors.py`). No bar is moved by it.
- **{BENCH}.** Synthetic walkers of split "test", a fourth of them in each of four bands of speed,
  three of eight hemiparetic, through every family of detectors, which nobody names to simgait.
  *left out*: the family that nothing released learned from. They are made by the code that training
  walkers are made by: what they tell is never an accuracy on people. Subgroups are by the truth.
  Only walks whose travel is known count; the others' share is shown. Each walker counts as much as
  the next.
- **Garbage.** Such walkers with what bad detectors were seen to do: knees that never get straighter
  than 45 to 80°, a trunk 27° back, bones that breathe, a swing that vanishes, one leg that hangs;
  each centred on the body, and with its path. *usable*: numbers that the report says to use as they
  are. *falls among usable*: walks of {BENCH} of which any number may be used, also roughly, in
  which the body fell.
- **Rendered people** are not on this page: what BlazePose sees of films of walkers and of people as
  their markers went, speed, steps, phases and joints by view, stands with its bars in
  [video](video.md) (`simgait benchmark video`).
- **Speed.** Prepared trial to rollout (measure, fit, refine, track), median of three calls after
  one warm-up call; seconds of walking per second of wall time.
- **reference** (where shown): the refined kinematic fit that the policy follows, scored as if it
  were the result, events kinematic.
"""


@dataclass(frozen=True)
class Run:
    """Facts about one run of the scorecard, for the page's head."""

    command: str
    date_utc: str
    commit: str
    cores: int
    platform: str
    policy_name: str
    policy_sha256: str
    load: str
    reduced: str = ""


def number(value: float, digits: int = 3) -> str:
    """Three significant digits, "-" where not measured."""
    if not np.isfinite(value):
        return "-"
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


def row_cells(row: Row) -> list[str]:
    """Name, value, unit, bar, met, n as text."""
    mark = {True: "yes", False: "**no**", None: ""}[row.met]
    value = f"not asked: {row.not_asked}" if row.not_asked else number(row.value)
    return [row.name, value, row.unit, bar_text(row), mark, str(row.n)]


def bar_text(row: Row) -> str:
    """The bar and which side of it is good; empty without one."""
    if row.bar is None:
        return ""
    if row.up_to is not None:
        return f"{row.bar:g} to {row.up_to:g}"
    return f"{'≤' if row.sense == 'at_most' else '≥'} {row.bar:g}"


def rows_table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table."""
    return table(ROW_HEAD, [row_cells(r) for r in rows])


def rows_text(rows: Sequence[Row]) -> str:
    """Rows as aligned plain text for a terminal, bars first; the last line counts them."""
    ordered = [r for r in rows if r.bar is not None] + [r for r in rows if r.bar is None]
    cells = [[cell.replace("*", "") for cell in row_cells(row)] for row in ordered]
    cells.insert(0, [*ROW_HEAD])
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([*lines, count_text(rows)])


def count_text(rows: Sequence[Row]) -> str:
    """How many bars are met, of those that were asked."""
    barred = [row for row in rows if row.bar is not None and not row.not_asked]
    return f"{sum(bool(row.met) for row in barred)} of {len(barred)} bars are met."


def detail_cells(name: str, result: ScoredSet) -> list[str]:
    """Main errors of some walks, and slopes of estimate on truth of velocity and step length."""
    walks = result.walks
    return [
        name,
        str(len(walks)),
        number(FALLS.value(walks)),
        *(number(measure.value(walks)) for measure in ANGLES),
        *(number(ANGLE_BIAS[joint].of_walks(walks)) for joint in JOINTS),
        *(
            number(measure.value(walks))
            for measure in (VELOCITY_BIAS, VELOCITY_SD, VELOCITY_SLOPE, STEP_LENGTH_RMSE,
                            STEP_LENGTH_SLOPE, RESIDUAL)
        ),
    ]  # fmt: skip


DETAIL_HEAD = (
    "", "walks", "falls %", *(f"{j} RMSE °" for j in JOINTS), *(f"{j} bias °" for j in JOINTS),
    "velocity bias m/s", "SD m/s", "slope", "step length RMSE cm", "slope",
    "residual % BW",
)  # fmt: skip


def breakdown(result: ScoredSet, label: str) -> str:
    """Main errors per value of a label ("pattern", "view", "subject")."""
    body = [detail_cells(v, result.part(label, v)) for v in result.labels(label)]
    return table(DETAIL_HEAD, [*body, detail_cells("all", result)])


def comparison(results: Sequence[ScoredSet]) -> str:
    """Main errors of whole sets, one under the other."""
    return table(DETAIL_HEAD, [detail_cells(result.name, result) for result in results])


def exclusions(results: Sequence[ScoredSet]) -> str:
    """Every refused walk with its reason."""
    seen: dict[tuple[str, str], Excluded] = {}
    for result in results:
        for item in result.excluded:
            seen[(item.name, item.reason)] = item
    if not seen:
        return "None."
    return "\n".join(f"- {item.name}: {item.reason}" for item in seen.values())


def page(run: Run, rows: Sequence[Row], sections: Sequence[tuple[str, str]], excluded: str) -> str:
    """The whole page; `sections` are (heading, Markdown)."""
    barred = [row for row in rows if row.bar is not None]
    facts = [
        f"`{run.command}`, {run.date_utc}, commit {run.commit[:12]}, {run.platform}, "
        f"{run.cores} cores{run.load}.",
        f"Policy {run.policy_name}, SHA-256 `{run.policy_sha256}`.",
    ]
    if run.reduced:
        facts.append(run.reduced)
    parts = [
        "# Scorecard",
        "Written by `simgait scorecard`; do not edit by hand.",
        "  \n".join(facts),
        f"**{count_text(rows)}**",
        "## Bars",
        rows_table(barred),
        "## For whom it works",
        "\n\n".join(f"### {heading}\n\n{text}" for heading, text in sections),
        "## Information",
        rows_table([row for row in rows if row.bar is None]),
        "## Definitions",
        DEFINITIONS.rstrip(),
        "## Excluded walks",
        excluded,
    ]
    return "\n\n".join(parts) + "\n"
