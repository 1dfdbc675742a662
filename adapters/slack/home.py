"""The App Home: a learner's roadmap and nudge, and the doors to everything else. Pressed, it answers in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from adapters.slack.parts import actions
from bot.reply import Button
from bot.wire import to_wire

if TYPE_CHECKING:
    from adapters.slack.answers import Answers
    from adapters.slack.parts import Json
    from adapters.slack.people import Person
    from bot.wire import Wire

HOME = "home"  # what the button back to the beginning carries; no command has this name
_PARTS = ("roadmap", "nudge")
_DOORS = (
    Button("Which one fits me?", "fit"),
    Button("Compare careers", "compare"),
    Button("What is stored of me", "waymark privacy"),
    Button("Help", "waymark"),
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home of everybody."""

    answers: Answers

    async def publish(self, person: Person) -> None:
        """Show somebody how it stands."""
        blocks: list[Json] = []
        for line in _PARTS:
            payload = await self.answers.private(person, line, shared=False)
            blocks += [*_apart(payload["blocks"], line), {"type": "divider"}]
        await self._show(person, [*blocks, *_apart(actions(_DOORS), "doors")])

    async def answer(self, person: Person, wire: Wire) -> None:
        """Answer a press in the App Home, with the way back."""
        if wire.line == HOME:
            await self.publish(person)
            return
        payload = await self.answers.private(person, wire.line, page=wire.page, shared=False, pressed=True)
        back = actions((), (("Back to the beginning", to_wire(HOME)),))
        await self._show(person, [*payload["blocks"], *_apart(back, "back")])

    async def _show(self, person: Person, blocks: list[Json]) -> None:
        try:
            await person.client.views_publish(user_id=person.id, view={"type": "home", "blocks": blocks})
        except SlackApiError as error:
            log.warning("slack.home_refused", error=error.response.get("error"))
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("slack.home_lost", error=type(error).__name__)


def _apart(blocks: list[Json], prefix: str) -> list[Json]:
    """Give the buttons of several answers in one view names of their own."""
    return [
        {**block, "elements": [{**each, "action_id": f"{prefix}-{each['action_id']}"} for each in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in blocks
    ]
