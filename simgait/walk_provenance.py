"""What a tracked walk was made of, so that its numbers can be made again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from simgait.body.fit import FitConfig
from simgait.body.footing import FootingConfig
from simgait.certainty.widths import released_widths
from simgait.gait.known_scores import reference_record
from simgait.provenance import collect_provenance
from simgait.report.trial.measure import fit_error_median_mm
from simgait.report.trial.twin_walk import twin_record
from simgait.report.trial.verdict import findings_record, verdict_record
from simgait.tracking.inference import InferenceConfig
from simgait.tracking.policies import Policy, policy_name
from simgait.walk_stages import AnalysedWalk


def walk_provenance(walk: AnalysedWalk, policy: Policy) -> dict[str, Any]:
    """Everything needed to make this walk's numbers again, and what became of it."""
    prepared, tracked, own_norms = walk.prepared, walk.tracked, walk.prepared.options.norms
    return collect_provenance(
        {
            "reader": prepared.source.reader.record(),
            "belt_speed_mps": prepared.belt_speed_mps,
            "preparation": prepared.preparation.model_dump(),
            "fit": FitConfig().model_dump(),
            "footing": FootingConfig().model_dump(),
            "inference": InferenceConfig().model_dump(),
            "tracking": policy.config.tracking.model_dump(),
            "height_m": prepared.trial.height_m,
            "mass_kg": float(prepared.dims.mass_kg),
            "body": {name: float(value) for name, value in asdict(tracked.dims).items()},
        },
        policy={
            "name": policy_name(policy),
            "sha256": policy.sha256,
            "steps": policy.card.get("steps"),
        },
        input={
            "file": prepared.source.file,
            "sha256": prepared.source.sha256,
            "format": prepared.trial.source_format,
            "height_estimated": prepared.trial.height_is_estimated,
            "measured": prepared.trial.scale_is_metric,
            "points": prepared.trial.points,
        },
        intervals_sha256=None if walk.gait.certainty is None else released_widths().sha256,
        score_reference=reference_record(walk.gait),
        quality={
            **prepared.quality.metrics,
            "fit_error_median_mm": fit_error_median_mm(tracked.fitted.fit_error_m),
        },
        notes=list(prepared.trial.notes),
        verdict=verdict_record(walk.verdict),
        findings=findings_record(walk.verdict),
        rollout={"attempts": tracked.rollout.attempts, "fell": tracked.rollout.fell},
        **({} if walk.twin is None else {"twin": twin_record(walk.twin)}),
        **({} if own_norms is None else {"norms_sha256": own_norms.sha256}),
        **({} if prepared.visit is None else {"visit": dict(prepared.visit)}),
    )
