"""Where answers are shown: a coloured terminal gets the rich rendering, everything else the plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from adapters.terminal.choices import as_text
from bot.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.reply import Reply


def screen(out: TextIO, *, numbered: bool) -> Callable[[Reply], None]:
    """Return the function that shows a reply on this stream; `numbered` gives its choices numbers to type."""

    def show(reply: Reply) -> None:
        out.write((as_text(reply) if numbered else plain(reply)) + "\n\n")
        out.flush()

    return show
