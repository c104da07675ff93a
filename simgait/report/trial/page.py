"""The page of one trial: everything that a reader sees, filled into its template."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.files import safe_id, without_folders
from simgait.gait.joint_moments import MOST_HELP
from simgait.gait.recorded import ShownReference, reference_of, shown_reference
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import defined_label, parameter
from simgait.parameters.norm_choice import Norms, Walker
from simgait.parameters.norm_rows import NormTable
from simgait.parameters.wording import counted, number
from simgait.recordings.person_facts import NOBODY, PersonFacts
from simgait.report.norm_words import norm_note, sources_of
from simgait.report.page import render
from simgait.report.trial import bars, cycle_curves, first_sheet, measure
from simgait.report.trial.body_in_picture import OVERLAY
from simgait.report.trial.curve_bands import CurveBands, bands_for
from simgait.report.trial.footfall_map import Footfall, footfall_map
from simgait.report.trial.kinetics import kinetics_section
from simgait.report.trial.laboratory import laboratory_findings
from simgait.report.trial.opinions import (
    OPINIONS,
    CompanionSays,
    as_sentence,
    compared,
    disagreement,
    opinion_sections,
)
from simgait.report.trial.opinions_among import among, disagreement_among
from simgait.report.trial.parameter_table import parameter_rows, steps_text, tiles
from simgait.report.trial.plates import NO_PLATES, PlatesSeen, plates_section
from simgait.report.trial.replay_section import replay_section
from simgait.report.trial.score_words import people_of, scores_section
from simgait.report.trial.step_table import MOST_STEPS, STEPS, step_rows, steps_lost
from simgait.report.trial.time_curves import joint_angles_over_time
from simgait.report.trial.truth_check import truth_findings
from simgait.report.trial.twin_walk import TwinWalk, twin_section
from simgait.report.trial.two_columns import two_columns_text
from simgait.report.trial.verdict import Verdict
from simgait.report.words import Level, sentences, truth_sentence
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.sides import Side
from simgait.types import Rollout, Trial

_REFERENCE_TEXTS: dict[ShownReference, str] = {
    "truth": "Truth is what the trial was made from.",
    "laboratory": "Laboratory is what the recording's own markers, foot events and angles say, by "
    "the same definitions: a measurement with errors of its own.",
    "recording": "Recording is what the recorded positions and the angles between them say, by the "
    "same definitions: the file holds neither foot events nor angles of a laboratory.",
}
SPEED = "velocity_mps"
"""Of the catalogue: what chooses a row of norms that is of one band of speeds."""
VERDICT_MARKS: dict[Level, str] = {"use_all": "✓", "use_some": "!", "use_none": "✕"}


def trial_page(
    trial: Trial,
    rollout: Rollout,
    result: GaitResult,
    verdict: Verdict,
    provenance: dict[str, Any],
    truth: GaitResult | None,
    fit_error_m: Float[np.ndarray, " T"] | None = None,
    has_film: bool = False,
    opinions: Sequence[CompanionSays] | None = None,
    person: PersonFacts = NOBODY,
    own_norms: NormTable | None = None,
    plates: PlatesSeen = NO_PLATES,
    twin: TwinWalk | None = None,
) -> str:
    """The self-contained HTML page; `provenance` already free of folders.

    With `has_film` it plays the overlay, which begins and ends with the trial, beside the replay.
    `own_norms` are the user's.
    """
    norms = norms_of(trial, result, verdict, person, own_norms)
    bands = bands_for(person, own_norms)
    footprints = measure.footprints(rollout, result)
    pelvis = rollout.pose[rollout.alive, HORIZONTAL] @ measure.progression(rollout).T
    footfall = footfall_map(footprints, pelvis)
    cycles = measure.complete_cycles(result)
    return render(
        "trial.html",
        **_named(trial),
        facts=_facts(trial),
        verdict=verdict,
        reasons=[tuple(map(without_folders, pair)) for pair in verdict.reasons_and_losses],
        verdict_mark=VERDICT_MARKS[verdict.level],
        **_reference(trial, rollout, result, truth, verdict),
        tiles=tiles(result, verdict),
        **_first_sheet(trial, result, verdict, person, norms, bands),
        rows=parameter_rows(result, truth, verdict, norms),
        **_norms(result, norms),
        **scores_section(result, verdict, norms),
        **_steps(result, footprints, verdict),
        has_intervals=result.certainty is not None,
        cycle_text=f"{cycles['left']} left and {counted(cycles['right'], 'right gait cycle')}",
        **_curves(result, truth, verdict, bands.of),
        time_curves=joint_angles_over_time(trial, rollout, result, verdict),
        drawn_text=_drawn_text(cycles),
        footfall=footfall,
        rows_text=_rows_text(footfall),
        contact=bars.contact_bars(result, float(rollout.time_s[-1]), measure.live_end_s(rollout)),
        event_text=_event_text(result),
        **_following(rollout, fit_error_m),
        residual_text=residual_text(result),
        **kinetics_section(rollout, trial, result, verdict),
        **plates_section(plates),
        **_opinions(opinions, result, trial.trial_id) | twin_section(twin, result, verdict),
        definitions=_definitions(result),
        notes=without_folders(trial.notes),
        provenance=json.dumps(provenance, indent=2, sort_keys=True, ensure_ascii=False),
        **replay_section(rollout, result, opinions or (), twin),
        film=OVERLAY if has_film else None,
    )


def _reference(
    trial: Trial, rollout: Rollout, result: GaitResult, truth: GaitResult | None, verdict: Verdict
) -> dict[str, Any]:
    """What the page says of what the recording itself knows of the walk."""
    shown_as = shown_reference(trial)
    found = truth_findings(result, truth, trial, rollout)
    return {
        "has_truth": truth is not None,
        "reference": shown_as.capitalize(),
        "reference_text": _REFERENCE_TEXTS[shown_as] if truth else "",
        "truth_text": truth_sentence(found, verdict.level, shown_as),
        "laboratory_doubts": sentences(laboratory_findings(truth, trial)),
        "other_strides_text": two_columns_text(result, truth, shown_as),
    }


def _following(rollout: Rollout, fit_error_m: Float[np.ndarray, " T"] | None) -> dict[str, Any]:
    """What the page says of how well the body follows the recording."""
    errors = measure.keypoint_errors(rollout)
    return {
        "errors": bars.keypoint_error_bars(errors),
        "leg_error_text": _leg_error_text(measure.leg_error_mm(errors)),
        "fit_text": _fit_text(fit_error_m),
    }


def _opinions(
    says: Sequence[CompanionSays] | None, result: GaitResult, walk: str
) -> dict[str, Any]:
    """What the page says of companions; nothing where nobody asked them."""
    if says is None:
        return {"opinions": None}
    rows = compared(says, result)
    return {
        "opinions": opinion_sections(says, rows),
        "opinions_text": disagreement(rows),
        "opinions_among": (own := among(says)),
        "opinions_among_text": disagreement_among(own),
        "opinions_silent": [
            (one.name, as_sentence(without_folders(one.reason), walk))
            for one in says
            if one.opinion is None
        ],
        "opinions_file": OPINIONS,
    }


def _first_sheet(
    trial: Trial,
    result: GaitResult,
    verdict: Verdict,
    person: PersonFacts,
    norms: Norms,
    bands: CurveBands,
) -> dict[str, Any]:
    """What the page says on its first sheet but for verdict and scores."""
    left = len(verdict.reasons) - first_sheet.MOST_REASONS
    return {
        "head": first_sheet.head(trial, person),
        "key_rows": first_sheet.key_rows(result, verdict, norms),
        "key_norms": norm_note(first_sheet.key_figures(result), norms),
        "key_curves": cycle_curves.key_curves(result, bands.of, _lost_curves(verdict)),
        "band_text": bands.words,
        "peak_rows": first_sheet.peak_rows(result, verdict, person),
        "more_findings": counted(left, "more finding") if left > 0 else "",
    }


def _lost_curves(verdict: Verdict) -> set[tuple[str, str]]:
    return {(n.key, n.pool) for n in verdict.numbers if n.level == "do_not_use"}


def norms_of(
    trial: Trial,
    result: GaitResult,
    verdict: Verdict,
    person: PersonFacts,
    own: NormTable | None = None,
) -> Norms:
    """What the walk's numbers are compared with; a speed that is not to be used chooses no row."""
    speed = result.parameters.get(SPEED, {}).get("both")
    is_usable = speed is not None and verdict.number_level(SPEED, "both") != "do_not_use"
    speed_mps = speed.mean if speed is not None and is_usable else math.nan
    on_belt = trial.path_basis in ("belt_said", "belt_estimated")
    walker = Walker(trial.height_m, person.age_years, person.sex, on_belt, speed_mps)
    return Norms(walker, own, people_of(result.scores))


