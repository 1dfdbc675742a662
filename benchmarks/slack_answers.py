"""A signed /compare over HTTP: our whole answer beside Bolt's quick start, on the same server in the same run.

`python -m benchmarks.slack_answers`. The quick start is AsyncApp as its documentation has it, with five commands and a
fixed payload of the same bytes as our answer. CPU is the server's alone, from /proc.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
import uvloop
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.limit import Limit
from adapters.slack.run import Assembly, assembled
from adapters.slack.web import Web, serve
from benchmarks.table import Pair, Timing, table
from bot.command import Command, command
from tests.doubles.slack import BOT_TOKEN, SECRET, Slack, playing_slack, signed
from tests.doubles.slack_bench import AT, settings_for

ROOT = Path(__file__).resolve().parents[1]
FORM = "application/x-www-form-urlencoded"
BODY = "command=%2Fcompare&text=ai+ml+salary+india&team_id=T1&user_id=U1&channel_id=C1&response_url=http%3A%2F%2Fx"
WARM, ONE_BY_ONE, AT_ONCE, ROUNDS = 200, 500, 2000, 5
IN_PROCESS, EXTRA = 2000, 30
TICK = os.sysconf("SC_CLK_TCK")
_IMPORTS = "import slack_bolt.app.async_app, sqlalchemy.ext.asyncio, time"


class Endless(Limit):
    """Nobody asks too much in a benchmark."""

    def allows(self, whose: str, at: object) -> bool:  # noqa: ARG002
        """Allow it."""
        return True


@asynccontextmanager
async def ours(api: str, extra: int = 0) -> AsyncIterator[Assembly]:
    """Put our bot together; with further commands, if asked."""
    with tempfile.TemporaryDirectory() as folder:
        settings, chosen = settings_for(Slack(address=api), Path(folder))
        async with assembled(settings, chosen, lambda: AT) as assembly:
            object.__setattr__(assembly.listener, "limit", Endless())
            more: dict[str, Command] = {}
            for number in range(extra):
                more[f"more{number}"] = command(assembly.bot.commands["compare"].function, name=f"more{number}")
            assembly.bot.commands = {**assembly.bot.commands, **more}
            yield assembly


def quick_start(api: str, payload: dict[str, Any]) -> AsyncApp:
    """Make Bolt's quick start, with five commands that answer with one payload."""
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=api), signing_secret=SECRET)

    async def answer(ack: Callable[..., Awaitable[object]]) -> None:
        await ack(payload)

    for name in ("roadmap", "fit", "nudge", "waymark", "compare"):
        app.command(f"/{name}")(answer)
    return app


