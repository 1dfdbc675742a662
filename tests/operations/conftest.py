"""Workers as processes of their own, and learners whose nudges are due."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.model import Delivery
from bot.request import Learner
from bot.store.engine import open_store
from bot.store.migrate import migrate

ROOT = Path(__file__).parents[2]
NUDGE = re.compile(r"^Takes: ", re.MULTILINE)  # stands once in every nudge
PATIENCE = 60.0  # seconds that a loaded machine may take for what takes one


@dataclass
class Process:
    """A running command, with all that it has said so far; `news` comes of all that run in one test."""

    popen: subprocess.Popen[str]
    news: threading.Condition
    said: list[str] = field(default_factory=list)
    silent: bool = False  # it has closed its output

    def listen(self) -> None:
        """Take in what is said, until it ends."""
        assert self.popen.stdout
        for line in self.popen.stdout:
            with self.news:
                self.said.append(line)
                self.news.notify_all()
        with self.news:
            self.silent = True
            self.news.notify_all()

    @property
    def text(self) -> str:
        return "".join(self.said)

    def nudges(self) -> int:
        """Count the nudges that it has shown."""
        return len(NUDGE.findall(self.text))

    def wait_until(self, ready: Callable[[Process], bool]) -> None:
        with self.news:
            self.news.wait_for(lambda: self.silent or ready(self), PATIENCE)
            assert ready(self), self.text

    def end(self, number: int | None = None) -> int:
        """Send a signal, if there is one; wait for the end and the last word, and return the exit code."""
        if number is not None:
            self.popen.send_signal(number)
        self.wait_until(lambda process: process.silent)
        return self.popen.wait(PATIENCE)


Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts a command of `waymark`; both its outputs are taken in together."""
    started: list[tuple[Process, threading.Thread]] = []
    news = threading.Condition()

    def run(*arguments: str, **settings: str) -> Process:
        popen = subprocess.Popen(
            (sys.executable, "-m", "adapters", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "PYTHONWARNINGS": "error",
                "HOME": str(tmp_path),
                "LANG": "C.UTF-8",
                **settings,
            },
        )
        process = Process(popen, news)
        listening = threading.Thread(target=process.listen)
        listening.start()
        started.append((process, listening))
        return process

    yield run
    for process, listening in started:
        process.popen.send_signal(signal.SIGKILL)
        process.popen.wait()
        listening.join()
        assert process.popen.stdout
        process.popen.stdout.close()


@pytest.fixture
def due() -> Callable[[str, int], Awaitable[None]]:
    """Return what makes so many learners at the terminal, each with a nudge that is due now."""

    async def make(url: str, number: int) -> None:
        await migrate(url)
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=5)
        rule = Rule(frozenset({at.weekday()}), at.time(), "UTC")
        async with aclosing(await open_store(url)) as store:
            for person in range(number):
                learner = await store.learners.ensure(Learner("terminal", str(person)), at - timedelta(days=1))
                await store.learners.set_roadmap(learner.id, "ai-engineer")
                await store.rules.set(learner, rule, Occurrence(at.date(), at), at)

    return make


@pytest.fixture
def became() -> Callable[..., Awaitable[list[Delivery]]]:
    """Return what lists all that became of the learners' nudges, and sees to it that no worker holds their lane."""

    async def read(url: str, *, held: bool = False) -> list[Delivery]:
        async with aclosing(await open_store(url)) as store:
            lane = await store.lanes.find("terminal")
            assert lane
            assert (lane.held_until is not None) is held
            deliveries: list[Delivery] = []
            person = 0
            while learner := await store.learners.find(Learner("terminal", str(person))):
                deliveries += await store.deliveries.of(learner.id, 10)
                person += 1
            return deliveries

    return read
