"""The manifest: what Slack's own schema takes, with the commands as they are declared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.slack.manifest import SCOPES, manifest
from adapters.slack.names import names
from bot.commands import COMMANDS

URL = "https://waymark.example.org/"


@pytest.fixture(scope="module")
def schema() -> Any:  # noqa: ANN401 - JSON
    folder = os.environ.get("WAYMARK_CONTRACTS")
    if not folder:
        pytest.skip("WAYMARK_CONTRACTS names no folder with the official schemas")
    return json.loads((Path(folder) / "slack-manifest.schema.json").read_text())


@pytest.mark.parametrize("url", [None, URL])
@pytest.mark.parametrize("prefix", ["", "wm-"])
def test_the_manifest_is_valid_by_slacks_own_schema(schema: Any, url: str | None, prefix: str) -> None:  # noqa: ANN401
    made = manifest(COMMANDS, names(COMMANDS, prefix), "AI careers", url)
    jsonschema.Draft7Validator(schema).validate(made)


def test_every_command_is_there_by_its_name_and_first_line() -> None:
    commands = manifest(COMMANDS, names(COMMANDS, "wm-"), "AI careers")["features"]["slash_commands"]
    assert [(each["command"], each["description"]) for each in commands] == [
        (f"/wm-{command.name}", command.summary) for command in COMMANDS.values()
    ]


def test_a_hint_tells_what_people_type_and_not_what_only_buttons_carry() -> None:
    commands = manifest(COMMANDS, names(COMMANDS), "AI careers")["features"]["slash_commands"]
    hints = {each["command"]: each.get("usage_hint") for each in commands}
    assert hints["/compare"] == "[a role] [an aspect] [a region] [a level]"
    assert hints["/fit"] is None


def test_over_http_every_request_comes_to_one_address_and_socket_mode_is_off() -> None:
    made = manifest(COMMANDS, names(COMMANDS), "AI careers", URL)
    address = "https://waymark.example.org/slack/events"
    assert {each["url"] for each in made["features"]["slash_commands"]} == {address}
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["oauth_config"]["redirect_urls"] == ["https://waymark.example.org/slack/oauth_redirect"]
    assert made["settings"]["socket_mode_enabled"] is False


def test_socket_mode_needs_no_address_at_all() -> None:
    made = manifest(COMMANDS, names(COMMANDS), "AI careers")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)


def test_direct_messages_are_on_and_no_right_is_asked_for_without_a_use() -> None:
    made = manifest(COMMANDS, names(COMMANDS), "AI careers")
    assert made["features"]["app_home"]["messages_tab_enabled"] is True
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert len(SCOPES) == 5
