"""What a page says of the scores of the joint angles, and whether they hold for this person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simgait.gait.known_scores import RELEASED_PEOPLE
from simgait.gait_result import GaitResult, WalkScores
from simgait.parameters.norm_choice import Norms, ScorePeople
from simgait.report.norm_words import why_no_score
from simgait.report.trial.parameter_table import parameter_rows
from simgait.report.trial.profile_bars import lost_bars, movement_profile
from simgait.report.trial.verdict import Verdict

PROFILE_LEFT_OUT = (
    "The Movement Analysis Profile is left out, as none of its angles and scores is to be used."
)
PROFILE_NOTE = (
    "Each angle's distance from healthy people's mean over the gait cycle, °. Dark line: their own "
    "median."
)


def people_of(scores: WalkScores | None) -> ScorePeople:
    """The healthy people of a walk's scores."""
    if scores is None:
        return ScorePeople()
    known = "" if scores.is_own else RELEASED_PEOPLE
    return ScorePeople(scores.reference, scores.ages_years, known)


def scores_section(result: GaitResult, verdict: Verdict, norms: Norms) -> dict[str, Any]:
    """What the page says of the scores; nothing where there was no reference."""
    scores = result.scores
    if scores is None:
        return {"profile": None, "profile_text": "", "score_rows": []}
    why = why_no_score(norms)
    shown = _without_medians(scores) if why else scores
    profile = movement_profile(shown, lost_bars(scores, verdict))
    strides = " and ".join(f"{len(own.gps_deg)} {side}" for side, own in scores.sides.items())
    text = f"Against {scores.reference}, over {strides} gait cycles."
    if why:
        text += f" No score is called low or high, and none is of what is normal: {why}."
    return {
        "profile": profile,
        "profile_text": PROFILE_LEFT_OUT if profile is None else "",
        "profile_note": _profile_note(why),
        "score_rows": parameter_rows(result, None, verdict, norms, of_scores=True),
        "score_text": text,
    }


def _without_medians(scores: WalkScores) -> WalkScores:
    """Without the marks of where these people themselves lie, which are no aim for this person."""
    unknown = np.full_like(scores.healthy_variable_scores_deg, np.nan)
    return replace(scores, healthy_variable_scores_deg=unknown, healthy_gps_deg=float("nan"))


def _profile_note(why: str) -> str:
    if not why:
        return PROFILE_NOTE
    return f"Each angle's distance from a mean over the gait cycle, °, not of this age: {why}."
