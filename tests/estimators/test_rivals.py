"""The ridge finds a linear rule, and does not follow noise."""

import numpy as np

from simgait.estimators.rivals import fit_ridge, summary_features


def test_a_linear_rule_is_found_and_missing_targets_have_no_part_in_it():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 5)) * [1.0, 10.0, 0.1, 1.0, 1.0] + 3.0
    rule = np.array([[2.0, 0.0], [0.1, 0.0], [5.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    targets = features @ rule + [7.0, -1.0]
    targets[:40, 1] = np.nan
    ridge = fit_ridge(features, targets)
    fresh = rng.normal(size=(50, 5)) + 3.0
    np.testing.assert_allclose(ridge(fresh), fresh @ rule + [7.0, -1.0], rtol=1e-2)


def test_noise_is_shrunk_to_the_mean():
    rng = np.random.default_rng(1)
    features, targets = rng.normal(size=(60, 40)), rng.normal(size=(60, 1))
    ridge = fit_ridge(features, targets)
    said = ridge(rng.normal(size=(400, 40)))
    # Least squares would spread as widely as the targets, or wider.
    assert said.std() < 0.5 * targets.std()


def test_a_column_that_never_varies_does_no_harm():
    features = np.column_stack([np.ones(30), np.linspace(0.0, 1.0, 30)])
    ridge = fit_ridge(features, 3.0 * features[:, 1:])
    np.testing.assert_allclose(ridge(np.array([[1.0, 0.5]])), [[1.5]], atol=0.01)


def test_features_do_not_depend_on_where_in_the_cycle_a_window_begins():
    time = np.arange(100) / 25.0
    waves = np.stack([np.sin(2 * np.pi * (time + phase)) for phase in (0.0, 0.2, 0.4)])[..., None]
    features = summary_features(waves)
    assert features.shape == (3, 8)
    np.testing.assert_allclose(features, features[:1].repeat(3, axis=0), atol=0.03)
