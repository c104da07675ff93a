"""The phase of a walk's strides, which goes on evenly where legs are not seen."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Complex, Float
from scipy.linalg import solveh_banded
from scipy.signal import butter, filtfilt, hilbert

STRIDES_HZ = (0.45, 1.5)
"""27 to 90 strides a minute."""
LEAST_RHYTHM_S = 1.2
"""Of a walk whose rhythm can be told: a stride at a usual pace, and a little."""
BAND = (0.5, 1.6)
"""Of the walk's own rate: what of a signal is its rhythm."""
BEYOND = 1.5
"""Strides of nothing before and after a walk. A filter that mirrors a walk at its ends turns its
phase round there: in the half second before the first contact and after the last one of 58 rendered
clips that are in no benchmark it is off by .15 of a turn (RMS), so by .05."""
AROUND_S = 0.27
"""Before and after a picture, as much as `leg_prior.MOMENTS_S` looks at."""
TRUST = 60.0
"""Of the band's own phase for one second, where it is as large as it mostly is."""
RATE_SD, RATE_CHANGE_SD = 0.1, 0.25
"""Of the walk's own rate: of the rate over one stride, and of its change in a second. On these
clips the phase is off by .040 of a turn; with half and twice as much of these three by .038 to
.041; by .075 without them and `BEYOND`."""
LEAST_RATE = 0.5
"""Of the walk's own rate: legs swing no slower, and never back."""
STARTS, ROUNDS = (0.9, 0.95, 1.0, 1.05, 1.1), 8
"""Rates at which the fit begins, of the walk's own, which the spectrum has within 6 %; and
Gauss-Newton steps. One start is as good where all is seen; with gaps its phase is off by .073 in
them, for .066."""


def stride_phase(
    ahead: Float[np.ndarray, " T"],
    rate_hz: float,
    strides_hz: tuple[float, float] = STRIDES_HZ,
    seen: Bool[np.ndarray, " T"] | None = None,
) -> Float[np.ndarray, " T"]:
    """Phase (rad; a whole turn where the left foot is foremost) of what repeats each stride.

    The band about the walk's own rate has a phase of its own. That is followed where the band is as
    large as it mostly is; where it fades, where legs are not seen, and at the ends, the phase goes
    on about as fast as it mostly does.

    Args:
        ahead: how far the left foot is before the right, in any unit.
        rate_hz: of the pictures.
        strides_hz: bounds of the rate; with others, of any signal that repeats.
        seen: where legs were seen; None = throughout.
    """
    n = len(ahead)
    shown = np.ones(n) if seen is None or not seen.any() else seen.astype(float)
    centred = _centred(ahead, shown > 0)
    if n < LEAST_RHYTHM_S * rate_hz:
        return np.unwrap(np.angle(hilbert(centred)))
    around = round(AROUND_S * rate_hz)
    window = np.full(2 * around + 1, 1.0 / (2 * around + 1))
    # What is expected of a picture hangs on those around it, seen or not.
    centred *= np.convolve(np.pad(shown, around, mode="edge"), window, "valid")
    own_hz = _own_rate_hz(centred, rate_hz, strides_hz)
    beyond = round(BEYOND * rate_hz / own_hz)
    band = _band(np.pad(centred, beyond), own_hz, rate_hz)
    size = np.abs(band)
    trust = np.minimum(size / max(float(np.median(size[beyond:-beyond])), 1e-12), 1.0)
    trust *= np.convolve(np.pad(shown, beyond + around), window, "valid")
    return _followed(np.angle(band), trust, own_hz / rate_hz, rate_hz)[beyond:-beyond]


def band_phase(
    signal: Float[np.ndarray, " T"],
    rate_hz: float,
    strides_hz: tuple[float, float] = STRIDES_HZ,
) -> Float[np.ndarray, " T"]:
    """Phase (rad) of the band about a signal's own rate, as it is.

    It turns round at the ends, and where labels of left and right change places: whoever asks which
    leg is which must see that, where `stride_phase` goes on over it.

    Args:
        signal: what repeats, in any unit.
        rate_hz: of the pictures.
        strides_hz: bounds of its rate.
    """
    centred = _centred(signal, np.ones(len(signal), bool))
    if len(signal) < LEAST_RHYTHM_S * rate_hz:
        return np.angle(hilbert(centred))
    return np.angle(_band(centred, _own_rate_hz(centred, rate_hz, strides_hz), rate_hz))


