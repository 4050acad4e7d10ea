"""Shares and probabilities as people read them. It must not depend on a component."""

from __future__ import annotations

import math

from .text import Text


def percent(share: float, digits: int = 1, language: str = "en") -> str:
    """0.934 as "93.4 %", in Chinese "93.4%"; NaN as a dash."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f}{'' if language == 'zh' else ' '}%"


def answer_percent(probability: float, text: Text) -> str:
    """A probability for people."""
    return text("answer.percent", percent=100 * probability) if probability >= 5e-4 else text("answer.tiny")
