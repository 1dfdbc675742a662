"""Workers as processes of their own: real signals, real ports, one on SQLite and any number on PostgreSQL."""

from __future__ import annotations

import re
import signal
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.nudges.model import Delivery, DeliveryState
from bot.store.migrate import migrate

SENT = DeliveryState.SENT
Start = Callable[..., Any]
Due = Callable[[str, int], Awaitable[None]]
Became = Callable[..., Awaitable[list[Delivery]]]

READY = re.compile("worker.started")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_in_the_middle_of_a_sweep_ends_it_cleanly_and_the_next_worker_goes_on(
    sqlite_url: str, start: Start, due: Due, became: Became, number: int
) -> None:
    await due(sqlite_url, 20)
    first = start("nudges", DATABASE_URL=sqlite_url, NUDGES_PER_SECOND="10")
    first.wait_until(lambda process: process.nudges() >= 2)
    assert first.end(number) == 0
    states = Counter(delivery.state for delivery in await became(sqlite_url))
    assert states[SENT] == first.nudges() < 20
    assert set(states) <= {SENT, DeliveryState.PENDING}
    second = start("nudges", DATABASE_URL=sqlite_url, NUDGES_PER_SECOND="100")
    second.wait_until(lambda process: process.nudges() >= 20 - first.nudges())
    assert second.end(signal.SIGTERM) == 0
    assert first.nudges() + second.nudges() == 20
    assert [delivery.state for delivery in await became(sqlite_url)] == [SENT] * 20


async def test_a_killed_worker_blocks_nobody_and_nothing_is_sent_twice(
    sqlite_url: str, start: Start, due: Due, became: Became
) -> None:
    await due(sqlite_url, 20)
    first = start("nudges", DATABASE_URL=sqlite_url, NUDGES_PER_SECOND="10")
    first.wait_until(lambda process: process.nudges() >= 2)
    first.end(signal.SIGKILL)
    begun = [delivery for delivery in await became(sqlite_url, held=True) if delivery.attempt]
    second = start("run", DATABASE_URL=sqlite_url, NUDGES_PER_SECOND="100")
    second.wait_until(lambda process: process.nudges() >= 20 - len(begun))
    assert second.end(signal.SIGTERM) == 0
    states = Counter(delivery.state for delivery in await became(sqlite_url))
    assert states[SENT] + states[DeliveryState.UNCLEAR] == 20
    assert states[DeliveryState.UNCLEAR] <= 1
    assert first.nudges() + second.nudges() <= 20


async def test_a_second_worker_on_sqlite_is_refused_in_a_sentence_and_the_first_goes_on(
    sqlite_url: str, start: Start, due: Due
) -> None:
    await due(sqlite_url, 1)
    first = start("nudges", DATABASE_URL=sqlite_url)
    first.wait_until(lambda process: process.nudges() == 1)
    second = start("run", DATABASE_URL=sqlite_url)
    assert second.end() == 2
    assert second.text.startswith("waymark: Another process sends the nudges of this SQLite file already")
    assert first.end(signal.SIGTERM) == 0


async def test_two_workers_share_the_work_on_postgresql(
    postgres_url: str, start: Start, due: Due, became: Became
) -> None:
    await due(postgres_url, 12)
    workers = [start("nudges", DATABASE_URL=postgres_url, NUDGES_PER_SECOND="5") for _ in range(2)]
    for worker in workers:
        worker.wait_until(lambda process: READY.search(process.text) is not None)
    workers[0].wait_until(lambda _: sum(worker.nudges() for worker in workers) >= 3)
    busy = max(workers, key=lambda worker: worker.nudges())
    assert busy.end(signal.SIGTERM) == 0  # its lane is free at once for the other
    (other,) = [worker for worker in workers if worker is not busy]
    other.wait_until(lambda process: busy.nudges() + process.nudges() >= 12)
    assert other.end(signal.SIGTERM) == 0
    assert busy.nudges() + other.nudges() == 12
    assert [delivery.state for delivery in await became(postgres_url)] == [SENT] * 12


