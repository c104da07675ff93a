"""How long a training from nothing takes until hip and knee follow people whom it has not met."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simgait.benchmark.ablation_scores import score_policy, scored_walks, table_numbers
from simgait.benchmark.scorecard_rows import Row
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.policy_run import POLICY_FOLDER
from simgait.learning.progress import SILENT
from simgait.learning.stop_request import StopRequest
from simgait.learning.training import run_training
from simgait.tracking.policies import Policy, load_policy

BAR_DEG = 5.0
WALKERS, WALK_S = 32, 8.0
ANGLES = ("hip_rmse_deg", "knee_rmse_deg")
WHOM = "held-out monocular walkers, from nothing"
Tell = Callable[[str], None]
Score = Callable[[Policy], dict[str, float]]


class _Until(StopRequest):
    """Asks to stop when the angles are there, or the time is over."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s, self._begun_s = limit_s, time.monotonic()
        self.away_s = 0.0
        self.reached_s: float | None = None

    @property
    def now_s(self) -> float:
        """Seconds of training, without those in which somebody else looks at it."""
        return time.monotonic() - self._begun_s - self.away_s

    @property
    def asked(self) -> bool:  # type: ignore[override]
        """Whether it is enough."""
        return self.reached_s is not None or self.now_s > self._limit_s


class _Watch:
    """Scores every new best policy of a run on walkers that it has not met."""

    def __init__(self, run: Path, score: Score, until: _Until, tell: Tell) -> None:
        self._run, self._score, self._until, self._tell = run, score, until, tell
        self._validated_s: dict[int, float] = {}
        self._seen = 0
        self.angles_deg = dict.fromkeys(ANGLES, float("nan"))

    def __call__(self, row: dict[str, float]) -> None:
        """After a row of the log: the policy of an earlier validation is on disk by now."""
        if "validation_score" in row:
            self._validated_s[int(row["steps"])] = self._until.now_s
        away_s = time.monotonic()
        self.look()
        self._until.away_s += time.monotonic() - away_s

    def look(self) -> None:
        """Scores the best policy so far where it is another than at the last look."""
        try:
            policy = load_policy(self._run / POLICY_FOLDER)
        except InputError:
            return  # none is chosen yet
        steps = int(policy.card["steps"])
        if steps == self._seen or steps not in self._validated_s:
            return
        self._seen = steps
        found = self._score(policy)
        self.angles_deg = {name: found[name] for name in ANGLES}
        hip, knee = self.angles_deg.values()
        after_s = self._validated_s[steps]
        self._tell(f"after {after_s / 60:.1f} min: hip {hip:.2f}°, knee {knee:.2f}°")
        if max(hip, knee) <= BAR_DEG and self._until.reached_s is None:
            self._until.reached_s = after_s


def time_rows(config: TrainingConfig, limit_s: float | None, tell: Tell) -> Iterator[Row]:
    """Minutes to hip and knee RMSE of 5° or less, and what they are then.

    The training makes its walks, trains its refiner and its policy, all from synthetic walkers;
    what it takes to score it does not count. Of each validation the best policy so far is scored.

    Args:
        config: the recipe.
        limit_s: when it gives up; None gives the rows without measuring.
        tell: gets a sentence with each score.

    Raises:
        InputError: the recipe cannot be trained.
    """
    minutes, angles, n = float("nan"), dict.fromkeys(ANGLES, float("nan")), 0
    if limit_s is not None:
        own = config.data.model_copy(update={"use_real": False})
        config = config.model_copy(update={"data": own})
        walks = scored_walks(config, "validation", WALKERS, WALK_S)
        n = WALKERS

        def score(policy: Policy) -> dict[str, float]:
            return table_numbers(score_policy(policy, walks)[0])

        reached_s, angles = watched(config, limit_s, score, tell)
        minutes = float("nan") if reached_s is None else reached_s / 60.0
    why = "" if n else "ask with --to-angles"
    yield Row(f"time to hip and knee ≤ {BAR_DEG:g}°, {WHOM}", minutes, "min", n, not_asked=why)
    for joint, value in zip(("hip", "knee"), angles.values(), strict=True):
        yield Row(f"{joint} RMSE at that time, or at the end, {WHOM}", value, "°", n, not_asked=why)


def watched(
    config: TrainingConfig, limit_s: float, score: Score, tell: Tell
) -> tuple[float | None, dict[str, float]]:
    """A training until it is there: after how many seconds (None: never), and the last angles."""
    until = _Until(limit_s)
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        watch = _Watch(run, score, until, tell)
        try:
            run_training(config, run, log=watch, progress=SILENT, stop=until)
        except KeyboardInterrupt:
            if not until.asked:
                raise
        watch.look()
    return until.reached_s, watch.angles_deg
