"""What is reported: names, units, norms."""
