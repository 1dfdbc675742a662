"""People on the double: they type commands, press buttons and write messages, and see what they would see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from doubles.discord import COMPLETE, PATIENCE, PRESS, SLASH, Discord, Sent, Told, user
from doubles.discord_gateway import BOT
from doubles.discord_limits import FILE, TEXT, nested

GUILD, BOT_DM, GROUP = 0, 1, 2


@dataclass
class Person:
    """Somebody who uses the bot: in a server (`guild`) unless told otherwise, where `rights` are theirs."""

    discord: Discord
    id: str = "42"
    context: int = GUILD
    locale: str = "en-GB"
    rights: int = 0
    guild: str = "300"

    async def command(self, name: str, **options: str) -> Sent:
        """Use a slash command and wait for its answer."""
        told = await self.begin(SLASH, _command(name, options))
        return await _answer(told)

    async def complete(self, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        """Type into an option; return what is offered, labels and values."""
        data = _command(name, {option: typed})
        data["options"][0]["focused"] = True
        told = await self.begin(COMPLETE, data)
        await asyncio.wait_for(told.done.wait(), PATIENCE)
        return [(choice["name"], choice["value"]) for choice in told.choices]

    async def press(self, message: Sent, label: str) -> Sent:
        """Press a button or choose an option by its label, and wait for the answer."""
        return await _answer(await self.begin_press(message, label))

    async def begin_press(self, message: Sent, label: str) -> Told:
        """Press without waiting."""
        for part in nested(message.components):
            if part.get("label") == label:
                return await self.begin(PRESS, {"custom_id": part["custom_id"], "component_type": 2}, message)
            for option in part.get("options", ()):
                if option["label"] == label:
                    data = {"custom_id": part["custom_id"], "component_type": 3, "values": [option["value"]]}
                    return await self.begin(PRESS, data, message)
        raise AssertionError(f"{label!r} is not among {labels(message)}")

    async def press_id(self, message: Sent, custom_id: str) -> Sent:
        """Press with an id of one's own making."""
        return await _answer(await self.begin(PRESS, {"custom_id": custom_id, "component_type": 2}, message))

    async def write(self, text: str) -> Sent:
        """Write to the bot directly, and wait for what it answers."""
        channel = self.discord.dms.setdefault(self.id, f"7{self.id}")
        data = {"id": self.discord.new_id(), "channel_id": channel, "author": user(self.id), "content": text}
        await self.discord.gateway.dispatch("MESSAGE_CREATE", data | _EMPTY_MESSAGE)
        return await asyncio.wait_for(self.discord.posted_in(channel), PATIENCE)

    async def begin(self, kind: int, data: dict[str, Any], message: Sent | None = None) -> Told:
        """Begin an interaction."""
        token = f"token-{self.discord.new_id()}"
        channel = f"7{self.id}" if self.context == BOT_DM else "500"
        self.discord.told[token] = told = Told(self.id, message, channel)
        event = {
            "id": self.discord.new_id(),
            "application_id": "1",
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "locale": self.locale,
            "context": self.context,
            "attachment_size_limit": 1,
            "app_permissions": "0",
            "authorizing_integration_owners": {},
            "entitlements": [],
        } | self._where(channel)
        if message is not None:
            event["message"] = self.discord.as_json(message)
        await self.discord.gateway.dispatch("INTERACTION_CREATE", event)
        return told

    def _where(self, channel: str) -> dict[str, Any]:
        if self.context == GUILD:
            member = {"user": user(self.id), "roles": [], "permissions": str(self.rights), "flags": 0}
            member |= {"joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
            place = {"id": channel, "type": 0, "name": "general", "position": 0, "permissions": "0"}
            guild = {"id": self.guild, "locale": "en-US", "features": []}
            return {"guild_id": self.guild, "guild": guild, "channel_id": channel, "channel": place, "member": member}
        place = {"id": channel, "type": 1 if self.context == BOT_DM else 3, "recipients": [user(self.id)]}
        return {"channel_id": channel, "channel": place, "user": user(self.id)}


def server(number: str, owner: str, joined: str) -> dict[str, Any]:
    """Write a server as it comes over the gateway, with the bot in it since a moment (ISO 8601)."""
    member = {"user": BOT, "roles": [], "joined_at": joined, "deaf": False, "mute": False, "flags": 0}
    empty = ("roles", "emojis", "features", "voice_states", "channels", "threads", "presences", "stickers")
    more = {"stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": []}
    levels = dict.fromkeys(("verification_level", "default_message_notifications", "explicit_content_filter"), 0)
    levels |= dict.fromkeys(("mfa_level", "premium_tier", "nsfw_level", "system_channel_flags", "afk_timeout"), 0)
    names = {"id": number, "name": "Study", "owner_id": owner, "preferred_locale": "en-US", "member_count": 3}
    return {name: [] for name in empty} | more | levels | names | {"members": [member], "joined_at": joined}


_EMPTY_MESSAGE = {
    "timestamp": "2026-11-21T12:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "components": [],
    "pinned": False,
    "type": 0,
}


def _command(name: str, options: dict[str, str]) -> dict[str, Any]:
    given = [{"type": 3, "name": option.replace("_", "-"), "value": value} for option, value in options.items()]
    return {"id": "8", "name": name, "type": 1, "options": given}


async def _answer(told: Told) -> Sent:
    await asyncio.wait_for(told.done.wait(), PATIENCE)
    assert told.original
    return told.original


def text(message: Sent) -> str:
    """Return all text of a message, that of its files included."""
    parts = list(nested(message.components))
    files = [message.body["files"][part["file"]["url"]] for part in parts if part["type"] == FILE]
    return "\n".join([*(part["content"] for part in parts if part["type"] == TEXT), *files])


def labels(message: Sent) -> list[str]:
    """List the labels of all buttons and options of a message."""
    parts = list(nested(message.components))
    return [part["label"] for each in parts for part in (each, *each.get("options", ())) if "label" in part]
