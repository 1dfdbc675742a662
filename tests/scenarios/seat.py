"""What a scenario needs of a platform: a seat for each person, and what they see there. Knows no platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from platforms import Clock

    from bot.nudges.outcome import Platform
    from bot.request import Learner
    from bot.store.engine import Store


class Way(StrEnum):
    """How somebody reaches a command."""

    TYPED = "typed"
    COMMAND = "command"
    MESSAGE = "message"
    MENTION = "mention"
    BUTTON = "button"
    MENU = "menu"


class Where(StrEnum):
    """Who sees an answer: who asked, who asked and has it in their conversation with the bot, everybody there."""

    PRIVATE = "private"
    DIRECT = "direct"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to press: what stands on it, what it carries, and whether it stands in a menu."""

    label: str
    wire: str
    way: Way = Way.BUTTON


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it was when somebody looked: `place` is the platform's own, and the same after an edit.

    `spoken` is what a screen reader has of it, where that is a text apart.
    """

    text: str
    offers: tuple[Offer, ...]
    where: Where
    place: object
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What a platform adds to the buttons of an answer, by what stands on them; None where it has no such thing."""

    share: str | None = None
    take_back: str | None = None
    elsewhere: str | None = None
    onward: str = r"(?!)"
    turns: str = r"(?!)"


class Seat(Protocol):
    """One person on one platform."""

    def ways(self, line: str) -> tuple[Way, ...]:
        """List the ways in which this line can be typed here; the first is the most usual."""

    def learner(self) -> Learner:
        """Return the person as the bot is to know them."""

    async def say(self, line: str, way: Way) -> Seen:
        """Type a line, and return what answers it."""

    async def press(self, seen: Seen, offer: Offer) -> Seen | None:
        """Press something, as it was seen; return what answers, None if what was pressed is gone."""

    def look(self, seen: Seen) -> Seen:
        """Look at a message again."""

    def inbox(self) -> list[Seen]:
        """Return what came unasked since the last look."""


class Stage(Protocol):
    """A platform with the bot on it; `edits` if a press changes the message that it stands on."""

    name: str
    clock: Clock
    extras: Extras
    edits: bool
    store: Store

    def seat(self, person: str) -> Seat:
        """Give somebody a seat."""

    def dm_of(self, person: str) -> str | None:
        """Name the conversation with somebody; None where no message has to reach them first."""

    def platform(self) -> Platform:
        """Return what nudges go out by."""

    async def restart(self) -> None:
        """End the bot, and start it again on the same store."""
