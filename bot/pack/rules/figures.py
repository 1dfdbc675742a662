"""Rules about printed numbers: money has a place, and one place has one currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.rules.subject import Subject, below, child, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.errors import Finding


def currencies(subject: Subject) -> Iterator[Finding]:
    """Yield the tables of money without a region, and those in another currency than the region's first table."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for table in subject.pack.figures.values():
        currency = table.unit.currency
        if not currency:
            continue
        spot = subject.spot("table", table.id)
        if not table.region:
            if child(spot.value, "region") is not None:
                continue
            message = f"Pay in {currency} has no region; it would stand beside pay of other countries."
            yield wrong(spot, below(spot, "unit"), "KB036", message, "Write `region: ...` above it.")
            continue
        key = (table.aspect, table.region)
        known, where = first.setdefault(key, (currency, table.id))
        if known != currency:
            message = f"This is in {currency}, and `{where}`, of the same region, in {known}."
            remedy = "Give the figures as they were printed for this region, or correct the region."
            yield wrong(spot, below(spot, "unit"), "KB036", message, remedy)
