"""What the doctor finds, in every state that a process can be started in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.doctor import Checked, examine, run_doctor, zones
from bot.settings import Settings
from bot.store.migrate import migrate

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start in an empty folder with a home of its own and nothing set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def found(environment: dict[str, str] | None = None) -> dict[str, Checked]:
    return {checked.what: checked async for checked in examine(TODAY, environment or {})}


async def test_a_fresh_machine_is_well_and_nothing_is_made(home: Path) -> None:
    seen = await found()
    assert all(checked.ok for checked in seen.values())
    assert list(seen) == ["settings", "database", "pack", "tzdata"]
    assert seen["settings"].said == "none is set, and none has to be"
    assert "is made when something is first kept" in seen["database"].said
    assert files(home) == []


async def test_a_database_in_use_is_named_and_its_migrations_too(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await migrate(url)
    monkeypatch.setenv("DATABASE_URL", url)
    seen = await found()
    assert all(checked.ok for checked in seen.values())
    assert seen["settings"].said == "set: DATABASE_URL"
    assert seen["database"].said.endswith(": answers")
    assert seen["migrations"].said.startswith("up to date (0")


async def test_missing_migrations_come_with_the_command(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    seen = await found()
    assert not seen["migrations"].ok
    assert seen["migrations"].said.endswith("are missing: waymark migrate")


async def test_a_database_that_does_not_answer_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ana:secret@127.0.0.1:1/way")
    seen = await found()
    assert not seen["database"].ok
    assert seen["database"].said.startswith("The database cannot be used")
    assert "DATABASE_URL" in seen["database"].said
    assert "secret" not in "".join(checked.said for checked in seen.values())
    assert seen["pack"].ok  # what does not depend on it is looked at all the same


async def test_a_file_that_cannot_be_made_is_told_before_something_is_to_be_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "letter.txt").write_text("Dear Ana")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home}/letter.txt/way.sqlite3")
    seen = await found()
    assert not seen["database"].ok
    assert "may not be written" in seen["database"].said
    assert "DATABASE_URL" in seen["database"].said


async def test_a_setting_that_cannot_be_used_is_told_and_what_depends_on_it_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "many")
    seen = await found()
    assert list(seen) == ["settings", "tzdata"]
    assert seen["settings"] == Checked(
        "settings", ok=False, said="PORT cannot be used as it is. Set it to a number from 1 to 65535, such as 8080."
    )


async def test_a_broken_pack_leads_to_the_command_that_shows_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "broken").mkdir()
    monkeypatch.setenv("WAYMARK_PACK", str(home / "broken"))
    seen = await found()
    assert not seen["pack"].ok
    assert seen["pack"].said.endswith(f"waymark check {home / 'broken'}")


@pytest.mark.parametrize(("name", "value"), [("PORT", "8080"), ("DYNO", "web.1")])
async def test_a_sqlite_file_where_a_host_runs_us_may_not_last(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "PORT":
        monkeypatch.setenv(name, value)
    seen = await found({name: value})
    assert not seen["disk"].ok
    assert "Set DATABASE_URL to a PostgreSQL database" in seen["disk"].said


@pytest.mark.parametrize(
    ("release", "today", "ok"),
    [
        ("2026.6", date(2026, 11, 21), True),
        ("2026.6", date(2027, 6, 30), True),
        ("2026.6", date(2027, 7, 1), False),
        ("2024.1", date(2026, 11, 21), False),
        (None, date(2026, 11, 21), False),
    ],
)
def test_zone_data_grows_old(release: str | None, today: date, ok: bool) -> None:  # noqa: FBT001
    checked = zones(release, today)
    assert checked.ok is ok
    assert ok or "pip install" in checked.said


async def test_each_thing_is_one_line_and_the_exit_code_tells_whether_something_is_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await run_doctor(NOW, {}) == 0
    assert [line[:2] for line in capsys.readouterr().out.splitlines()] == ["ok"] * 4
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    assert await run_doctor(NOW, {}) == 1
    assert [line[:2] for line in capsys.readouterr().out.splitlines()] == ["DO", "ok"]
