"""What may go wrong: errors whose message is a sentence for the person who called."""

from simgait.plain_text import one_sentence


class InputError(ValueError):
    """A user's input cannot be used. The message is one sentence: what, where, what to do.

    What it quotes from outside (names, cells) is made printable, on one line.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(one_sentence(message))
