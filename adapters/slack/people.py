"""Who asks in Slack: which lane reaches them, the zone that Slack knows them by, and whether they are an admin."""

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

from bot.cache import keep
from bot.request import Learner

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

FRESH = timedelta(hours=1)
ADMIN_FRESH = timedelta(minutes=2)  # for what is shown; what is pressed is asked about anew
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


@dataclass(frozen=True, slots=True)
class Told:
    """What Slack said of somebody, and when."""

    learner: Learner
    admin: bool
    at: datetime


class People:
    """What Slack says of people: one answer tells their zone, read again after an hour, and whether they are admins."""

    def __init__(self) -> None:
        self._known: dict[str, Told] = {}

    async def learner(self, person: Person, at: datetime) -> Learner:
        """Return a person with their zone; without it if Slack does not tell in time."""
        told = await self._told(person, at, FRESH)
        return told.learner if told else person.learner()

    async def lately_admin(self, person: Person, at: datetime) -> bool:
        """Say whether somebody was an admin at most two minutes ago."""
        told = await self._told(person, at, ADMIN_FRESH)
        return told is not None and told.admin

    async def is_admin(self, person: Person, at: datetime) -> bool:
        """Ask Slack whether somebody is an admin; nobody is while it does not answer."""
        told = await self._ask(person, at)
        return told is not None and told.admin

    async def _told(self, person: Person, at: datetime, fresh: timedelta) -> Told | None:
        known = self._known.get(person.key)
        return known if known is not None and at - known.at < fresh else await self._ask(person, at)

    async def _ask(self, person: Person, at: datetime) -> Told | None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await person.client.users_info(user=person.id)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("slack.person_unknown", error=type(error).__name__)
            return None
        user = answer.get("user") or {}
        admin = is_admin(user, of_organisation=person.lane.startswith("slack:E"))
        return keep(self._known, person.key, Told(person.learner(_zone(user.get("tz"))), admin, at), _REMEMBERED)


def is_admin(user: Mapping[str, Any], *, of_organisation: bool) -> bool:
    """Read it out of what Slack tells of a user; what holds for a whole organisation is its own admins' to say."""
    if user.get("deleted"):
        return False
    above = user.get("enterprise_user") or {}
    if above.get("is_admin") or above.get("is_owner"):
        return True
    mine = user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    return bool(mine) and not of_organisation


def _zone(name: object) -> str | None:
    """Keep a zone only if it is one here, too."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
