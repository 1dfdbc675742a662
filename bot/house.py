"""The house rules of a community: what its admins have hidden or forbidden for everybody in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Freedom(StrEnum):
    """What admins can forbid, and allow again."""

    SHARING = "sharing"
    NUDGES = "nudges"


Rules = tuple[frozenset[str], frozenset[Freedom]]


@dataclass(frozen=True, slots=True)
class House:
    """A community and its rules: the aspects hidden in it, by id, and whether to share and to nudge is allowed.

    `known` is False where nobody could look the rules up.
    """

    id: str
    hidden: frozenset[str] = frozenset()
    forbidden: frozenset[Freedom] = frozenset()
    known: bool = True

    @property
    def rules(self) -> Rules:
        """All that makes an answer here another one than elsewhere."""
        return self.hidden, self.forbidden

    def allows(self, freedom: Freedom) -> bool:
        """Say whether something is allowed here."""
        return freedom not in self.forbidden


NOWHERE = House("")  # where nobody has a say over others: a terminal


def unknown(name: str) -> House:
    """Return what holds in a community whose rules cannot be looked up, and never were.

    Who asks is answered: they alone read it, and all of it can be read elsewhere. What would be put before everybody
    waits, for that cannot be taken back from who has seen it.
    """
    return House(name, forbidden=frozenset({Freedom.SHARING}), known=False)


NO_SHARING = "The admins here have switched sharing off."
NO_NUDGES = "The admins here have switched study nudges off."
