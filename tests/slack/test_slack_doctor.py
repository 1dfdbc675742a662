"""What the doctor finds in Slack: each token, each right, and what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.crypt import new_key
from adapters.slack.doctor import examined
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import SlackSettings
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, Slack, playing_slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with playing_slack() as played:
        yield played


async def found(slack: Slack, **settings: str) -> dict[str, tuple[bool, str]]:
    given = {"slack_signing_secret": SECRET, "slack_api_url": slack.address, **settings}
    return {what: (ok, said) async for what, ok, said in examined(SlackSettings(**given))}


async def test_all_is_well_where_both_tokens_and_all_rights_are_there(slack: Slack) -> None:
    told = await found(slack, slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN)
    assert {what: ok for what, (ok, _) in told.items()} == dict.fromkeys(
        ("slack", "token", "scopes", "socket", "messages"), True
    )
    assert told["token"][1] == "it is waymark in X"


async def test_each_missing_right_is_named(slack: Slack) -> None:
    slack.scopes = "commands,chat:write"
    told = await found(slack, slack_bot_token=BOT_TOKEN)
    missing = ", ".join(scope for scope in SCOPES if scope not in {"commands", "chat:write"})
    assert told["scopes"] == (False, f"missing: {missing}; add them in OAuth & Permissions, and install again")


async def test_tokens_that_slack_does_not_take_are_told_apart(slack: Slack) -> None:
    told = await found(slack, slack_bot_token="xoxb-old", slack_app_token="xapp-old")  # noqa: S106 - of nobody
    assert "SLACK_BOT_TOKEN (invalid_auth)" in told["token"][1]
    assert "SLACK_APP_TOKEN (invalid_auth)" in told["socket"][1]
    assert not told["token"][0]
    assert not told["socket"][0]


async def test_what_is_missing_for_many_workspaces_is_told(slack: Slack) -> None:
    many = {"slack_client_id": "1.2", "slack_client_secret": "a-client-secret"}
    assert "WAYMARK_SECRET_KEY is missing" in (await found(slack, **many))["slack"][1]
    assert "WAYMARK_SECRET_KEY is no key" in (await found(slack, **many, waymark_secret_key="x"))["slack"][1]  # noqa: S106
    assert (await found(slack, **many, waymark_secret_key=new_key()))["slack"][0]
