"""The body as a value: names, signs, mirror, dimensions, kinematics."""
