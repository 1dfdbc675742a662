"""The chat of one local learner: typed lines in, answers out. Knows neither keyboard nor screen: both are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from adapters.terminal.choices import EMPTY, choice, is_number
from bot.line import clean
from bot.reply import Button, Menu, Reply

if TYPE_CHECKING:
    from bot.reply import Action

_LEAVING = frozenset({"exit", "quit", "bye", "q", ":q"})


class Answer(Protocol):
    """What answers a line; `pressed` marks one that came from a button."""

    def __call__(self, text: str, *, pressed: bool) -> Reply:
        """Answer it."""


def chat(lines: Iterable[str], answer: Answer, show: Callable[[Reply], None]) -> None:
    """Answer line after line until they end or the learner leaves.

    A number stands for the choice last shown under it.
    """
    choices: tuple[Action, ...] = ()
    for line in lines:
        typed = clean(line)
        if typed.casefold() in _LEAVING:
            return
        reply = _reply(typed, line, choices, answer)
        if isinstance(reply, str):
            show(Reply(reply))
        else:
            show(reply)
            choices = reply.actions


def _reply(typed: str, line: str, choices: tuple[Action, ...], answer: Answer) -> Reply | str:
    if not typed:
        return EMPTY
    if not is_number(typed):
        return answer(line, pressed=False)
    match choice(typed, choices):
        case Button(line=line):
            return answer(line, pressed=True)
        case Menu(label=label, options=options):
            return Reply(label, actions=options)
        case sentence:
            return sentence
