"""How alike texts are. The one module that knows rapidfuzz.

It loads it when a word is first met that nothing knows: 3 MB and a hundredth of a second that most answers do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def alike(one: str, other: str) -> float:
    """Say how alike two texts are, from 0 to 100."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - as above

    return fuzz.ratio(one, other)


def by_likeness(
    text: str, known: Collection[str], least: float, most: int | None = None, *, any_order: bool = False
) -> list[tuple[str, float, int]]:
    """Rank the texts that are at least so alike, the likest first: each with its likeness and its place among them.

    In `any_order` the same words in another order are alike.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    scorer = fuzz.token_sort_ratio if any_order else fuzz.ratio
    return process.extract(text, known, scorer=scorer, score_cutoff=least, limit=most)


def likest(text: str, known: Collection[str], least: float) -> str | None:
    """Return the text that is most alike, if one is at least so alike."""
    return next((name for name, _, _ in by_likeness(text, known, least, 1)), None)


def meant(word: str, known: Iterable[str], least: float) -> str | None:
    """Return the word that a misspelt one most likely stands for; it may be written only in part, and in capitals."""
    from rapidfuzz.process import extractOne  # noqa: PLC0415 - as above

    found = extractOne(word, list(known), processor=str.lower, score_cutoff=least)
    return found[0] if found else None
