"""People drawn as a camera would film them, whose joints are known exactly."""
