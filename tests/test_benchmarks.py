"""The benchmark measures what it says: new answers are new, rounds alternate, ratios are taken round by round."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.environment import PINS, peers_python
from benchmarks.ours import answers, new_requests
from benchmarks.run import ASK, ROOT, alternate
from benchmarks.start import UNWANTED, imported, process
from benchmarks.table import Pair, Timing, table
from bot.app import Bot
from bot.commands.compare import COMPARE
from bot.line import Understood
from bot.pack.load import shipped_pack
from bot.reading import parse
from bot.reply import Reply

if TYPE_CHECKING:
    from bot.command import Ask
    from bot.store.engine import Store

Counted = tuple[Bot, list[str]]
ALL_ROUNDS = 31 * 20  # as many new requests as one run takes


async def _no_store() -> Store:
    raise LookupError


@pytest.fixture
def counted() -> Counted:
    """Return a bot whose /compare only notes that it ran, and its notes."""
    ran: list[str] = []

    async def note(_: Ask, **__: Any) -> Reply:  # noqa: ANN401
        ran.append("compare")
        return Reply("compared")

    command = replace(COMPARE, function=note)
    return Bot(shipped_pack(), _no_store, lambda: False, {command.name: command}), ran


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Return an event loop that is not running."""
    with asyncio.Runner() as runner:
        yield runner.get_loop()


def test_a_cached_answer_runs_no_command(counted: Counted, loop: asyncio.AbstractEventLoop) -> None:
    bot, ran = counted
    cached = answers(bot, loop)["cached"](5)
    before = len(ran)
    cached()
    assert len(ran) == before == 1


def test_an_uncached_answer_runs_its_command_each_time(counted: Counted, loop: asyncio.AbstractEventLoop) -> None:
    bot, ran = counted
    operation = answers(bot, loop)["uncached"]
    before = len(ran)
    for _ in range(ALL_ROUNDS // 20):
        operation(20)()
    assert len(ran) - before == ALL_ROUNDS


def test_new_requests_differ_in_text_and_day_and_mean_the_same(counted: Counted) -> None:
    bot, _ = counted
    requests = list(islice(new_requests(), ALL_ROUNDS))
    assert len({request.text for request in requests}) == len({r.at.date() for r in requests}) == ALL_ROUNDS
    read = [parse(request.text, bot.commands, bot.vocabulary) for request in requests]
    assert len({line.call for line in read if isinstance(line, Understood)}) == 1
    assert all(isinstance(line, Understood) for line in read)


def test_a_side_answers_every_order_with_seconds_of_both_clocks() -> None:
    orders = "".join(f"{name} 1\n" for name in ("cached", "uncached", "load", "check", "yaml"))
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.ours"], cwd=ROOT, input=orders, capture_output=True, text=True, check=True
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(told) == 5
    assert all(timing["wall"] > 0 and timing["cpu"] > 0 for timing in told)


def test_rounds_alternate_and_the_first_only_warms_up() -> None:
    order: list[str] = []

    def measure(name: str) -> Timing:
        order.append(name)
        return Timing(len(order), 0)

    samples = alternate({"a": lambda: measure("a"), "b": lambda: measure("b")}, 2)
    assert order == ["a", "b"] * 3
    assert [timing.wall for timing in samples["a"]] == [3, 5]


def test_a_row_has_medians_spread_and_the_median_of_the_rounds_ratios() -> None:
    samples = {
        "ours": [Timing(1e-6, 1e-6), Timing(4e-6, 4e-6), Timing(9e-6, 9e-6)],
        "theirs": [Timing(1e-3, 2e-6), Timing(2e-3, 2e-6), Timing(9e-3, 2e-6)],
    }
    _, wall, cpu = table([Pair("answer / dispatch", "ours", "theirs", 1)], samples).splitlines()
    assert re.split(r"\s{2,}", wall) == [
        "answer / dispatch",
        "wall",
        "4 us (1–9)",
        "2 ms (1–9)",
        "0.001 (0.001–0.002)",  # the median of 1/1000, 4/2000 and 9/9000, not 4/2000
        "1",
        "yes",
    ]
    assert re.split(r"\s{2,}", cpu.strip())[3:] == ["2 (0.5–4.5)", "1", "no"]


def test_a_pair_without_an_aim_meets_none_and_one_without_samples_has_no_row() -> None:
    samples = {"ours": [Timing(1, 1)], "theirs": [Timing(1, 1)]}
    lines = table([Pair("free", "ours", "theirs"), Pair("gone", "ours", "absent", 1)], samples).splitlines()
    assert len(lines) == 3
    assert all(line.endswith("1 (1–1)") for line in lines[1:])


def test_every_peer_and_all_it_needs_is_pinned() -> None:
    pins = [line for line in PINS.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [pin for pin in pins if not re.match(r"[\w.-]+==[\w.]+", pin)] == []
    assert {"opsdroid", "errbot"} <= {pin.partition("==")[0] for pin in pins}


def test_the_peers_environment_is_kept_while_its_pins_stay(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("nothing==1\n", "utf-8")
    folder = tmp_path / "peers"
    folder.mkdir()
    (folder / "installed.txt").write_text("nothing==1\n", "utf-8")
    assert peers_python(folder, pins) == folder / "bin" / "python"
    assert [path.name for path in folder.iterdir()] == ["installed.txt"]


def test_one_answer_imports_no_platform_no_database_and_no_picture_library(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    modules = {name.partition(".")[0] for name in imported(ASK, ROOT, environment)}
    assert "yaml" in modules
    assert modules & UNWANTED == set()


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="exit code 3"):
        process([sys.executable, "-c", "raise SystemExit(3)"], ROOT, os.environ)
