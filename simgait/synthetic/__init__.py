"""Seeds to walks with truth, and the errors of detectors."""
