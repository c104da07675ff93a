"""A detector's array as it is: its own names, millimetres, a camera's axes."""

import numpy as np
from made_up import person

import simgait

# What a detector of 13 points may leave behind: frames x points x 3, y down, z away from the
# camera.
NAMES = {
    "l_hip": "Left Hip", "r_hip": "Right Hip", "l_knee": "Left Knee", "r_knee": "Right Knee",
    "l_ank": "Left Ankle", "r_ank": "Right Ankle", "l_heel": "Left Heel", "r_heel": "Right Heel",
    "l_toe": "Left Big Toe", "r_toe": "Right Big Toe", "l_sho": "Left Shoulder",
    "r_sho": "Right Shoulder", "head": "Head",
}  # fmt: skip
made = person(index=1)
points = [made.recording.keypoint_names.index(name) for name in NAMES.values()]
forward, left, up = np.moveaxis(1000.0 * made.recording.keypoints_m[:, points], -1, 0)
np.save("detector.npy", np.stack([-left, -up, forward], axis=-1))

# What the array does not say itself. Names in common spellings are understood.
facts = {
    "fps_hz": 30.0,
    "unit": "mm",
    "axes": "y-down z-forward",
    "names": list(NAMES),
    "height_m": made.recording.height_m,
}
recording = simgait.read("detector.npy", **facts)
print(f"{recording.keypoints_m.shape[0]} frames, {', '.join(recording.keypoint_names)}")

walk = simgait.track(recording)
both = walk.parameters.loc["both"]
print(f"{walk.verdict.title}")
print(f"speed        {both['velocity_mps']:.2f} m/s, true {made.walk.velocity_mps:.2f}")
print(f"cadence      {both['cadence_spm']:.0f} steps/min, true {made.walk.cadence_spm:.0f}")
for side, true_m in zip(("left", "right"), made.walk.step_length_m, strict=True):
    found_m = walk.parameters.loc[side, "step_length_m"]
    print(f"{side:<5} step   {100 * found_m:.0f} cm, true {100 * true_m:.0f}")
