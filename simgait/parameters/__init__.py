"""What is reported: the catalogue of parameters and curves, units, norms."""
