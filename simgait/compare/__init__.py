"""Two tables in, matched pairs and their statistics out."""
