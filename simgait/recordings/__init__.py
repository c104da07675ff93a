"""Files to `Recording`."""
