"""A folder of recordings becomes a table; one that cannot be used does not stop the others."""

from pathlib import Path

from made_up import write_person

import simgait

# Three people of two groups, and a file that is broken.
for group, pattern in (("healthy", "normal"), ("crouch", "crouch")):
    for index in range(3):
        write_person(f"session/{group}/{group}{index}.npz", index, pattern)
Path("session/broken.npz").write_bytes(b"not a recording")

# The same as `simgait track session -o results --overwrite`.
table = simgait.track_files("session", "results", overwrite=True)

failed = table[table["verdict"] == "failed"]
for _, row in failed.iterrows():
    print(f"{row['source']}: {row['failure']}")

# What is not to be used is left out before you look at results, number by number, and counted.
usable = table[table["verdict"].isin(["use_all", "use_some"])].copy()
print(f"{len(usable)} of {len(table)} rows can be used")
for row, names in usable["do_not_use"].fillna("").str.split().items():
    usable.loc[row, [name for name in names if name in usable]] = float("nan")

usable = usable.assign(group=usable["source"].str.split("/").str[0])
columns = ["velocity_mps", "cadence_spm", "left_step_length_m", "left_stance_percent"]
print(usable.groupby("group")[columns].mean().round(2).to_string())
print("Open results/index.html to read the reports.")
