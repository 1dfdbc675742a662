"""Records one press on a roadmap and shows where the learner is then. Knows no words that were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.journey import Kept, current_roadmap, journey, kept_of
from bot.commands.roadmap_view import chooser, overview
from bot.reply import Cited, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.command import Ask
    from bot.pack.model import Pack, Roadmap
    from bot.progress import Change
    from bot.reply import Reply


async def record(ask: Ask, roadmap: Roadmap | None, changes: Iterable[Change], told: str, already: str) -> Reply:
    """Record one press and make its roadmap the current one; say `told`, or `already` where nothing changed."""
    store = await ask.store()
    learner = await store.learners.ensure(ask.who(), ask.at)
    event = await store.progress.record(learner.id, changes, ask.at)
    if event is None:
        return show(ask.pack, roadmap, await kept_of(ask), already)
    moved = roadmap is not None and learner.roadmap != roadmap.id
    if roadmap is not None and moved:
        await store.learners.set_roadmap(learner.id, roadmap.id)
        told = f"{told}. From now on this is your roadmap."
    return show(ask.pack, roadmap, await kept_of(ask), told, event)


def show(pack: Pack, roadmap: Roadmap | None, kept: Kept, told: str, event: int | None = None) -> Reply:
    """Say what happened, then where the learner is on that roadmap, else on their own, else which there are."""
    said = (Paragraph(Cited(told)),)
    place = roadmap or current_roadmap(pack, kept)
    if place is None:
        return chooser(pack, said=said, undo=event)
    return overview(journey(pack, place, kept), said=said, undo=event)
