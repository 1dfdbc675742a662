"""Settings come from the environment and `.env`; a bad one is told in a sentence that repeats no value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start in an empty folder with none of our variables set; give the path of its `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path / ".env"


@pytest.mark.usefixtures("dotenv")
def test_without_any_setting_there_is_a_file_of_ones_own_and_the_shipped_pack() -> None:
    settings = read_settings()
    address = settings.database_url.get_secret_value()
    assert address.startswith("sqlite:///")
    assert address.endswith("waymark.sqlite3")
    assert (settings.waymark_pack, settings.port, settings.log_level) == (None, None, "INFO")


def test_the_file_is_read_and_the_environment_goes_before_it(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv.write_text(f"DATABASE_URL=postgres://db/way\nPORT=8080\nLOG_LEVEL=debug\nWAYMARK_PACK={dotenv.parent}\n")
    monkeypatch.setenv("PORT", "9090")
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "postgres://db/way"
    assert (settings.port, settings.log_level, settings.waymark_pack) == (9090, "DEBUG", dotenv.parent)


def test_an_empty_variable_and_one_of_somebody_else_are_passed_over(dotenv: Path) -> None:
    dotenv.write_text("PORT=\nSOMEBODY_ELSES=1\n")
    assert read_settings().port is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("PORT=eighty-secret", "PORT cannot be used as it is. Set it to a number from 1 to 65535, such as 8080."),
        ("PORT=65536", "PORT cannot be used as it is. Set it to a number from 1 to 65535, such as 8080."),
        ("LOG_LEVEL=secret", "LOG_LEVEL cannot be used as it is. Set it to DEBUG, INFO, WARNING or ERROR."),
        (
            "WAYMARK_PACK=/no/secret/folder",
            (
                "WAYMARK_PACK cannot be used as it is. "
                "Set it to the folder of a knowledge pack, or leave it out for the pack that is shipped."
            ),
        ),
    ],
)
def test_a_bad_setting_is_one_sentence_with_its_name_and_the_way_out(dotenv: Path, line: str, sentence: str) -> None:
    dotenv.write_text(line)
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert told.value.sentence == sentence


def test_a_file_that_is_no_text_is_told(dotenv: Path) -> None:
    dotenv.write_bytes("PORT=8080 # ü".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"\.env"):
        read_settings()


def test_a_password_is_not_shown_with_the_settings(dotenv: Path) -> None:
    dotenv.write_text("DATABASE_URL=postgres://ana:secret@db/way")
    assert "secret" not in f"{read_settings()!r} {read_settings()}"


def test_every_setting_says_what_to_set_it_to() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_progress_privacy_and_errors_load_neither_pydantic_nor_the_database() -> None:
    script = (
        "import sys, bot.progress, bot.privacy, bot.errors;"
        "sys.exit(any(name in sys.modules for name in ('pydantic', 'sqlalchemy', 'alembic')))"
    )
    assert subprocess.run([sys.executable, "-c", script], env=os.environ, check=False).returncode == 0


@pytest.mark.parametrize("address", ["waymark.sqlite3", "mysql://user:secret@host/name", "://", "sqlite:/x"])
def test_an_address_of_no_supported_database_is_refused_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(SettingsError, match="DATABASE_URL cannot be used as it is") as refused:
        read_settings()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+aiosqlite://"])
@pytest.mark.usefixtures("dotenv")
def test_a_database_that_would_forget_everything_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(SettingsError, match="DATABASE_URL cannot be used as it is"):
        read_settings()


@pytest.mark.parametrize("line", ['DATABASE_URL="postgres://me:hush@db/way', "PORT: 8080", "= 5"])
def test_a_line_of_the_file_that_sets_nothing_is_not_passed_over(dotenv: Path, line: str) -> None:
    dotenv.write_text(f"# ours\nLOG_LEVEL=DEBUG\n{line}\n")
    with pytest.raises(SettingsError, match=r"Line 3 of the file \.env") as refused:
        read_settings()
    assert "hush" not in str(refused.value)
