"""Models of how detectors err."""
