"""The chat of one local learner: typed lines in, answers and nudges out. Knows neither keyboard nor screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from adapters.terminal.choices import EMPTY, choice, is_number, named
from bot.line import clean
from bot.reply import Button, Menu, Reply

if TYPE_CHECKING:
    from bot.reply import Action

_BACK = Button("Back", "")  # says nothing to the bot: it shows again what the opened menu stood under
_LEAVING = frozenset({"exit", "quit", "bye", "q", ":q"})


class Answer(Protocol):
    """What answers a line; `pressed` marks one that came from a button."""

    def __call__(self, text: str, *, pressed: bool) -> Awaitable[Reply]:
        """Answer it."""


@dataclass(slots=True)
class Chat:
    """A conversation: a number or a label that is typed stands for the choice last shown under it."""

    answer: Answer
    show: Callable[[Reply], None]
    _before: Reply | None = field(default=None, init=False)  # what stood here when a menu was opened
    _shown: Reply | None = field(default=None, init=False)

    @property
    def choices(self) -> tuple[Action, ...]:
        """The choices last shown."""
        return self._shown.actions if self._shown else ()

    async def take(self, line: str) -> bool:
        """Answer a typed line; False if the learner leaves with it."""
        typed = clean(line)
        if typed.casefold() in _LEAVING:
            return False
        reply = await self._reply(typed, line)
        if isinstance(reply, str):
            self.show(Reply(reply))
        else:
            self.bring(reply)
        return True

    def bring(self, reply: Reply) -> None:
        """Show an answer, or what comes unasked; its choices are the ones to press now."""
        self.show(reply)
        self._shown = reply

    async def _reply(self, typed: str, line: str) -> Reply | str:
        if not typed:
            return EMPTY
        chosen = choice(typed, self.choices) if is_number(typed) else named(typed, self.choices)
        match chosen:
            case None:
                return await self.answer(line, pressed=False)
            case Button() if chosen is _BACK and self._before:
                return self._before
            case Button(line=line):
                return await self.answer(line, pressed=True)
            case Menu(label=label, options=options):
                self._before = self._shown
                return Reply(label, actions=(*options, _BACK))
            case sentence:
                return sentence
