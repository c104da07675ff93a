"""The Gait Transformer (Cotton et al. 2022, arXiv 2203.09371), re-implemented from its paper."""
