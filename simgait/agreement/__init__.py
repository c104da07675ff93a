"""Agreement statistics: plain arrays in, plain numbers out. Formulas: docs/agreement.md."""

from simgait.agreement.association import concordance, pearson
from simgait.agreement.bland_altman import (
    BlandAltman,
    bland_altman,
    limit_factors,
    proportional_bias,
)
from simgait.agreement.bootstrap import (
    bootstrap_by_subject,
    bootstrap_people,
    resampled_quantiles,
)
from simgait.agreement.errors import ErrorSizes, error_sizes, rmse, robust_sigma
from simgait.agreement.inputs import (
    MatchedIds,
    Pairs,
    as_pairs,
    match_ids,
    refuse_shared_subjects,
    refuse_unit_mismatch,
)
from simgait.agreement.reliability import Reliability, minimal_detectable_change, reliability
from simgait.agreement.repeated import RepeatedLimits, repeated_limits
from simgait.agreement.summary import AgreementSummary, summarise_agreement
from simgait.agreement.values import Estimate, Undefined
from simgait.agreement.waveforms import LinearFit, cmc_between, cmc_within, linear_fit

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
    "Undefined",
    "as_pairs",
    "bland_altman",
    "bootstrap_by_subject",
    "bootstrap_people",
    "cmc_between",
    "cmc_within",
    "concordance",
    "error_sizes",
    "limit_factors",
    "linear_fit",
    "match_ids",
    "minimal_detectable_change",
    "pearson",
    "proportional_bias",
    "refuse_shared_subjects",
    "refuse_unit_mismatch",
    "reliability",
    "repeated_limits",
    "resampled_quantiles",
    "rmse",
    "robust_sigma",
    "summarise_agreement",
]
