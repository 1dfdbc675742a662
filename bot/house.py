"""The house rules of a community: what its admins have hidden or forbidden for everybody in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Freedom(StrEnum):
    """What admins can forbid, and allow again."""

    SHARING = "sharing"
    NUDGES = "nudges"


@dataclass(frozen=True, slots=True)
class House:
    """A community and its rules: the aspects hidden in it, by id, and whether to share and to nudge is allowed."""

    id: str
    hidden: frozenset[str] = frozenset()
    forbidden: frozenset[Freedom] = frozenset()

    def allows(self, freedom: Freedom) -> bool:
        """Say whether something is allowed here."""
        return freedom not in self.forbidden


NOWHERE = House("")  # where nobody has a say over others: a terminal

NO_SHARING = "The admins here have switched sharing off."
NO_NUDGES = "The admins here have switched study nudges off."
