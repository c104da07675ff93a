"""The report of one trial: a page to read, tables and motion files to work with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id, without_folders, write_text, write_together
from simgait.gait.known_scores import pipeline_of_policy
from simgait.gait.recorded import reference_of
from simgait.gait_result import GaitResult
from simgait.parameters.norm_choice import Norms
from simgait.parameters.norm_rows import NormTable
from simgait.recordings.formats.trc import write_trc
from simgait.recordings.person_facts import NOBODY, PersonFacts
from simgait.report.trial import kinetics, tables
from simgait.report.trial.c3d_file import C3D, write_c3d
from simgait.report.trial.motion_files import write_mot
from simgait.report.trial.opinions import OPINIONS, CompanionSays, write_opinions
from simgait.report.trial.page import norms_of, trial_page
from simgait.report.trial.plates import FORCES, NO_PLATES, PlatesSeen, write_plates
from simgait.report.trial.step_table import PEAKS, STEPS, write_peaks, write_steps
from simgait.report.trial.twin_walk import TwinWalk, write_twin_figures
from simgait.report.trial.verdict import Verdict, judge
from simgait.report.twin import TWIN_FIGURES
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.trials.quality import Quality
from simgait.types import Rollout, Trial


def write_trial_report(
    folder: Path | str,
    *,
    trial: Trial,
    rollout: Rollout,
    result: GaitResult,
    quality: Quality | None,
    provenance: dict[str, Any],
    truth_result: GaitResult | None = None,
    fit_error_m: Float[np.ndarray, " T"] | None = None,
    has_film: bool = False,
    opinions: Sequence[CompanionSays] | None = None,
    person: PersonFacts = NOBODY,
    own_norms: NormTable | None = None,
    plates: PlatesSeen = NO_PLATES,
    twin: TwinWalk | None = None,
    more: Mapping[str, Callable[[Path], None]] | None = None,
) -> list[Path]:
    """Write everything about one trial into `folder`, all of it or nothing.

    Args:
        folder: made if it does not exist; files of the same names are replaced, others stay.
        trial: the prepared recording.
        rollout: the simulated body through it.
        result: its gait.
        quality: verdict on the recording itself (`trials.quality.assess`), None if not asked.
        provenance: versions, policy, config; without its folders.
        truth_result: the same analysis of the truth, drawn dashed beside the result.
        fit_error_m: (T,) RMS distance of the fitted body's keypoints, NaN where unseen, or None.
        has_film: among `more` is the overlay, the video of the trial.
        opinions: what companions say of it; None where nobody asked.
        person: who walks.
        own_norms: the user's, which come before simgait's.
        plates: what the recording's force plates saw.
        twin: what became of its twin in the physics; None where nobody asked.
        more: further files that appear together with these: name -> what writes it.

    Returns:
        paths written: report.html, provenance.json, tables and motion files (see `writers`).

    Raises:
        InputError: the folder cannot be written to, or trial and rollout differ in length.
    """
    _refuse_another_trials(rollout, trial)
    clean = without_folders(provenance)
    verdict = judge(trial, rollout, result, quality)
    norms = norms_of(trial, result, verdict, person, own_norms)
    html = trial_page(
        trial, rollout, result, verdict, clean, truth_result, fit_error_m, has_film, opinions,
        person, own_norms, plates, twin,
    )  # fmt: skip
    writers: dict[str, Callable[[Path], None]] = {
        **_tables(rollout, result, verdict, trial, _made_by(provenance), norms),
        **_known_tables(reference_of(trial), truth_result, trial.start_s, plates),
        **_motion(trial, rollout, result, verdict),
        "provenance.json": lambda path: write_text(path, _as_json(clean)),
        "report.html": lambda path: write_text(path, html),
        **_opinion_tables(opinions, twin, result, verdict),
    } | dict(more or {})
    return write_together(Path(folder), writers)


def _code(trial: Trial) -> str:
    """The code of the person; of the walk where nobody said who walks."""
    return safe_id(trial.subject_id or trial.trial_id)


def _as_json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _made_by(provenance: Mapping[str, Any]) -> str:
    policy_sha256 = provenance.get("policy", {}).get("sha256", "")
    return pipeline_of_policy(policy_sha256) if policy_sha256 else ""


def _refuse_another_trials(rollout: Rollout, trial: Trial) -> None:
    if len(rollout.time_s) != trial.n_frames:
        raise InputError(
            f"Trial {safe_id(trial.trial_id)} has {trial.n_frames} frames and its rollout "
            f"{len(rollout.time_s)}; pass the rollout of the same trial."
        )


def _tables(
    rollout: Rollout,
    result: GaitResult,
    verdict: Verdict,
    trial: Trial,
    made_by: str,
    norms: Norms,
) -> dict[str, Callable[[Path], None]]:
    """What is measured of the simulated body."""
    person = trial.subject_id
    return {
        tables.PARAMETERS: lambda path: tables.write_parameters(path, result, verdict.numbers),
        tables.NORMAL_RANGES: lambda path: tables.write_normal_ranges(path, result, norms),
        "cycles.csv": lambda path: tables.write_cycles(path, result, trial.start_s),
        "curves.csv": lambda path: tables.write_curves(path, result),
        tables.MEAN_CURVES: lambda path: tables.write_mean_curves(path, result, verdict.numbers),
        "vertical_force.csv": lambda path: tables.write_vertical_force(path, result),
        "angles.csv": lambda path: tables.write_angles(path, rollout),
        "events.csv": lambda path: tables.write_events(path, result, trial.start_s),
        STEPS: lambda path: write_steps(path, result, trial.start_s),
        PEAKS: lambda path: write_peaks(path, result, verdict),
        kinetics.MOMENTS: lambda path: kinetics.write_moments(path, result, verdict),
        kinetics.MASS: lambda path: kinetics.write_mass(path, rollout),
        kinetics.EXCURSIONS: lambda path: kinetics.write_excursions(path, result, verdict),
        tables.SCORED_CURVES: lambda path: tables.write_scored_curves(
            path, result, person, made_by
        ),
    }


def _known_tables(
    reference: str, known: GaitResult | None, start_s: float, plates: PlatesSeen
) -> dict[str, Callable[[Path], None]]:
    """The tables of what the recording itself knows, named after what that is."""
    forces: dict[str, Callable[[Path], None]] = {}
    if plates.stances:
        forces[FORCES] = lambda path: write_plates(path, plates.stances)
    if known is None:
        return forces
    return forces | {
        f"{reference}_parameters.csv": lambda path: tables.write_parameters(path, known, ()),
        f"{reference}_curves.csv": lambda path: tables.write_curves(path, known),
        f"{reference}_events.csv": lambda path: tables.write_events(
            path, known, start_s, source=reference
        ),
    }


def _opinion_tables(
    opinions: Sequence[CompanionSays] | None,
    twin: TwinWalk | None,
    result: GaitResult,
    verdict: Verdict,
) -> dict[str, Callable[[Path], None]]:
    """What companions said, and the figures of a twin that walks beside those of the walk."""
    made: dict[str, Callable[[Path], None]] = {}
    if opinions is not None:
        made[OPINIONS] = lambda path: write_opinions(path, opinions)
    if twin is not None and twin.is_walking and (body := twin.body) is not None:
        made[TWIN_FIGURES] = lambda path: write_twin_figures(path, body, result, verdict)
    return made


def _motion(
    trial: Trial, rollout: Rollout, result: GaitResult, verdict: Verdict
) -> dict[str, Callable[[Path], None]]:
    """The recording as prepared, and the simulated body for OpenSim and as C3D."""
    # After a fall the body repeats its last pose, which nobody measured.
    body_m = np.where(rollout.alive[:, None, None], rollout.keypoints_m, np.nan)
    return {
        "keypoints.trc": lambda path: write_trc(
            path, rollout.time_s, KEYPOINT_NAMES, rollout.target_keypoints_m
        ),
        "simulated_keypoints.trc": lambda path: write_trc(
            path, rollout.time_s, rollout.skeleton.keypoints, body_m
        ),
        "motion.mot": lambda path: write_mot(path, rollout, safe_id(trial.trial_id)),
        C3D: lambda path: write_c3d(path, rollout, result, verdict, _code(trial)),
    }
