"""What may go wrong: errors whose message is a sentence for the person who called."""


class InputError(ValueError):
    """A user's input cannot be used. The message is one sentence: what, where, what to do."""
