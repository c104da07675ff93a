"""Few shapes of batches: each is a program to compile."""

from simgait.body.batches import batches


def test_few_walks_run_together_though_their_lengths_differ() -> None:
    (made,) = batches([257, 40, 60, 250, 64, 65])
    assert sorted(made.members) == [0, 1, 2, 3, 4, 5]
    assert (made.size, made.frames, made.stored_frames) == (8, 320, 512)


def test_many_walks_of_a_length_run_among_themselves() -> None:
    lengths = [60] * 32 + [250] * 32 + [900]
    made = list(batches(lengths))
    assert [(len(b.members), b.size, b.frames) for b in made] == [
        (32, 32, 64), (32, 32, 256), (1, 1, 960),
    ]  # fmt: skip
    assert [b.stored_frames for b in made] == [256, 256, 1024]
    assert all(lengths[i] <= b.frames for b in made for i in b.members)


def test_no_walk_is_lost_and_none_runs_twice() -> None:
    lengths = [90 + 37 * i % 360 for i in range(100)]
    made = list(batches(lengths))
    assert sorted(i for b in made for i in b.members) == list(range(100))
    # Alike lengths apart would cost batches of 32 for a dozen walks each, and of many shapes.
    assert len(made) == 4
    assert list(batches([])) == []


def test_many_walks_are_parted_and_what_is_left_of_a_batch_is_filled() -> None:
    first, rest = batches([100] * 35)
    assert (len(first.members), first.size) == (32, 32)
    assert (rest.members, rest.size) == ((32, 33, 34), 8)
    assert rest.filled == (32, 33, 34, 34, 34, 34, 34, 34)
