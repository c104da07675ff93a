"""Track one recording, look at its gait, and write its report."""

from made_up import write_person

import simgait

write_person("walk.npz", index=0, pattern="hemiparetic")  # your own file: .npz, .c3d, .trc, .amc

walk = simgait.track("walk.npz")  # height_m=1.72 where the file does not say it
print(f"{walk.trial_id}: {walk.verdict.title}")
for reason in walk.verdict.reasons:
    print(f"  - {reason}")

columns = ["velocity_mps", "cadence_spm", "step_length_m", "step_width_m", "stance_percent"]
print()
print(walk.parameters[columns].round(2))

# One row per side, cycle and percent of the cycle; the mean curve of each knee:
knee_deg = walk.curves["knee_flexion_deg"].groupby(["side", "percent"]).mean()
print()
for side in ("left", "right"):
    swing_deg = knee_deg[side]
    print(f"{side} knee: at most {swing_deg.max():.0f} deg, at {swing_deg.idxmax()} % of the cycle")

contacts = walk.events[walk.events["event"] == "initial_contact"]
print()
print(contacts[["time_s", "side"]].head(4).round(2).to_string(index=False))

print()
print(f"The report is {walk.report('results/walk', overwrite=True)}")