def echo(api: str, body: str) -> AsyncApp:
    """Make the least that Bolt can be: it waits for one listener, which returns the same bytes."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=api)
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    async def answer() -> BoltResponse:
        return BoltResponse(status=200, body=body, headers={"content-type": ["application/json"]})

    app.command("/compare")(answer)
    return app


def request() -> AsyncBoltRequest:
    """Make the request that Slack would send now."""
    return AsyncBoltRequest(body=BODY, headers={"content-type": FORM, **signed(BODY)})


async def payload_of(api: str) -> str:
    """Return our answer, as its bytes."""
    async with ours(api) as assembly:
        return str((await assembly.app.async_dispatch(request())).body)


async def run_server(side: str, port: int, api: str) -> None:
    """Serve one side until the process is ended."""
    listening = socket.create_server(("127.0.0.1", port))
    if side == "ours":
        async with ours(api) as assembly:
            await serve(Web(assembly.app, assembly.desk.drain), listening, asyncio.Event())
    else:
        import json  # noqa: PLC0415 - the other side has no need of it

        app = AsyncSlackRequestHandler(quick_start(api, json.loads(await payload_of(api))))
        await serve(app, listening, asyncio.Event())  # type: ignore[arg-type]


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Side:
    """One server process, and what its requests took."""

    def __init__(self, name: str, api: str, session: aiohttp.ClientSession) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.name, self.api, self.session = name, api, session
        self.one: list[float] = []
        self.rates: list[float] = []
        self.cpu: list[float] = []

    async def start(self) -> None:
        """Start it, and warm it up."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "benchmarks.slack_answers",
            self.name,
            str(self.port),
            self.api,
            cwd=ROOT,
        )
        while True:
            try:
                await self.ask()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
            else:
                break
        for _ in range(WARM):
            await self.ask()

    async def ask(self) -> float:
        """Ask once, and return the seconds that it took."""
        begin = time.perf_counter()
        headers = {"content-type": FORM, **signed(BODY)}
        async with self.session.post(f"http://127.0.0.1:{self.port}/slack/events", data=BODY, headers=headers) as told:
            text = await told.text()
        if told.status != 200 or "Pay" not in text:
            raise RuntimeError(f"{self.name} answered {told.status}")
        return time.perf_counter() - begin

    async def round(self) -> None:
        """Ask one by one for the time that a person waits; then sixteen at once for CPU and rate."""
        self.one += [await self.ask() for _ in range(ONE_BY_ONE)]
        cpu, begin = cpu_of(self.process.pid), time.perf_counter()

        async def some() -> None:
            for _ in range(AT_ONCE // 16):
                await self.ask()

        await asyncio.gather(*(some() for _ in range(16)))
        self.rates.append(AT_ONCE / (time.perf_counter() - begin))
        self.cpu.append((cpu_of(self.process.pid) - cpu) / AT_ONCE)

    def told(self) -> str:
        """Say what it took."""
        cuts = quantiles(self.one, n=100)
        return (
            f"{self.name:12} p50 {cuts[49] * 1e3:7.2f} ms   p99 {cuts[98] * 1e3:7.2f} ms   "
            f"{median(self.rates):7.0f} requests/s   CPU {median(self.cpu) * 1e6:6.0f} us a request"
        )


async def over_http(api: str) -> None:
    """Measure both sides in alternation, and print what they took."""
    async with aiohttp.ClientSession() as session:
        mine, theirs = Side("ours", api, session), Side("quickstart", api, session)
        for side in (mine, theirs):
            await side.start()
        for _ in range(ROUNDS):
            for side in (mine, theirs):
                await side.round()
        for side in (mine, theirs):
            side.process.terminate()
            await side.process.wait()
            print(side.told())
    cpu = median(one / other for one, other in zip(mine.cpu, theirs.cpu, strict=True))
    faster = median(theirs.one) / median(mine.one)
    print(f"CPU: {cpu:.2f}x of the quick start (aim 0.85); p50: 1/{faster:.1f} of it (aim 1/20)")


async def memory(api: str) -> None:
    """Print what an idle `waymark slack` holds, beside a process that has only imported slack-bolt and SQLAlchemy."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ,
            "HOME": folder,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder}/waymark.sqlite3",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": api,
            "PORT": str(port),
        }

        async def begun(*arguments: str) -> Process:
            return await asyncio.create_subprocess_exec(
                sys.executable, *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=DEVNULL
            )

        await (await begun("-m", "adapters", "migrate")).wait()  # as after the first start, which loads Alembic
        ours, bare = (
            await begun("-m", "adapters", "slack"),
            await begun("-c", f"{_IMPORTS}; print(flush=True); time.sleep(60)"),
        )
        await _answers(f"http://127.0.0.1:{port}/healthz")
        if bare.stdout:
            await bare.stdout.readline()
        held, least = resident(ours.pid), resident(bare.pid)
        for process in (ours, bare):
            process.terminate()
            await process.wait()
    for name, mine in held.items():
        ratio = f"{mine / least[name]:.2f}x of the bare imports' {least[name]:.0f} MB (aim 1.5)"
        print(f"memory: {name} {mine:.0f} MB, {ratio}")
    print()


async def _answers(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(address) as told:
                    told.raise_for_status()
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


def resident(pid: int) -> dict[str, float]:
    """Return the megabytes that a process holds in memory: all, and what it shares with no other process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    held = {name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines)}
    return {"RSS": held["Rss"], "USS": held["Private_Clean"] + held["Private_Dirty"]}


async def timed(app: AsyncApp) -> Timing:
    """Measure many requests in this process."""
    requests = [request() for _ in range(IN_PROCESS)]
    wall, cpu = time.perf_counter(), time.process_time()
    for each in requests:
        await app.async_dispatch(each)
    return Timing((time.perf_counter() - wall) / IN_PROCESS, (time.process_time() - cpu) / IN_PROCESS)


async def in_process(api: str) -> None:
    """Measure without a server, and print it."""
    body = await payload_of(api)
    async with ours(api) as few, ours(api, EXTRA) as many:
        apps = {"ours": few.app, "ours with 30 more": many.app, "echo": echo(api, body)}
        samples: dict[str, list[Timing]] = {name: [] for name in apps}
        for number in range(ROUNDS + 1):
            for name, app in apps.items():
                sample = await timed(app)
                if number:
                    samples[name].append(sample)
    pairs = (
        Pair("cached answer / bare Bolt echo of its bytes", "ours", "echo", 1.25),
        Pair("with 30 more commands / without", "ours with 30 more", "ours", 1.05),
    )
    print(table(pairs, samples))


async def main() -> None:
    """Measure everything and print it."""
    async with playing_slack() as slack:
        await over_http(slack.address)
        await memory(slack.address)
        await in_process(slack.address)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_server(sys.argv[1], int(sys.argv[2]), sys.argv[3]) if len(sys.argv) > 1 else main())