def _centred(signal: Float[np.ndarray, " T"], of: Bool[np.ndarray, " T"]) -> np.ndarray:
    """A signal about its median, without peaks; both by some of its pictures."""
    centred = signal - np.median(signal[of])
    limit = 3.0 * np.median(np.abs(centred[of]))
    return np.clip(centred, -limit, limit)


def _own_rate_hz(
    centred: Float[np.ndarray, " T"], rate_hz: float, strides_hz: tuple[float, float]
) -> float:
    """The rate at which a signal repeats: the highest of its spectrum, within bounds."""
    n = len(centred)
    spectrum = np.abs(np.fft.rfft(centred * np.hanning(n), 8 * n))
    hz = np.fft.rfftfreq(8 * n, 1.0 / rate_hz)
    allowed = (hz >= strides_hz[0]) & (hz <= strides_hz[1])
    return float(hz[allowed][np.argmax(spectrum[allowed])])


def _band(
    centred: Float[np.ndarray, " N"], own_hz: float, rate_hz: float
) -> Complex[np.ndarray, " N"]:
    """What of a signal is about as fast as its own rate, with its phase."""
    edges = np.array(BAND) * own_hz / (rate_hz / 2)
    numerator, denominator = butter(2, np.minimum(edges, 0.95), "band")
    pad = min(len(centred) - 1, round(rate_hz / own_hz))
    return np.asarray(hilbert(filtfilt(numerator, denominator, centred, padlen=pad)))


def _followed(
    phase: Float[np.ndarray, " N"],
    trust: Float[np.ndarray, " N"],
    own_turns: float,
    rate_hz: float,
) -> Float[np.ndarray, " N"]:
    """The likeliest even phase, given a phase (up to whole turns) that is more or less trusted.

    Trusted pictures have errors by von Mises; the rate is about the walk's own, and changes as a
    random walk does. The best of some starts, by Gauss-Newton.

    Args:
        phase: rad.
        trust: 0 to 1.
        own_turns: of the walk's own rate, in a picture.
        rate_hz: of the pictures.
    """
    n, turn = len(phase), 2 * np.pi * own_turns
    even = turn * np.arange(n)
    weight = TRUST / rate_hz * trust
    to_rate = own_turns / (RATE_SD * turn) ** 2
    to_change = rate_hz / (RATE_CHANGE_SD * turn) ** 2
    prior = _prior(n, to_rate, to_change)
    pull = np.zeros(n)
    pull[0], pull[-1] = -to_rate * turn, to_rate * turn
    best, least = even, np.inf
    for start in STARTS:
        one = start * even
        one = one + np.angle(np.sum(weight * np.exp(1j * (phase - one))))
        for _ in range(ROUNDS):
            off = np.angle(np.exp(1j * (phase - one)))
            pulls = weight * np.sinc(off / np.pi)
            bands = prior.copy()
            bands[2] += pulls + 1e-9
            one = solveh_banded(bands, pulls * (one + off) + pull + 1e-9 * one)
        cost = (
            -2.0 * float(weight @ np.cos(phase - one))
            + to_rate * float(np.sum((np.diff(one) - turn) ** 2))
            + to_change * float(np.sum(np.diff(one, 2) ** 2))
        )
        if cost < least:
            best, least = one, cost
    slowest = LEAST_RATE * even
    return np.maximum.accumulate(best - slowest) + slowest


def _prior(n: int, to_rate: float, to_change: float) -> Float[np.ndarray, "3 N"]:
    """Upper bands of the matrix that weighs first and second differences of N numbers."""
    bands = np.zeros((3, n))
    bands[2, :-1] += to_rate
    bands[2, 1:] += to_rate
    bands[1, 1:] -= to_rate
    for at, weight in ((slice(None, -2), 1.0), (slice(1, -1), 4.0), (slice(2, None), 1.0)):
        bands[2, at] += weight * to_change
    bands[1, 1:-1] -= 2.0 * to_change
    bands[1, 2:] -= 2.0 * to_change
    bands[0, 2:] += to_change
    return bands