def _norms(result: GaitResult, norms: Norms) -> dict[str, Any]:
    """What the page says below the table of parameters."""
    shown = [one for one in map(parameter, result.parameters) if one.of_scores is None]
    return {"norm_text": norm_note(shown, norms), "norm_sources": sources_of(shown, norms)}


def _steps(
    result: GaitResult, footprints: Sequence[measure.Footprint], verdict: Verdict
) -> dict[str, Any]:
    """The steps in words, and their table; of a long walk the first of them."""
    return {
        "steps_text": steps_text(result, footprints),
        "step_rows": step_rows(result.steps[:MOST_STEPS]),
        "n_steps": len(result.steps),
        "steps_file": STEPS,
        "steps_lost": steps_lost(verdict),
    }


def _curves(
    result: GaitResult, truth: GaitResult | None, verdict: Verdict, band: cycle_curves.Band
) -> dict[str, Any]:
    """All that is drawn over the gait cycle, and why hip and pelvis are known so badly."""
    return {
        "curves": [
            *cycle_curves.joint_curves(result, truth, band, _lost_curves(verdict)),
            cycle_curves.vertical_force(result, truth),
        ],
        "zero_text": cycle_curves.zero_text(result),
    }


def _definitions(result: GaitResult) -> list[tuple[str, str]]:
    return [(defined_label(key), without_folders(text)) for key, text in result.definitions.items()]