async def test_a_worker_shows_health_and_figures_on_the_port_that_is_set(
    sqlite_url: str, start: Start, due: Due
) -> None:
    await due(sqlite_url, 3)
    port = free_port()
    worker = start("run", DATABASE_URL=sqlite_url, PORT=str(port), NUDGES_PER_SECOND="100")
    worker.wait_until(lambda process: process.nudges() == 3)
    assert page(port, "healthz") == "ok\n"
    families = {family.name: family for family in text_string_to_metric_families(page(port, "metrics"))}
    assert families["waymark_nudges_due"].samples[0].value == 0
    assert worker.end(signal.SIGTERM) == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(sqlite_url: str, start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        worker = start("run", DATABASE_URL=sqlite_url, PORT=str(taken.getsockname()[1]))
        assert worker.end() == 2
    assert "waymark: PORT cannot be used: Address already in use. Set it to a port that is free." in worker.text


def test_a_port_for_figures_that_is_taken_is_told_by_its_own_name(sqlite_url: str, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        worker = start("nudges", DATABASE_URL=sqlite_url, METRICS_PORT=str(taken.getsockname()[1]))
        assert worker.end() == 2
    assert "waymark: METRICS_PORT cannot be used: Address already in use." in worker.text


def test_a_worker_without_anything_to_do_waits_and_ends_when_told(sqlite_url: str, start: Start) -> None:
    worker = start("nudges", DATABASE_URL=sqlite_url)
    worker.wait_until(lambda process: READY.search(process.text) is not None)
    assert worker.end(signal.SIGTERM) == 0
    assert "Traceback" not in worker.text


async def test_a_file_for_reading_only_is_told_in_a_sentence(sqlite_url: str, start: Start) -> None:
    await migrate(sqlite_url)
    worker = start("nudges", DATABASE_URL=f"{sqlite_url.replace('sqlite:///', 'sqlite:///file:')}?mode=ro&uri=true")
    assert worker.end() == 2
    assert worker.text == (
        "waymark: The database cannot be used: attempt to write a readonly database. "
        "Mend that, or set DATABASE_URL to another one.\n"
    )


def test_a_database_that_waits_for_its_migrations_is_told_with_the_command(postgres_url: str, start: Start) -> None:
    worker = start("nudges", DATABASE_URL=postgres_url)
    assert worker.end() == 2
    assert worker.text.endswith("Run: waymark migrate\n")


@pytest.mark.parametrize(
    ("time", "sentence"),
    [
        ("yesterday", "yesterday is no time. Write it as 2026-11-23T09:00Z"),
        ("2026-11-23", "2026-11-23 needs its zone. For UTC write 2026-11-23T00:00Z"),
        ("2026-11-23T09:00", "2026-11-23T09:00 needs its zone. For UTC write 2026-11-23T09:00Z"),
    ],
)
def test_a_time_that_is_in_doubt_is_asked_back(time: str, sentence: str, sqlite_url: str, start: Start) -> None:
    asked = start("nudges", "--assume-sent-until", time, DATABASE_URL=sqlite_url)
    assert asked.end() == 2
    assert sentence in asked.text


async def test_after_a_restored_backup_one_command_records_what_was_due(
    sqlite_url: str, start: Start, due: Due, became: Became
) -> None:
    await due(sqlite_url, 3)
    told = start("nudges", "--assume-sent-until", "2100-01-01T00:00Z", DATABASE_URL=sqlite_url)
    assert told.end() == 1  # it would take away what is still to come
    for count in (3, 0):
        told = start("nudges", "--assume-sent-until", now(), DATABASE_URL=sqlite_url)
        assert told.end() == 0
        assert f"Assumed to be sent: {count}." in told.text
    assert [delivery.state for delivery in await became(sqlite_url)] == [DeliveryState.ASSUMED] * 3


def page(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
        text: str = answer.read().decode()
        return text


def now() -> str:
    return datetime.now(UTC).isoformat()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
