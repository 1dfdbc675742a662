"""What discord.py logs gets into our log as the bare sentence: its details hold ids, addresses and tokens."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from adapters.discord.connect import quiet_library

SECRET = "a token, an id, an address"  # noqa: S105 - of nobody
LOUD, CHATTY = "discord.http", "discord.client"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("discord", CHATTY, "discord.state")]
    before = [(each.handlers, each.level, each.propagate) for each in loggers]
    quiet_library()
    yield
    for each, (handlers, level, propagate) in zip(loggers, before, strict=True):
        each.handlers, each.propagate = handlers, propagate
        each.setLevel(level)


def test_a_warning_is_logged_without_what_was_filled_in() -> None:
    with capture_logs() as logged:
        logging.getLogger(LOUD).warning("We are being rate limited by %s", SECRET)
    assert [(each["event"], each["says"]) for each in logged] == [
        ("discord.library", "We are being rate limited by %s")
    ]
    assert SECRET not in repr(logged)


def test_an_error_is_logged_by_its_kind_alone() -> None:
    with capture_logs() as logged:
        logging.getLogger(LOUD).error("Failed to connect", exc_info=ValueError(SECRET))
    assert [each["error"] for each in logged] == ["ValueError"]
    assert SECRET not in repr(logged)


def test_what_is_no_warning_and_what_we_know_better_is_left_out() -> None:
    with capture_logs() as logged:
        logging.getLogger(LOUD).info("Got a request")
        logging.getLogger(CHATTY).warning("PyNaCl is not installed")
    assert logged == []
