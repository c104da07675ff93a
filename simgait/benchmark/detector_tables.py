"""Tables of what detectors and simgait make of rendered people, by view, and their bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simgait.agreement.errors import root_mean_square
from simgait.benchmark.detector_errors import Errors
from simgait.benchmark.film_bodies import BodyScore
from simgait.benchmark.film_scores import ClipScore
from simgait.benchmark.filmed_views import ViewScore
from simgait.synthetic.people.cameras import VIEWS
from simgait.synthetic.people.truth import Truth

FARTHEST_M = 10.0
"""A person who is never nearer is not filmed as `docs/how-to/video.md` asks."""
BAR_HEADS = ("what", "bar", "reached", "n")
PROFILE_HEADS = (
    "view", "clips", "found, %", "2D, % of height", "2D jitter, %", "exchanged, %", "swing",
    "travel", "knee r", "knee RMSE, °", "jitter, mm", "hip / knee / ankle off, mm (ahead, out, up)",
)  # fmt: skip


def profile_table(clips: Sequence[tuple[Truth, Errors]]) -> str:
    """A detector's errors by view, and of children; medians over clips, found in the mean."""
    groups: list[tuple[str, list[Errors]]] = [
        (view, [e for t, e in clips if t.view == view and not t.is_child]) for view in VIEWS
    ]
    groups += [("children", [e for t, e in clips if t.is_child])]
    rows = [_profile_row(name, errors) for name, errors in groups if errors]
    return markdown_table(PROFILE_HEADS, rows)


def _profile_row(name: str, errors: Sequence[Errors]) -> list[str]:
    def middle(attribute: str, places: int, scale: float = 1.0) -> str:
        values = np.array([getattr(one, attribute) for one in errors], float)
        values = values[np.isfinite(values)]
        return f"{scale * np.median(values):.{places}f}" if len(values) else "–"

    offsets = [one.offset_mm for one in errors if one.offset_mm is not None]
    off = "–"
    if offsets:
        off = " / ".join(
            ", ".join(f"{value:+.0f}" for value in joint) for joint in np.median(offsets, axis=0)
        )
    return [
        name, str(len(errors)), f"{100 * np.mean([one.found for one in errors]):.1f}",
        middle("image_pct", 1), middle("image_jitter_pct", 2), middle("exchanged", 1, 100.0),
        middle("swing", 2), middle("travel", 2), middle("knee_r", 2),
        middle("knee_rmse_deg", 1), middle("jitter_mm", 0), off,
    ]  # fmt: skip


def lift_table(scores: Sequence[ClipScore]) -> str:
    """Speed, step length and knees by view and method; errors are over clips."""
    heads = ("view", "by", "clips", "speed bias, m/s", "RMSE", "step length bias, cm", "RMSE",
             "knee r", "knee RMSE, °")  # fmt: skip
    rows = []
    for view in (*VIEWS, "all"):
        for method in ("guess", "fit"):
            found = [
                (score.truth, getattr(score, method))
                for score in scores
                if view in ("all", score.truth.view) and getattr(score, method) is not None
            ]
            if found:
                rows.append(_lift_row(view, found))
    return markdown_table(heads, rows)


def speed_errors(found: Sequence[tuple[Truth, ViewScore]]) -> np.ndarray:
    """Speed less the true one, clip by clip (m/s)."""
    return np.array([score.speed_error_mps for _, score in found])


def step_errors(found: Sequence[tuple[Truth, ViewScore]]) -> np.ndarray:
    """Mean step length less the true one, clip by clip (m); NaN where no step was found."""
    return np.array([score.step_error_m for _, score in found])


def _lift_row(view: str, found: Sequence[tuple[Truth, ViewScore]]) -> list[str]:
    speed, step = speed_errors(found), step_errors(found)
    step = step[np.isfinite(step)]
    scores = [score for _, score in found]
    return [
        view, scores[0].method, str(len(found)),
        f"{speed.mean():+.3f}", f"{root_mean_square(speed):.3f}",
        *([f"{100 * step.mean():+.1f}", f"{100 * root_mean_square(step):.1f}"]
          if len(step) else ["–", "–"]),
        f"{np.median([score.knee_r for score in scores]):.2f}",
        f"{np.median([score.knee_rmse_deg for score in scores]):.1f}",
    ]  # fmt: skip


