"""Where answers are shown: a colour terminal gets the rich rendering, everything else the plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from adapters.terminal.choices import as_text
from bot.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.reply import Reply


def screen(out: TextIO, environment: Mapping[str, str], *, numbered: bool) -> Callable[[Reply], None]:
    """Return the function that shows a reply on this stream; `numbered` gives its choices numbers to type."""
    if in_colour(out, environment):
        return _colour_screen(out, numbered=numbered)

    def show(reply: Reply) -> None:
        out.write((as_text(reply) if numbered else plain(reply)) + "\n\n")
        out.flush()

    return show


def in_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether colour and all of Unicode arrive, and are wanted (https://no-color.org)."""
    if environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb":
        return False
    return out.isatty() and (out.encoding or "").lower().replace("-", "") == "utf8"


def _colour_screen(out: TextIO, *, numbered: bool) -> Callable[[Reply], None]:
    from rich.console import Console  # noqa: PLC0415 - a pipe does without

    from adapters.terminal.render import READABLE, render  # noqa: PLC0415

    console = Console(file=out, highlight=False, markup=False, emoji=False)

    def show(reply: Reply) -> None:
        width = min(console.width, READABLE)
        console.print(render(reply, width, numbered=numbered), width=width)

    return show
