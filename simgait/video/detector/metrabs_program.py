"""Run by the user's own Python, which has TensorFlow: MeTRAbs over the pictures that come in.

Imports nothing of simgait and is imported by nothing of it. What it calls of the SavedModel is
`detect_poses(picture, intrinsic_matrix=..., skeleton=...)`, as MeTRAbs' documentation names it
(github.com/isarandi/metrabs, docs/API.md); positions come in mm, x right, y down, z away.

Arguments: the model's folder, the .npz to write, width, height, focal length (px), skeleton.
"""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> None:
    """Read pictures (RGB, row by row) from standard input to its end; write all people found."""
    import numpy as np
    import tensorflow as tf

    model_folder, out, width, height, focal, skeleton = arguments
    columns, rows = int(width), int(height)
    model = tf.saved_model.load(model_folder)
    inside = np.array(
        [[float(focal), 0, columns / 2], [0, float(focal), rows / 2], [0, 0, 1]], np.float32
    )
    counts: list[int] = []
    people: list[np.ndarray] = []
    size = columns * rows * 3
    while True:
        data = sys.stdin.buffer.read(size)
        if not data:
            break
        if len(data) < size:
            sys.exit("a picture is cut off")
        picture = np.frombuffer(data, np.uint8).reshape(rows, columns, 3)
        found = model.detect_poses(
            tf.convert_to_tensor(picture), intrinsic_matrix=inside, skeleton=skeleton
        )
        poses = np.asarray(found["poses3d"], np.float32)
        counts.append(len(poses))
        people.extend(poses)
    shape = (len(people), *(people[0].shape if people else (87, 3)))
    np.savez(out, counts=np.array(counts, int), poses_mm=np.array(people).reshape(shape))


if __name__ == "__main__":
    main(sys.argv[1:])