def body_table(bodies: Sequence[BodyScore]) -> str:
    """What became of clips whose walk the simulated body walked, by view."""
    heads = ("view", "clips", "refused", "fell", "speed bias, m/s", "RMSE", "step length bias, cm",
             "RMSE")  # fmt: skip
    rows = []
    for view in (*VIEWS, "all"):
        found = [one for one in bodies if view in ("all", one.truth.view)]
        if not found:
            continue
        speed = np.array([one.speed_error_mps for one in found])
        step = 100 * np.array([one.step_error_m for one in found])
        speed, step = speed[np.isfinite(speed)], step[np.isfinite(step)]
        rows.append([
            view, str(len(found)), str(sum(bool(one.refused) for one in found)),
            str(sum(one.fell for one in found)),
            *_mean_and_rms(speed, 3), *_mean_and_rms(step, 1),
        ])  # fmt: skip
    return markdown_table(heads, rows)


def _mean_and_rms(errors: np.ndarray, places: int) -> tuple[str, str]:
    if not len(errors):
        return "–", "–"
    return f"{errors.mean():+.{places}f}", f"{root_mean_square(errors):.{places}f}"


def body_bar(bodies: Sequence[BodyScore]) -> str:
    """Falls and refusals of adults at 2 to 10 m, and the bar."""
    near = [one for one in bodies if not one.truth.is_child and one.truth.nearest_m <= FARTHEST_M]
    lost = f"{100 * np.mean([one.fell or bool(one.refused) for one in near]):.0f}" if near else "–"
    return f"Adults at 2 to 10 m who fall or are refused, %: {lost} of {len(near)} (bar ≤ 5)."


def bars(scores: Sequence[ClipScore], clips_per_hour: float | None) -> str:
    """The bars of issue "From video" that these clips tell, and what was reached."""
    adults = [one for one in scores if not one.truth.is_child]
    children = [one for one in scores if one.truth.is_child]
    side = [one.errors.image_pct for one in scores if one.truth.view == "sagittal"]
    other = [one.errors.image_pct for one in scores if one.truth.view != "sagittal"]
    fit_side = [one.fit_image_pct for one in scores if one.truth.view == "sagittal"]
    fit_other = [one.fit_image_pct for one in scores if one.truth.view != "sagittal"]
    fits = [(one.truth, one.fit) for one in scores if one.fit is not None]
    steps = step_errors(fits)
    near = [one for one in adults if one.truth.nearest_m <= FARTHEST_M]
    step = steps[np.isfinite(steps)]
    speed_rmse, step_rmse_cm = root_mean_square(speed_errors(fits)), 100 * root_mean_square(step)
    refused = 100 * np.mean([bool(one.refused) for one in near])
    rows: list[list[object]] = [
        ["person found, adults, % of frames", "≥ 98", _mean_found(adults), len(adults)],
        ["person found, children", "≥ 95", _mean_found(children), len(children)],
        ["hips, knees, ankles in 2D, % of height", "≤ 1.5", _middle(other), len(other)],
        ["the same from the side", "≤ 3", _middle(side), len(side)],
        [
            "the same of the batch fit, seen by the camera",
            "≤ 1.5",
            _middle(fit_other),
            len(fit_other),
        ],
        ["the same from the side", "≤ 3", _middle(fit_side), len(fit_side)],
        ["speed RMSE, batch fit, m/s", "≤ 0.08", f"{speed_rmse:.3f}", len(fits)],
        ["step length RMSE, batch fit, cm", "≤ 6", f"{step_rmse_cm:.1f}", len(step)],
        ["adults at 2 to 10 m refused, %", "≤ 5", f"{refused:.0f}", len(near)],
    ]
    if clips_per_hour is not None:
        made = f"{clips_per_hour:.0f}"
        rows.append(["clips rendered and watched an hour on 2 cores", "≥ 300", made, "–"])
    return markdown_table(BAR_HEADS, [[str(cell) for cell in row] for row in rows])


def _mean_found(scores: Sequence[ClipScore]) -> str:
    return f"{100 * np.mean([one.errors.found for one in scores]):.1f}" if scores else "–"


def _middle(values: Sequence[float]) -> str:
    known = [value for value in values if np.isfinite(value)]
    return f"{np.median(known):.2f}" if known else "–"


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Heads and rows, as Markdown has tables."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
