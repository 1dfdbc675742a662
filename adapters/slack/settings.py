"""What is set for Slack, and which of its ways in that makes: Socket Mode, HTTP for one workspace, or for many."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.errors import SettingsError
from bot.settings import WHERE, read


class Way(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    ONE = "one workspace over HTTP"
    MANY = "many workspaces over HTTP"


def _begins(prefix: str) -> AfterValidator:
    """Refuse a token of another kind, which people paste in each other's place."""

    def begins(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(prefix):
            raise ValueError
        return token

    return AfterValidator(begins)


class SlackSettings(BaseSettings):
    """The settings of the Slack adapter; a variable is its field's name in capitals."""

    model_config = WHERE

    slack_bot_token: Annotated[SecretStr, _begins("xoxb-")] | None = Field(
        default=None, description="the bot token, which begins with xoxb- (OAuth & Permissions)"
    )
    slack_app_token: Annotated[SecretStr, _begins("xapp-")] | None = Field(
        default=None, description="an app-level token, which begins with xapp- (Basic Information)"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, min_length=8, description="the app's signing secret (Basic Information)"
    )
    slack_client_id: str | None = Field(default=None, description="the app's client id (Basic Information)")
    slack_client_secret: SecretStr | None = Field(
        default=None, min_length=8, description="the app's client secret (Basic Information)"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        pattern="^https?://.+/api/$",
        description="the address of Slack's Web API, which ends in /api/, such as https://slack-gov.com/api/",
    )
    slack_command_prefix: str = Field(default="", description="what all commands begin with, such as wm-")
    slack_command_names: str = Field(
        default="", description="other names for some commands, such as compare=careers fit=my-fit"
    )
    waymark_secret_key: SecretStr | None = Field(
        default=None,
        description="the key that Slack's tokens are kept under; make one with: waymark slack key. "
        "To change it, give two with a comma between them: the first seals, both open; docs/slack.md has the steps",
    )

    @property
    def is_there(self) -> bool:
        """Whether Slack is configured at all."""
        return bool(self.slack_bot_token or self.slack_app_token or self.slack_client_id)

    def way(self) -> Way:
        """Say how Slack reaches the bot by what is set; raises SettingsError for what is missing."""
        if self.slack_app_token:
            _need("SLACK_BOT_TOKEN", self.slack_bot_token, "the bot token, which begins with xoxb-")
            return Way.SOCKET
        if not self.is_there:
            raise SettingsError(
                "Slack needs SLACK_BOT_TOKEN, with SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET for HTTP; "
                "or SLACK_CLIENT_ID for many workspaces. docs/slack.md shows where each is found."
            )
        _need("SLACK_SIGNING_SECRET", self.slack_signing_secret, "the app's signing secret (Basic Information)")
        if self.slack_bot_token:
            return Way.ONE
        _need("SLACK_CLIENT_SECRET", self.slack_client_secret, "the app's client secret (Basic Information)")
        _need("WAYMARK_SECRET_KEY", self.waymark_secret_key, "a key that you make with: waymark slack key")
        return Way.MANY


def slack_settings() -> SlackSettings:
    """Read the settings of the Slack adapter; raises SettingsError for the first that cannot be used."""
    return read(SlackSettings)


def _need(name: str, value: SecretStr | None, what: str) -> None:
    if value is None:
        raise SettingsError(f"{name} is missing. Set it to {what}.")
