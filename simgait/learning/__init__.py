"""How policies, refiners and initialisers are trained; nobody who tracks needs it."""
