"""Logs: one line an event, from the level that was asked for, and no words of anybody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from adapters.logs import set_up_logs

WORDS = "what somebody typed"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Return where warnings and errors are logged to."""
    to = io.StringIO()
    set_up_logs("WARNING", to)
    yield to
    structlog.reset_defaults()


def fail() -> None:
    raise ValueError(WORDS)


def test_an_event_is_one_line_with_its_level_first(lines: io.StringIO) -> None:
    structlog.get_logger().warning("pack.kept", reason="line 3:\n  not YAML", findings=["a.yaml:3:1", "b.yaml:1:1"])
    assert lines.getvalue() == (
        'level=warning event=pack.kept reason="line 3: not YAML" findings="a.yaml:3:1; b.yaml:1:1"\n'
    )


def test_what_is_below_the_level_is_not_logged(lines: io.StringIO) -> None:
    structlog.get_logger().info("pack.reloaded")
    assert lines.getvalue() == ""


def test_a_database_that_does_not_work_is_told_with_the_reason_and_without_what_was_written(
    lines: io.StringIO, tmp_path: Path
) -> None:
    file = tmp_path / "way.sqlite3"
    file.touch()
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE way AS SELECT :words AS words"), {"words": WORDS})
    except OperationalError:
        structlog.get_logger().exception("answer.failed", fault="1a2b")
    engine.dispose()
    assert 'reason="attempt to write a readonly database"' in lines.getvalue()
    assert WORDS not in lines.getvalue()


def test_an_error_is_told_by_its_type_and_place_and_not_by_its_words(lines: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("answer.failed", fault="1a2b")
    line = lines.getvalue()
    assert "error=ValueError" in line
    assert "test_logs.py" in line
    assert "fail" in line
    assert WORDS not in line
    assert line.count("\n") == 1
