"""Shares as people read them. It knows no language: a percent sign is one in both."""

from __future__ import annotations

import math


def percent(share: float, digits: int = 1) -> str:
    """0.934 as "93.4 %", NaN as a dash."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %"
