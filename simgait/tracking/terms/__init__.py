"""What an observation and a reward are put together from: one function for each term."""
