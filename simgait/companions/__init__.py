"""Baselines that stand beside the tracker: each turns prepared trials into walks without physics."""
