"""Few shapes of batches: each is a program to compile."""

from simgait.body.batches import batches


def test_like_lengths_run_together_and_all_usual_ones_through_one_program() -> None:
    lengths = [40, 60, 64, 65, 250, 257]
    made = list(batches(lengths))
    assert [(b.members, b.size, b.frames) for b in made] == [
        ((0, 1, 2), 8, 64), ((3,), 1, 128), ((4,), 1, 256), ((5,), 1, 320),
    ]  # fmt: skip
    assert [b.stored_frames for b in made] == [256, 256, 256, 512]


def test_many_walks_are_parted_and_what_is_left_of_a_batch_is_filled() -> None:
    first, rest = batches([100] * 35)
    assert (len(first.members), first.size) == (32, 32)
    assert (rest.members, rest.size) == ((32, 33, 34), 8)
    assert rest.filled == (32, 33, 34, 34, 34, 34, 34, 34)
