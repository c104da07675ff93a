import numpy as np

from simgait.video.leg_rhythm import MOST_OFF, rhythm_costs

RATE_HZ = 30.0


def apart(seconds, mean=0.0):
    """Left less right of two points, one stride a second."""
    phase = 2 * np.pi * np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.column_stack([mean + 0.4 * np.cos(phase), 0.1 * np.sin(phase)])


def test_pictures_that_are_exchanged_are_off_the_rhythm():
    seen = apart(4.0)
    wrong = np.arange(len(seen)) % 9 == 0
    kept, other = rhythm_costs(np.where(wrong[:, None], -seen, seen), RATE_HZ)
    assert ((other < kept) == wrong).mean() > 0.97
    assert kept[~wrong].mean() < 1.0 < other[~wrong].mean()
    assert kept.max() <= MOST_OFF and other.max() <= MOST_OFF


def test_who_comes_has_his_left_on_one_side():
    """Nothing swings in the picture; which side left is on tells."""
    seen = apart(4.0, mean=1.0)
    seen[50:60] *= -1.0
    kept, other = rhythm_costs(seen, RATE_HZ)
    assert np.array_equal(np.flatnonzero(other < kept), np.arange(50, 60))


def test_a_short_walk_has_no_rhythm():
    assert not np.any(rhythm_costs(apart(1.0), RATE_HZ))


def test_legs_that_take_turns_are_found_where_labels_keep_one_of_them_ahead():
    """In two steps of three the left one is ahead: what repeats with the labels is a step."""
    truth = apart(6.0)
    steps = np.floor(np.arange(len(truth)) / (RATE_HZ / 2) + 0.5)
    wrong = (steps % 2 == 1) & (steps % 6 != 1)
    assert 0.2 < wrong.mean() < 0.4
    kept, other = rhythm_costs(np.where(wrong[:, None], -truth, truth), RATE_HZ)
    clear = np.abs(truth[:, 0]) > 0.1
    assert ((other < kept) == wrong)[clear].all()


def test_a_leg_that_is_always_ahead_is_believed():
    """Some people set a foot down beside the other, not before it."""
    seen = np.abs(apart(6.0))
    kept, other = rhythm_costs(seen, RATE_HZ)
    assert (kept < other)[np.abs(seen[:, 0]) > 0.1].all()
