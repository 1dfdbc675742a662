"""Messages on their way to Slack: through the address that came with a press, or through the Web API.

Knows no answer. What Slack refuses is logged by its code, never with what was to be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.slack.parts import Json

BARE: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """Sends over one session, which keeps its connections; nothing is ever repeated of its own accord."""

    session: ClientSession

    async def respond(self, address: str, payload: Json) -> bool:
        """Answer through a response_url; False if it was refused or did not get through."""
        client = AsyncWebhookClient(address, session=self.session, retry_handlers=[])
        try:
            answer = await client.send_dict(BARE | payload)
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("slack.response_lost", error=type(error).__name__)
            return False
        if answer.status_code != 200:
            log.warning("slack.response_refused", status=answer.status_code)
        return answer.status_code == 200

    async def only(self, address: str, payload: Json, thread: str | None = None) -> bool:
        """Answer so that only who pressed can see it; what they pressed stays as it is."""
        where = {"thread_ts": thread} if thread else {}
        return await self.respond(
            address, {"response_type": "ephemeral", "replace_original": False, **where, **payload}
        )

    async def edit(self, address: str, payload: Json) -> bool:
        """Put an answer in the place of the message that was pressed."""
        return await self.respond(address, {"replace_original": True, **payload})

    async def everybody(self, address: str, payload: Json) -> bool:
        """Post into the channel, for all who are there."""
        return await self.respond(address, {"response_type": "in_channel", "replace_original": False, **payload})

    async def take_away(self, address: str) -> bool:
        """Delete the message that was pressed."""
        return await self.respond(address, {"delete_original": True})


async def say(client: AsyncWebClient, channel: str, payload: Json, thread: str | None = None) -> str | None:
    """Post into a conversation and return the message's name there; None if it was refused or is in doubt."""
    try:
        answer = await client.chat_postMessage(channel=channel, thread_ts=thread, **BARE, **payload)
    except SlackApiError as error:
        log.warning("slack.post_refused", error=error.response.get("error"))
    except (ClientError, TimeoutError, OSError) as error:
        log.warning("slack.post_lost", error=type(error).__name__)
    else:
        return str(answer["ts"])
    return None
