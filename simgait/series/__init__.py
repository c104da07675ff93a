"""Numbers over time: filters, gaps, runs, resampling, rates. Time comes first; NaN is missing.

Every room takes them from here, so that each exists once. `np.gradient` (central differences) and
`np.interp` (straight lines between known samples) are used as they are.
"""
