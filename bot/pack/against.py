"""Compare two versions of a pack: an id that went away without a word breaks somebody's progress or button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Finding
from bot.likeness import meant
from bot.pack.rules.upkeep import living

if TYPE_CHECKING:
    from bot.pack.model import Pack


def against(old: Pack, new: Pack) -> list[Finding]:
    """Return a finding for every id of the old pack that the new one neither has nor buries in gone.yaml."""
    alive = living(new)
    now = set(alive)
    gone = [each for each in dict.fromkeys(living(old)) if each not in now and each[1] not in new.gone]
    return [
        Finding(
            *("gone.yaml", 1, 1, "KB039", f"The {kind} `{name}` of version {old.version} is gone without a word."),
            _burial(name, [other for that, other in alive if that == kind]),
        )
        for kind, name in gone
    ]


def _burial(name: str, others: list[str]) -> str:
    """Say what to write in gone.yaml, with the likeliest heir."""
    heir = meant(name, others, 60) or "NEW-ID"
    return f"Write `{name}: {{renamed-to: {heir}}}` or `{name}: {{retired: WHY}}`."
