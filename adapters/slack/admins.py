"""Who is an admin, as Slack says: of a workspace, or of the organisation where the app serves all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError

if TYPE_CHECKING:
    from adapters.slack.people import Person

FRESH = timedelta(minutes=2)  # for what is shown; what is pressed is asked about anew
PATIENCE = 1.5  # seconds
_REMEMBERED = 10_000
log = structlog.get_logger()


class Admins:
    """What Slack said of people, for two minutes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bool, datetime]] = {}

    async def lately(self, person: Person, at: datetime) -> bool:
        """Say whether somebody was an admin at most two minutes ago."""
        known = self._known.get(person.key)
        if known is not None and at - known[1] < FRESH:
            return known[0]
        return await self.now(person, at)

    async def now(self, person: Person, at: datetime) -> bool:
        """Ask Slack whether somebody is an admin; nobody is while it does not answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await person.client.users_info(user=person.id)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("slack.admin_unknown", error=type(error).__name__)
            return False
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        found = is_admin(answer.get("user") or {}, of_organisation=person.lane.startswith("slack:E"))
        self._known[person.key] = (found, at)
        return found


def is_admin(user: Mapping[str, Any], *, of_organisation: bool) -> bool:
    """Read it out of what Slack tells of a user; what holds for a whole organisation is its own admins' to say."""
    if user.get("deleted"):
        return False
    above = user.get("enterprise_user") or {}
    if above.get("is_admin") or above.get("is_owner"):
        return True
    mine = user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    return bool(mine) and not of_organisation
