"""`Recording` to `Trial`s: clock, bouts, heading, exchanges, quality."""
