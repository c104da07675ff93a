"""Averages the weights of a policy and of a run that went on from it, and validates the mean.

python scripts/average_policies.py EARLIER/policy RUN -o runs/mean [--share 0.5]

RUN is the folder of a training run started with --warm-start EARLIER; its last weights are taken.
The result is a run folder for scripts/release_policy.py. Citation: simgait/learning/averaging.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from simgait.errors import InputError
from simgait.learning.averaging import average_policies, with_last_weights
from simgait.learning.checkpoints import load_policy, save_policy
from simgait.learning.training import RUN_FILE, validate, validation_walks
from simgait.provenance import collect_provenance


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("earlier", type=Path, help="folder of the policy that the run began with")
    parser.add_argument("run", type=Path, help="folder of the training run that went on from it")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the result")
    parser.add_argument(
        "--share", type=float, default=0.5, help="of the run's weights in the mean (0.5)"
    )
    parser.add_argument(
        "--steps-before",
        type=int,
        default=0,
        help="environment steps between the earlier policy and the run's beginning, for the card",
    )
    given = parser.parse_args()
    try:
        if not 0.0 < given.share < 1.0:
            raise InputError(f"--share {given.share}: give a number between 0 and 1.")
        earlier = load_policy(given.earlier)
        later = with_last_weights(load_policy(given.run / "policy"), given.run / RUN_FILE)
        mean = average_policies([earlier, later], [1.0 - given.share, given.share])
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    steps = int(later.card["steps"]) + given.steps_before
    facts = earlier.card | {
        "steps": int(earlier.card.get("steps", 0)) + steps,
        "real_walks": later.card.get("real_walks", 0),
        "walkers": int(earlier.card.get("walkers", earlier.config.data.n_synthetic))
        + later.config.data.n_synthetic,
        "mean_of": {
            "earlier": {"sha256": earlier.sha256, "share": 1.0 - given.share},
            "later": {"steps_after_earlier": steps, "share": given.share},
        },
        "validation": validate(mean, validation_walks(mean.config)),
        "provenance": collect_provenance({"file": "config.json"}),
    }
    save_policy(
        given.out / "policy", mean.config, mean.params, mean.statistics, mean.refiner, facts
    )
    print(json.dumps(facts["validation"], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
