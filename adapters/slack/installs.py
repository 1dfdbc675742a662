"""Where the app is installed: kept with each workspace's lane, sealed, behind the interface that Bolt asks for.

Knows nothing of what is answered there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.store.installs import Installs

if TYPE_CHECKING:
    from adapters.slack.crypt import Seal
    from bot.store.engine import Store

FRESH = timedelta(seconds=60)  # how long another replica may not know of an installation or of its end
STATE_LIFE = timedelta(minutes=10)
PLATFORM = "slack"
_KEPT = (
    "app_id",
    "enterprise_id",
    "team_id",
    "is_enterprise_install",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "user_id",
    "installed_at",
)
log = structlog.get_logger()


def lane_for(enterprise_id: str | None, team_id: str | None, *, whole: bool | None) -> str:
    """Name the lane of an installation: of a workspace, or of a whole organisation."""
    return f"{PLATFORM}:{enterprise_id if whole and enterprise_id else team_id or enterprise_id}"


@dataclass(frozen=True, slots=True)
class ManyWorkspaces(AsyncInstallationStore):
    """The installations, behind the interface that Slack's packages ask for."""

    store: Store
    seal: Seal
    now: Callable[[], datetime]
    _known: dict[str, tuple[Installation | None, datetime]] = field(default_factory=dict)

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation in place of one before, and let its lane go on."""
        lane = lane_for(installation.enterprise_id, installation.team_id, whole=installation.is_enterprise_install)
        written = json.dumps({name: getattr(installation, name) for name in _KEPT}).encode()
        await self.store.lanes.open(lane, self.seal.close(written), self.now())
        self._known.pop(lane, None)

    async def async_save_bot(self, bot: Bot) -> None:
        """Do nothing: what there is of a bot is kept with its installation."""

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Find what acts in a workspace."""
        found = await self.find(lane_for(enterprise_id, team_id, whole=is_enterprise_install))
        return found.to_bot() if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - there is one a workspace, whoever asks
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Find the installation of a workspace."""
        return await self.find(lane_for(enterprise_id, team_id, whole=is_enterprise_install))

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Do nothing: it goes with its installation."""

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing: only the end of an installation takes away what is kept, and `end` sees to that."""

    async def find(self, lane: str) -> Installation | None:
        """Find the installation that a lane stands for, as it was at most a minute ago.

        While the store is away, the one that was known last holds on.
        """
        known = self._known.get(lane)
        if known is not None and self.now() - known[1] < FRESH:
            return known[0]
        try:
            kept = await self.store.lanes.find(lane)
        except Exception as error:
            if known is None:
                raise
            log.warning("slack.installation_not_read", error=type(error).__name__)
            return known[0]
        found = self._read(lane, kept.secret) if kept and kept.secret else None
        self._known[lane] = (found, self.now())
        return found

    async def authorize(self, lane: str) -> AuthorizeResult | None:
        """Act as the bot of the workspace that something came from; None if the app is not installed there."""
        found = await self.find(lane)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=found.enterprise_id,
            team_id=found.team_id,
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            bot_token=found.bot_token,
        )

    async def token_of(self, lane: str, secret: bytes | None) -> str | None:
        """Return the token to act with in a lane; None if there is none that can be read."""
        if secret is None:
            found = await self.find(lane)
            return found.bot_token if found else None
        read = self._read(lane, secret)
        return read.bot_token if read else None

    async def end(self, lane: str, at: datetime) -> None:
        """Delete all that is kept of a workspace that removed the app, unless it was installed anew since then."""
        self._known.pop(lane, None)
        found = await self.find(lane)
        if found is not None and int(found.installed_at) > at.timestamp():  # Slack tells whole seconds
            return
        await self.store.lanes.delete(lane)
        self._known.pop(lane, None)

    async def seal_anew(self) -> int:
        """Seal with the newest key whatever was sealed with an older one, and count it; others may use it meanwhile."""
        installs, after, count = Installs(self.store.database), "", 0
        while page := await installs.page(PLATFORM, after):
            for lane, secret in page:
                sealed = self.seal.anew(secret)
                count += sealed is not None and await installs.replace(lane, secret, sealed)
            after = page[-1][0]
        return count

    def _read(self, lane: str, secret: bytes) -> Installation | None:
        written = self.seal.open(secret)
        if written is None:
            log.error("slack.sealed_with_another_key", lane=lane)
            return None
        return Installation(**json.loads(written))


@dataclass(frozen=True, slots=True)
class States(AsyncOAuthStateStore):
    """The states of installations under way: sealed, so that none has to be kept until it is used, and used once."""

    store: Store
    seal: Seal
    now: Callable[[], datetime]

    async def async_issue(self, *_: object, **__: object) -> str:
        """Make a state that holds for ten minutes."""
        return self.seal.close(f"{self.now().timestamp():.0f} {secrets.token_urlsafe(16)}".encode()).decode()

    async def async_consume(self, state: str) -> bool:
        """Use a state; False if it was made by others, is too old, or was used before."""
        read = self.seal.open(state.encode())
        if read is None:
            return False
        made, _, name = read.decode().partition(" ")
        if self.now().timestamp() - int(made) > STATE_LIFE.total_seconds():
            return False
        return await self.store.seen.first(f"oauth:{name}", self.now())
