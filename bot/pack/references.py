"""Find the ids that are referred to and stand nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.shapes import finding, nearest, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.errors import Finding
    from bot.pack.draft import Draft
    from bot.pack.shapes import Reference


def dangling(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for every reference to an id that no file declares.

    What might be declared in a file that could not be read, or under an aspect that is itself misspelt, is left alone.
    """
    missing = [each for each in draft.references if not _declared(each, draft)]
    misspelt = {stem(each.file) for each in missing if each.kinds == ("aspect",)}
    for each in missing:
        if draft.unread.isdisjoint(each.kinds) and each.id.partition(".")[0] not in misspelt:
            yield _dangling(each, draft)


def _declared(reference: Reference, draft: Draft) -> bool:
    return any(reference.id in draft.declared.get(kind, ()) for kind in reference.kinds)


def _dangling(reference: Reference, draft: Draft) -> Finding:
    """Name what is missing as it was typed: a step without its roadmap."""
    typed: str = reference.node.value
    scope = reference.id.removesuffix(typed)
    ids = [name for kind in reference.kinds for name in draft.declared.get(kind, ())]
    known = [name.removeprefix(scope) for name in ids if name.startswith(scope)]
    message = f"There is no {' or '.join(reference.kinds)} `{typed[:60]}`."
    return finding(reference.file, reference.node, "KB020", message, nearest(typed, (*known, *reference.also)))
