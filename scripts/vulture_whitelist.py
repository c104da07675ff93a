"""What vulture takes for dead and is not: names that something outside the package reads.

Whoever deletes the last reader of one deletes its line here too; a name without a line must have
a reader in simgait/ or scripts/.
"""
# ruff: noqa: B018, F821, D
# mypy: ignore-errors

# Numbers that results carry for whoever reads them from Python, and tests compare.
_.n_methods  # agreement.reliability.Reliability
_.mdc95_consistency
_.sd_between  # agreement.repeated.RepeatedLimits
_.sd_within
_.bias_ms  # gait.matching
_.rmse_ms
_.rate_rad_s  # companions.gait_transformer.smoother
_.share_seen  # report.trial.measure
_.foothold_x_m  # synthetic.people.truth
_.image_jitter_pct  # benchmark.detector_errors: read by its name in the table
_.foothold_s  # synthetic.walkers.walk.WalkTruth
_.foothold_side
_.velocity_mps
_.stride_length_m
_.stance_fraction

# Checked where a card gives it.
_.training_minutes  # companions.gait_transformer.weights.TransformerCard

# Doors for other programs.
track_recording  # pipeline: one file through all stages
TrackingEnv  # tracking.environment: Brax's face of the environment
_.backend

# For tests, which check single columns and whole tables by it.
numbers_of  # benchmark.columns
registered  # parameters.catalogue: one more parameter for a while
clinical_names  # skeleton.signs
write_summary  # cohort.summary: the outcomes of one call at once
JOINT_NAMES  # skeleton.default

BODY_KEYPOINT_COLUMNS  # skeleton.default

# Weights and sharpness of terms, read by the name of the term (tracking.reward_terms).
_.joint_angle
_.joint_velocity
_.limb_position
_.pelvis_path
_.pelvis_orientation
_.residual_price
_.action_rate_price
_.impact_price

# Said once beside what it is about, and compared with the documentation by a test.
_.says  # recordings.detectors.keypoint_sets.KeypointSet

trace  # Python hands it to __exit__
