"""Validate against a truth: bias, limits of agreement, and the slope that a mean error hides."""

import pandas as pd
from made_up import write_person

import simgait

# Eight people whose gait is known stand in for a walkway beside your camera.
rows = []
for index in range(8):
    made = write_person(f"lab/p{index}.npz", index, "normal" if index % 2 else "crouch")
    left_m, right_m = made.walk.step_length_m
    rows.append(
        {
            "trial_id": f"p{index}",
            "subject_id": made.recording.subject_id,
            "velocity_mps": made.walk.velocity_mps,
            "cadence_spm": made.walk.cadence_spm,
            "step_length_left_m": left_m,
            "step_length_right_m": right_m,
        }
    )
truth = pd.DataFrame(rows)

simgait.track_files("lab", "results", overwrite=True)

agreement = simgait.evaluate(truth, "results/summary.csv")
print(agreement.measures[["n_pairs", "bias", "lower_limit", "upper_limit", "rmse"]].round(3))

# proportional_bias is the slope of the error over the size. Far below 0, differences between people
# shrink: two of them 0.10 m/s apart come out 0.10 * (1 + slope) apart.
slope = agreement.measures[["proportional_bias", "proportional_bias_low", "proportional_bias_high"]]
print()
print(slope.round(2).to_string())
print()
print(agreement.verdicts["velocity_mps"])
print(f"The report is {agreement.report('agreement')}")
