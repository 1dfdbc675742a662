"""The benchmark: all pairs in one run, in alternation, as a table of medians and ratios. `make bench` runs it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO, cast

from benchmarks.environment import peers_python
from benchmarks.start import UNWANTED, imported, process
from benchmarks.table import Pair, Timing, table

ROOT = Path(__file__).resolve().parents[1]
ASK = ("adapters", "ask", "compare ai ml salary")
PAIRS = (
    Pair("cached answer / opsdroid's empty dispatch", "cached", "opsdroid", 0.5),
    Pair("cached answer / errbot's empty dispatch", "cached", "errbot", 0.05),
    Pair("uncached answer / opsdroid's empty dispatch", "uncached", "opsdroid", 4),
    Pair("uncached answer / errbot's empty dispatch", "uncached", "errbot"),
    Pair("load a pack / CSafeLoader", "load", "yaml", 1.45),
    Pair("load and whole lint / CSafeLoader", "check", "yaml", 2),
    Pair("`waymark ask` / importing its libraries", "ask", "imports", 1.2),
)
Measure = Callable[[], Timing]


@contextmanager
def worker(python: str | Path, module: str) -> Iterator[Callable[[str, int], Measure]]:
    """Start one side's process; yield what makes a measure of an operation's name and the size of a batch."""
    command = [python, "-W", "ignore", "-m", module]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        ask, told = cast("TextIO", running.stdin), cast("TextIO", running.stdout)

        def measure(name: str, count: int) -> Timing:
            ask.write(f"{name} {count}\n")
            ask.flush()
            line = told.readline()
            if not line:
                raise RuntimeError(f"{module} ended; what it said stands above")
            return Timing(**json.loads(line))

        yield lambda name, count: lambda: measure(name, count)


def alternate(measures: Mapping[str, Measure], rounds: int) -> dict[str, list[Timing]]:
    """Measure each subject once a round, one after the other; a first round warms up and is dropped."""
    samples = [{name: measure() for name, measure in measures.items()} for _ in range(rounds + 1)][1:]
    return {name: [sample[name] for sample in samples] for name in measures}


def in_process() -> dict[str, list[Timing]]:
    """Measure answers against the peers, and the pack against the C loader, each side in a process that stays up."""
    with ExitStack() as stack:
        ours = stack.enter_context(worker(sys.executable, "benchmarks.ours"))
        answers = {"cached": ours("cached", 10_000), "uncached": ours("uncached", 20)}
        try:
            python = peers_python()
        except subprocess.CalledProcessError:
            print("The peers could not be installed, so their rows are missing.", file=sys.stderr)
        else:
            for peer, batch in (("opsdroid", 100), ("errbot", 30)):  # all batches last about as long
                answers[peer] = stack.enter_context(worker(python, f"benchmarks.peers.{peer}_empty"))("dispatch", batch)
        packs = {name: ours(name, 1) for name in ("load", "yaml", "check")}
        return {**alternate(answers, 30), **alternate(packs, 20)}


def cold() -> tuple[dict[str, list[Timing]], list[str]]:
    """Measure `waymark ask` with no store yet against the imports it makes; return also the libraries imported."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed bot does not compile itself at every start
        modules = imported(ASK, ROOT, environment)
        commands = {"ask": ("-m", *ASK), "imports": ("-c", f"import {', '.join(modules)}")}
        measures = {
            name: partial(process, [sys.executable, *command], ROOT, environment) for name, command in commands.items()
        }
        return alternate(measures, 15), sorted({name.partition(".")[0] for name in modules})


def main() -> None:
    """Measure everything and print it."""
    samples = in_process()
    started, libraries = cold()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; median (least–most)\n")
    print(table(PAIRS, {**samples, **started}))
    print(f"\n`waymark ask` imports {', '.join(libraries)}.")
    print(f"Of those not wanted: {', '.join(UNWANTED.intersection(libraries)) or 'none'}.")


if __name__ == "__main__":
    main()
