"""The app's manifest for Slack, made from the declared commands. Pure; asks for no right that is not used."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from adapters.slack.web import EVENTS, REDIRECT
from bot.command import SHEET

if TYPE_CHECKING:
    from adapters.slack.names import Names
    from bot.command import Command

SCOPES = (
    "app_mentions:read",  # to answer a mention
    "chat:write",  # to answer messages, and to send nudges
    "commands",
    "im:history",  # to read what is written to the bot, and to look whether a nudge in doubt has arrived
    "users:read",  # for a person's time zone, and to know who is an admin
)
BOT_EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
_SHORT = "{}, side by side and step by step. Every fact names its source."
_LONG = (
    "Waymark helps to choose among {}, and to keep going. It compares roles, shows roadmaps with one task at a time, "
    "finds a fit by questions about what you like to do, and sends study nudges at the hour you chose. Every fact "
    "comes from a source that is named; where sources disagree or say nothing, it tells you so."
)
_SUBJECT = 70  # characters of a pack's name: Slack takes 140 in all


def manifest(commands: Mapping[str, Command], names: Names, subject: str, url: str | None = None) -> dict[str, Any]:
    """Make the manifest: for Socket Mode, or for HTTP at a public address such as `https://waymark.example.org`.

    `subject` is what the pack is about.
    """
    subject = shorten(subject, _SUBJECT, placeholder="…")
    base = url.rstrip("/") if url else None
    there = {"url": f"{base}{EVENTS}"} if base else {}
    requests = {"request_url": f"{base}{EVENTS}"} if base else {}
    redirects = {"redirect_urls": [f"{base}{REDIRECT}"]} if base else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Waymark",
            "description": _SHORT.format(subject),
            "long_description": _LONG.format(subject),
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,  # without it no nudge arrives
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Waymark", "always_online": True},
            "slash_commands": [_slash(commands[own], name, there) for own, name in names.by_command.items()],
        },
        "oauth_config": {**redirects, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": base is not None,
            "socket_mode_enabled": base is None,
            "token_rotation_enabled": False,  # it cannot be switched off again, and two replicas would race for it
        },
    }


def _slash(command: Command, name: str, there: dict[str, str]) -> dict[str, Any]:
    # A half-filled sheet is for buttons to carry, and nobody types one.
    typed = [parameter.kind.label for parameter in command.parameters if parameter.kind is not SHEET]
    hint = " ".join(f"[{label}]" for label in typed[:4])
    usage = {"usage_hint": hint} if hint else {}
    return {"command": f"/{name}", "description": command.summary, **usage, "should_escape": False, **there}
