"""A command read from a function: its name, summary, verbs and parameters. Knows no pack, no line and no platform."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

from bot.errors import UserError
from bot.house import NOWHERE, House

if TYPE_CHECKING:
    from datetime import datetime

    from bot.nudges.outcome import Outcome
    from bot.pack.model import Pack
    from bot.reply import Reply
    from bot.request import Learner, Place
    from bot.store.engine import Store

LINE_LIMIT = 96  # a button's line; leaves room for an adapter's envelope in the 100 characters of Discord


class Effect(StrEnum):
    """What a line does: nothing, bring about a named state, or something that must happen only once."""

    READ = "read"
    STATE = "state"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a parameter resolves: from the pack's names of that kind, or, with a pattern, from the word's own form.

    `read` turns the canonical text into the value that the function gets. `takes` makes it a kind for words that
    name nothing of the pack: it says whether these are of that kind, where a line names no command to give them to.
    """

    name: str
    label: str
    pattern: re.Pattern[str] | None = None
    canonical: Callable[[re.Match[str]], str] = lambda match: match[0]
    read: Callable[[str], Any] = str
    takes: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a command; it takes up to `most` values."""

    name: str
    kind: Kind
    most: int
    required: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A command or verb: what is shown of it, what it takes, what it does, and who may see the answer."""

    name: str
    summary: str
    function: Callable[..., Awaitable[Reply]]
    parameters: tuple[Parameter, ...]
    personal: bool
    effect: Effect
    verbs: Mapping[str, Command] = field(default_factory=lambda: MappingProxyType({}))
    also_called: tuple[str, ...] = ()
    admin: bool = False  # for the admins of a community alone


@dataclass(frozen=True, slots=True)
class Ask:
    """What a command is given beside its arguments. An impersonal command gets no learner, whoever asks.

    `pack` is what is shown of it in the `house` where it was asked.
    `store` opens the store; `has_store` says, without opening it, whether anything can be in it.
    `direct` sends a learner a direct message, to see that one arrives; None where this conversation is one.
    """

    pack: Pack
    at: datetime
    place: Place
    learner: Learner | None
    store: Callable[[], Awaitable[Store]]
    commands: Mapping[str, Command]
    has_store: Callable[[], bool] = lambda: True
    house: House = NOWHERE
    direct: Callable[[Learner, Reply], Awaitable[Outcome]] | None = None

    def who(self) -> Learner:
        """Return who asks; raise UserError where nobody can tell."""
        if self.learner is None:
            raise UserError("That needs to know who you are; ask it in a direct message.")
        return self.learner


@dataclass(frozen=True, slots=True)
class UpTo:
    """Marks a parameter that takes several values: `Annotated[tuple[str, ...], ROLE, UpTo(4)]`."""

    most: int


HOURS = Kind(
    "hours",
    "hours a week",
    re.compile(r"(-?\d{1,9})\s*(?:h|hr|hrs|hour|hours)(?:\s*(?:a|per|/)\s*(?:week|wk))?", re.IGNORECASE),
    lambda match: f"{int(match[1])}h",
    lambda text: int(text.removesuffix("h")),
)
SHEET = Kind("sheet", "your answers so far", re.compile(r"\.(?:[a-z0-9][a-z0-9-])*"))
STATEMENT = Kind("statement", "a statement's id", re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"))
YES = Kind("yes", "yes", re.compile(r"yes", re.IGNORECASE), lambda match: match[0].casefold())
WORDS = Kind("words", "words of your own", takes=lambda _: False)
NUMBER = Kind("number", "a number", re.compile(r"#(\d{1,9})"), lambda match: match[0], lambda text: int(text[1:]))
ROLE = Kind("role", "a role")
ASPECT = Kind("aspect", "an aspect")
REGION = Kind("region", "a region")
LEVEL = Kind("level", "a level")
ROADMAP = Kind("roadmap", "a roadmap")
DESTINATION = Kind("destination", "a roadmap or a career")  # a career only where no roadmap leads to it
STEP = Kind("step", "a step")
TASK = Kind("task", "a task")
SKILL = Kind("skill", "a skill")
SOURCE = Kind("source", "a source")
QUESTION = Kind("question", "a question's key", re.compile(r"=[a-z0-9]"), read=lambda text: text[1:])


def parameters_of(function: Callable[..., Awaitable[Reply]]) -> tuple[Parameter, ...]:
    """Read the annotated parameters of a command's function, the first (its Ask) left out.

    Each is `Annotated[TYPE, Kind]`, or `Annotated[tuple[TYPE, ...], Kind, UpTo(n)]`; one with a default is optional.
    """
    hints = get_type_hints(function, include_extras=True)
    found = []
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        kind, *rest = get_args(hints[name])[1:]
        most = next((mark.most for mark in rest if isinstance(mark, UpTo)), 1)
        found.append(Parameter(name, kind, most, parameter.default is inspect.Parameter.empty))
    return tuple(found)


def command(  # noqa: PLR0913 - a declaration names everything that holds of a command, by keyword
    function: Callable[..., Awaitable[Reply]],
    *,
    name: str | None = None,
    personal: bool = False,
    effect: Effect = Effect.READ,
    verbs: tuple[Command, ...] = (),
    also_called: tuple[str, ...] = (),
    admin: bool = False,
) -> Command:
    """Declare a command from an async function; the first line of its docstring is what people read of it."""
    return Command(
        name=name or function.__name__.replace("_", "-"),
        summary=(inspect.getdoc(function) or "").splitlines()[0].rstrip("."),
        function=function,
        parameters=parameters_of(function),
        personal=personal or admin or effect is not Effect.READ,
        effect=effect,
        verbs=MappingProxyType({verb.name: verb for verb in verbs}),
        also_called=also_called,
        admin=admin,
    )


Roles = Annotated[tuple[str, ...], ROLE, UpTo(4)]
OneRole = Annotated[str | None, ROLE]
OneAspect = Annotated[str | None, ASPECT]
OneRegion = Annotated[str | None, REGION]
OneLevel = Annotated[str | None, LEVEL]
OneDestination = Annotated[str | None, DESTINATION]
OneRoadmap = Annotated[str | None, ROADMAP]
OneStep = Annotated[str | None, STEP]
OneTask = Annotated[str | None, TASK]
OneHours = Annotated[int | None, HOURS]
Confirmed = Annotated[str | None, YES]
Words = Annotated[str, WORDS]
