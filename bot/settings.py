"""What is set from outside: in the environment, or in a file `.env` in the folder where the bot is started.

Imports pydantic, which costs 100 ms: import this where settings are read, nowhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from dotenv.parser import parse_stream
from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, DirectoryPath, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
SomeSettings = TypeVar("SomeSettings", bound=BaseSettings)
WHERE = SettingsConfigDict(
    env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
)


def own_database() -> SecretStr:
    """Name the SQLite file that is used where no database is set; it stands with the user's other data."""
    return SecretStr(f"sqlite:///{user_data_path('waymark', appauthor=False) / 'waymark.sqlite3'}")


def _an_address(url: SecretStr) -> SecretStr:
    """Refuse what is no address of a database that keeps anything, before anything is asked of it."""
    scheme, separator, rest = url.get_secret_value().partition("://")
    kind, place = scheme.partition("+")[0], rest.partition("?")[0].strip("/")
    in_memory = kind == "sqlite" and place in {"", ":memory:"}
    if not separator or in_memory or kind not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError
    return url


def _in_capitals(level: str) -> str:
    """Write a level as it is called; to look into `str.upper` itself would cost pydantic 4 ms at each start."""
    return level.upper()


class Settings(BaseSettings):
    """All settings. A variable is its field's name in capitals; a description completes the words "Set it to".

    `database_url` is secret, for it can hold a password; `waymark_pack` is None for the pack that is shipped.
    """

    model_config = WHERE

    database_url: Annotated[SecretStr, AfterValidator(_an_address)] = Field(
        default_factory=own_database,
        description="an address such as sqlite:///folder/waymark.sqlite3 or postgres://user:password@host/name",
    )
    waymark_pack: DirectoryPath | None = Field(
        default=None, description="the folder of a knowledge pack, or leave it out for the pack that is shipped"
    )
    port: int | None = Field(default=None, ge=1, le=65535, description="a number from 1 to 65535, such as 8080")
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="a number from 1 to 65535, such as 9090, where figures are shown"
    )
    nudges_per_second: float = Field(
        default=5, ge=0.1, le=100, description="a number from 0.1 to 100: how many nudges a lane begins in a second"
    )
    log_level: Annotated[Level, BeforeValidator(_in_capitals)] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )


def read_settings() -> Settings:
    """Read the settings that hold for all of Waymark, as `read`."""
    return read(Settings)


def read(kind: type[SomeSettings]) -> SomeSettings:
    """Read settings of one kind from the environment, and for what it leaves out from `.env`, if there is one.

    Raises SettingsError for the first setting that cannot be used. No value is repeated: it may be secret.
    """
    try:
        _check_lines()
        return kind()
    except UnicodeDecodeError:
        raise SettingsError("The file .env cannot be read as text. Save it as UTF-8.") from None
    except ValidationError as error:
        name = str(error.errors(include_input=False)[0]["loc"][0])
        wanted = kind.model_fields[name].description
        raise SettingsError(f"{name.upper()} cannot be used as it is. Set it to {wanted}.") from None


def _check_lines() -> None:
    """Refuse a line of `.env` that python-dotenv would only leave out: what it sets would not hold."""
    file = Path(".env")
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        broken = next((each.original.line for each in parse_stream(lines) if each.error), None)
    if broken:
        raise SettingsError(
            f"Line {broken} of the file .env cannot be read. Write NAME=value there; a quote that opens has to close."
        )
