"""The App Home: a learner's roadmap and nudge, and the doors to everything else. Pressed, it answers in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from adapters.slack.parts import actions, context, plain_text, size
from adapters.slack.presses import ERASE
from bot.present import fit_button
from bot.reply import Button
from bot.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.slack.answers import Answers
    from adapters.slack.parts import Json
    from adapters.slack.people import Person
    from bot.pack.model import Pack
    from bot.wire import Wire

HOME = "home"  # what the button back to the beginning carries; no command has this name
_PARTS = ("roadmap", "nudge")
ADMIN = "waymark admin"
_BLOCKS, _ROOM = 100, 12_000  # of a view; the characters are what a message may have
_ABOUT = re.compile(r" @([A-Z0-9]{1,40})\b")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home of everybody."""

    answers: Answers

    async def publish(self, person: Person) -> None:
        """Show somebody how it stands."""
        is_admin = await self.answers.people.lately_admin(person, self.answers.now())
        doors = _apart(actions(_doors(self.answers.bot.pack)), "doors")
        whole: dict[str, list[Json]] = {}
        for line in (*_PARTS, *((ADMIN,) if is_admin else ())):
            part = (await self.answers.private(person, line, shared=False))["blocks"]
            whole[line] = [*_apart(part, line), *(_choose_person() if line == ADMIN else ()), {"type": "divider"}]
        await self._show(person, [*_in_the_room(whole, _BLOCKS - len(doors), _ROOM - size(doors)), *doors])

    async def answer(self, person: Person, wire: Wire) -> None:
        """Answer a press in the App Home, with the way back."""
        if wire.line == HOME:
            await self.publish(person)
            return
        payload = await self.answers.private(person, wire.line, page=wire.page, shared=False, pressed=True)
        back = actions((), (("Back to the beginning", to_wire(HOME)),))
        above, below = await self._around(person, wire.line)
        await self._show(person, [*above, *payload["blocks"], *below, *_apart(back, "back")])

    async def _around(self, person: Person, line: str) -> tuple[list[Json], list[Json]]:
        """Say for an admin whom an answer is about, or offer to choose somebody, which only Slack can do."""
        command = self.answers.meant(line).command
        if not (command and command.admin and await self.answers.people.lately_admin(person, self.answers.now())):
            return [], []
        about = _ABOUT.search(line)
        return ([_named(about[1])], []) if about else ([], _choose_person())

    async def _show(self, person: Person, blocks: list[Json]) -> None:
        try:
            await person.client.views_publish(user_id=person.id, view={"type": "home", "blocks": blocks})
        except SlackApiError as error:
            log.warning("slack.home_refused", error=error.response.get("error"))
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("slack.home_lost", error=type(error).__name__)


def _in_the_room(parts: dict[str, list[Json]], most: int, room: int) -> Iterator[Json]:
    """Put parts one below the other; where there is no room for all, those that come first have it."""
    shown = {line: _door_to(part, line) for line, part in parts.items()}
    for line, part in parts.items():
        open_too = shown | {line: part}
        blocks = [*chain(*open_too.values())]
        if len(blocks) <= most and size(blocks) <= room:
            shown = open_too
    return chain(*shown.values())


def _door_to(part: list[Json], line: str) -> list[Json]:
    """Put a part that does not fit behind one button under its title."""
    return [part[0], *_apart(actions((Button("Open", line),)), line)]


def _choose_person() -> list[Json]:
    words = "Erase a person’s data, at their request. You are asked once more."
    menu = {"type": "users_select", "action_id": ERASE, "placeholder": plain_text("Choose a person")}
    return [context(words), {"type": "actions", "elements": [menu]}]


def _named(person: str) -> Json:
    parts = [{"type": "user", "user_id": person}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


def _doors(pack: Pack) -> tuple[Button, ...]:
    """Lead to everything else."""
    return (
        *fit_button(pack),
        Button("Compare careers", "compare"),
        Button("What is stored of me", "waymark privacy"),
        Button("Help", "waymark"),
    )


def _apart(blocks: list[Json], prefix: str) -> list[Json]:
    """Give the buttons of several answers in one view names of their own."""
    return [
        {**block, "elements": [{**each, "action_id": f"{prefix}-{each['action_id']}"} for each in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in blocks
    ]
