"""Find the ids that are referred to and stand nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.shapes import finding, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.errors import Finding
    from bot.pack.draft import Draft


def dangling(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for every reference to an id that no file declares.

    What might be declared in a file that could not be read is left alone.
    """
    for each in draft.references:
        if any(each.id in draft.declared.get(kind, ()) for kind in each.kinds):
            continue
        if not draft.unread.isdisjoint(each.kinds):
            continue
        known = [name for kind in each.kinds for name in draft.declared.get(kind, ())]
        message = f"There is no {' or '.join(each.kinds)} `{each.id[:60]}`."
        yield finding(each.file, each.node, "KB020", message, nearest(each.id, (*known, *each.also)))
