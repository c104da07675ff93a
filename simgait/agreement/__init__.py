"""Agreement statistics and measures of gait: plain arrays in, plain numbers out.

Formulas: docs/agreement.md.
"""

from simgait.agreement.association import concordance, pearson
from simgait.agreement.bland_altman import (
    BlandAltman,
    bland_altman,
    limit_factors,
    proportional_bias,
)
from simgait.agreement.bootstrap import bootstrap_by_subject, bootstrap_people, resampled_quantiles
from simgait.agreement.errors import ErrorSizes, error_sizes, rmse, robust_sigma
from simgait.agreement.forces import VerticalForceDifference, vertical_force_difference
from simgait.agreement.inputs import (
    MatchedIds,
    Pairs,
    as_pairs,
    match_ids,
    refuse_shared_subjects,
    refuse_unit_mismatch,
)
from simgait.agreement.motion import (
    floor_penetration_m,
    foot_sliding_mps,
    jerk_mps3,
    standing_frames,
)
from simgait.agreement.reliability import Reliability, minimal_detectable_change, reliability
from simgait.agreement.repeated import RepeatedLimits, repeated_limits
from simgait.agreement.summary import AgreementSummary, summarise_agreement
from simgait.agreement.values import Estimate, Undefined
from simgait.agreement.waveforms import LinearFit, cmc_between, cmc_within, linear_fit
from simgait.gait.forces import (
    low_pass_force,
    residual_force_percent_bw,
    residual_moment_percent_bw_height,
)
from simgait.gait.matching import TimeMatch, TimingError, event_timing, match_times

__all__ = [
    "AgreementSummary",
    "BlandAltman",
    "ErrorSizes",
    "Estimate",
    "LinearFit",
    "MatchedIds",
    "Pairs",
    "Reliability",
    "RepeatedLimits",
    "TimeMatch",
    "TimingError",
    "Undefined",
    "VerticalForceDifference",
    "as_pairs",
    "bland_altman",
    "bootstrap_by_subject",
    "bootstrap_people",
    "cmc_between",
    "cmc_within",
    "concordance",
    "error_sizes",
    "event_timing",
    "floor_penetration_m",
    "foot_sliding_mps",
    "jerk_mps3",
    "limit_factors",
    "linear_fit",
    "low_pass_force",
    "match_ids",
    "match_times",
    "minimal_detectable_change",
    "pearson",
    "proportional_bias",
    "refuse_shared_subjects",
    "refuse_unit_mismatch",
    "reliability",
    "repeated_limits",
    "resampled_quantiles",
    "residual_force_percent_bw",
    "residual_moment_percent_bw_height",
    "rmse",
    "robust_sigma",
    "standing_frames",
    "summarise_agreement",
    "vertical_force_difference",
]
