"""One direct message out: a nudge, or the message that opens the way for them; and the look whether it is there.

Sends each message once. Decides no wording, and needs neither Bolt nor a connection to listen on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import outcome_of
from adapters.slack.post import BARE
from adapters.slack.render import message
from bot.nudges.outcome import (
    Absent,
    CannotTell,
    Envelope,
    Found,
    Lookup,
    Outcome,
    Pace,
    Platform,
    Refused,
    Sent,
    Unclear,
)

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from adapters.slack.names import Names
    from bot.reply import Reply

PLATFORM = "slack"
PER_SECOND = 5.0  # "several hundred messages a minute" in a workspace
IN_FLIGHT = 10
EVENT = "waymark_nudge"
_CLOCKS = timedelta(seconds=5)  # by which Slack's clock and ours may differ
_PAGES, _PAGE = 5, 15  # messages that are looked through; an app may be given 15 at a time
NO_TOKEN = Refused("no token for this workspace", permanent=True, of_lane=True)

TokenOf = Callable[[str, "bytes | None"], Awaitable["str | None"]]  # by lane and its secret


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends direct messages; `token_of` gives the token of a lane."""

    session: ClientSession
    address: str
    token_of: TokenOf
    names: Names
    per_second: float = PER_SECOND

    def platform(self) -> Platform:
        """Return what the nudges need to know of Slack."""
        return Platform(PLATFORM, self.send, self.look, Pace(self.per_second, IN_FLIGHT))

    async def send(self, envelope: Envelope) -> Outcome:
        """Send one nudge, marked so that it can be found again."""
        if envelope.reply is None:
            return Refused("there was nothing to send")
        mark = {"event_type": EVENT, "event_payload": {"delivery": str(envelope.delivery_id)}}
        to = envelope.dm or envelope.person
        return await self.direct(envelope.lane, envelope.secret, to, envelope.reply, metadata=mark)

    async def direct(self, lane: str, secret: bytes | None, to: str, reply: Reply, **more: Any) -> Outcome:  # noqa: ANN401 - whatever the method takes
        """Send a message to a person or into a conversation, once."""
        token = await self.token_of(lane, secret)
        if token is None:
            return NO_TOKEN
        try:
            told = await self._client(token).chat_postMessage(channel=to, **BARE, **message(reply, self.names), **more)
        except SlackApiError as error:
            return _refusal(error)
        except ClientConnectorError as error:  # nothing was sent
            return Refused(type(error).__name__)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            return Unclear(type(error).__name__)
        return Sent(str(told["ts"]), str(told["channel"]))

    async def look(self, envelope: Envelope) -> Lookup:
        """Look through the conversation for the mark of one nudge."""
        token = await self.token_of(envelope.lane, envelope.secret)
        if token is None or envelope.dm is None:
            return CannotTell("the conversation is not known")
        cursor = None
        try:
            for _ in range(_PAGES):
                told = await self._client(token).conversations_history(
                    channel=envelope.dm,
                    oldest=f"{(envelope.started_at - _CLOCKS).timestamp():.6f}",
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
                for each in told["messages"]:
                    if _delivery(each) == str(envelope.delivery_id):
                        return Found(each["ts"])
                cursor = (told.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return Absent()
        except SlackApiError as error:
            return _cannot_tell(error)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            return CannotTell(type(error).__name__, timedelta(minutes=2))
        return CannotTell("too much was said since")

    def _client(self, token: str) -> AsyncWebClient:
        """Make a client that never repeats a call: the library's own habit would send a nudge twice."""
        return AsyncWebClient(token=token, base_url=self.address, session=self.session, retry_handlers=[])


def _delivery(each: dict[str, Any]) -> str | None:
    mark = each.get("metadata") or {}
    found = mark.get("event_payload", {}).get("delivery") if mark.get("event_type") == EVENT else None
    return str(found) if found is not None else None


def _refusal(error: SlackApiError) -> Outcome:
    response = error.response
    code = response.get("error") if isinstance(response.data, dict) else None
    return outcome_of(response.status_code, code, response.headers.get("Retry-After"))


def _cannot_tell(error: SlackApiError) -> CannotTell:
    """Look again after a refusal for its rate, or an error on their side; never where the right to look is missing."""
    match _refusal(error):
        case Refused(reason, permanent=False, retry_after=wait):
            return CannotTell(reason, max(wait or timedelta(), timedelta(minutes=1)))
        case Unclear(reason):
            return CannotTell(reason, timedelta(minutes=2))
        case outcome:
            return CannotTell(getattr(outcome, "reason", "refused"))
