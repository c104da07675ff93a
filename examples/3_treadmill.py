"""A treadmill: the pelvis stays in place, and the belt's speed makes the path."""

from dataclasses import replace

import numpy as np
from made_up import person

import simgait

# Markers of a person on a belt: the walk over ground, with the belt's speed taken out.
made = person(index=2, markers=True)
belt_mps = made.walk.velocity_mps
on_belt = made.recording.keypoints_m.copy()
on_belt[..., 0] -= belt_mps * made.recording.time_s[:, None]
recording = replace(made.recording, keypoints_m=on_belt, pose=None, events=())
moved_m = np.ptp(np.nanmean(on_belt[..., 0], axis=1))
print(f"On a belt at {belt_mps:.2f} m/s the person stays within {100 * moved_m:.0f} cm.")

# With the belt's speed: simgait.read and simgait.track take belt_speed_mps for a file.
told = simgait.track(replace(recording, belt_speed_mps=belt_mps))
# Without it there is no path: velocity then rests on the legs' swing. Cadence does not need it.
untold = simgait.track(recording)

for title, walk in (("belt speed told", told), ("not told", untold)):
    both = walk.parameters.loc["both"]
    print(f"{title}: {walk.verdict.title}")
    print(f"  speed {both['velocity_mps']:.2f} m/s, cadence {both['cadence_spm']:.0f} steps/min")
print("From the reasons of the second:")
print(f"  {untold.verdict.reasons[0]}")
