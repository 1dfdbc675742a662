"""How much one person may ask at once: a burst, and then a steady few. Pure but for what it remembers."""

from __future__ import annotations

from datetime import datetime

from bot.cache import keep

BURST = 20  # questions and presses at once; a quick thumb makes five
PER_SECOND = 1.0
_REMEMBERED = 10_000


class Limit:
    """A bucket for each person, emptied by asking and filled by time."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self._burst = burst
        self._per_second = per_second
        self._left: dict[str, tuple[float, datetime]] = {}

    def allows(self, whose: str, at: datetime) -> bool:
        """Take one from somebody's bucket; False if it is empty."""
        left, since = self._left.get(whose, (float(self._burst), at))
        left = min(self._burst, left + max(0.0, (at - since).total_seconds()) * self._per_second)
        keep(self._left, whose, (left - 1 if left >= 1 else left, at), _REMEMBERED)
        return left >= 1