def _named(trial: Trial) -> dict[str, Any]:
    """The walk's name, and what stands at the foot of every sheet of it."""
    person, walk = safe_id(trial.subject_id) if trial.subject_id else "", safe_id(trial.trial_id)
    return {"trial_id": walk, "on_sheets": (person, walk, trial.recorded_on)}


def _facts(trial: Trial) -> str:
    parts = []
    seen = np.isfinite(trial.keypoints_m).all(axis=-1).any(axis=0).sum()
    parts.append(f"{number(float(trial.time_s[-1]), 1)} s from {number(trial.start_s, 1)} s on")
    parts.append(
        f"{int(seen)} synthetic keypoints"
        if reference_of(trial) == "truth" and trial.source_format != "video"
        else f"{int(seen)} keypoints from {trial.source_format}"
    )
    return " · ".join(parts)


def _drawn_text(cycles: dict[Side, int]) -> str:
    most = cycle_curves.MAX_CYCLES_DRAWN
    if max(cycles.values()) <= most:
        return ""
    return (
        f"Of many cycles, {most} of each side are drawn as thin lines, evenly spread over the "
        f"walk; the thick means are those of all {cycles['left']} left and {cycles['right']} right."
    )


def _rows_text(footfall: Footfall) -> str:
    if len(footfall.rows) == footfall.n_rows:
        return ""
    return (
        f"{len(footfall.rows)} of {footfall.n_rows} stretches are drawn, evenly spread over the "
        "walk; the metre marks tell where."
    )


def _event_text(result: GaitResult) -> str:
    contacts = sum(e.kind == "initial_contact" for e in result.events)
    offs = len(result.events) - contacts
    text = (
        f"{counted(contacts, 'initial contact')} and {counted(offs, 'foot off')}. "
        f"{result.definitions['events']}"
    )
    if np.isfinite(result.event_disagreement_ms):
        verb = "are" if result.unmatched_events > 1 else "is"
        text += (
            f" Events by foot movement differ by {result.event_disagreement_ms:.0f} ms on average;"
            f" {result.unmatched_events or 'none'} {verb} without a counterpart."
        )
    return text


def _leg_error_text(error_mm: float) -> str:
    if not np.isfinite(error_mm):
        return "No hip, knee or ankle was recorded."
    return f"Hips, knees and ankles: {number(error_mm, 0)} mm on average."


def _fit_text(fit_error_m: Float[np.ndarray, " T"] | None) -> str:
    median_mm = float("nan") if fit_error_m is None else measure.fit_error_median_mm(fit_error_m)
    if not np.isfinite(median_mm):
        return ""
    return (
        "The body fitted to the recording before the simulation lies "
        f"{number(median_mm, 0)} mm from its keypoints (root mean square over keypoints, median "
        "over frames)."
    )


def residual_text(result: GaitResult) -> str:
    """How much the helper pushed and turned the pelvis, and whether that is little."""
    force, moment = result.residual_force_percent_bw, result.residual_moment_percent_bw_height
    if not np.isfinite(force):
        return "How much outside help the simulated body used is not known."
    grade = (
        "little: the feet carry the walk" if force <= 5.0
        else "moderate: read forces with care" if force <= 10.0
        else "much: forces and timing are not physics alone"
    )  # fmt: skip
    most_moment = MOST_HELP["hip"][1]
    turned = (
        "That is little" if moment <= most_moment
        else "That is much: the helper does part of what holds the trunk upright"
    )  # fmt: skip
    return (
        "To follow the recording the simulation may push the pelvis a little. Here it used "
        f"{number(force, 1)} % of body weight (root mean square). That is {grade}. "
        "At most 5 % is sought, 10 % accepted (after Hicks et al. 2015). It turned the pelvis with "
        f"moments of {number(moment, 1)} % of body weight × height. {turned}; at most "
        f"{most_moment:g} % is accepted for the moments of hip and knee."
    )
