"""Many trials: splits by person."""
