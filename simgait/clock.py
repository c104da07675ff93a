"""The one clock: trials are prepared at the rate at which bodies are controlled."""

from __future__ import annotations

CONTROL_RATE_HZ = 30.0
"""Frames of a trial, and control steps of a policy, per second (the paper's control rate)."""
