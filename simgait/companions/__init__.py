"""Baselines that stand beside the tracker: prepared trials in, walks out, without physics."""
