"""Who asks in Slack: which lane reaches them, and the zone that Slack knows them by."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError

from bot.request import Learner

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

FRESH = timedelta(hours=1)
PATIENCE = 1.0  # seconds; a command without a zone is better than one without an answer
_REMEMBERED = 10_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack, and the client that acts in their workspace."""

    lane: str
    id: str
    client: AsyncWebClient = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        """The one name that tells this person from all others."""
        return f"{self.lane}:{self.id}"

    def learner(self, zone: str | None = None) -> Learner:
        """Return them as the bot knows people; owners of a workspace may be able to read along."""
        return Learner(self.lane, self.id, zone, overseen=True)


def lane_of(context: Mapping[str, Any]) -> str:
    """Name the lane of a workspace, or of the organisation where the app is installed for all of it."""
    whole = context.get("is_enterprise_install") and context.get("enterprise_id")
    return f"slack:{whole or context.get('team_id') or context.get('enterprise_id')}"


class People:
    """What Slack says of people, read again after an hour."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Learner, datetime]] = {}

    async def learner(self, person: Person, at: datetime) -> Learner:
        """Return a person with their zone; without it if Slack does not tell in time."""
        known = self._known.get(person.key)
        if known is not None and at - known[1] < FRESH:
            return known[0]
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await person.client.users_info(user=person.id)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("slack.person_unknown", error=type(error).__name__)
            return person.learner()
        user = answer.get("user") or {}
        learner = person.learner(_zone(user.get("tz")))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[person.key] = (learner, at)
        return learner


def _zone(name: object) -> str | None:
    """Keep a zone only if it is one here, too."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
