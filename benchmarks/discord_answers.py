"""One INTERACTION_CREATE to the sent answer: ours against a bare discord.py command that sends the same prebuilt.

Run it with: python -m benchmarks.discord_answers. Both sides take turns in one process and talk to the same stub in
the place of HTTP, so that what differs is ours.
"""

from __future__ import annotations

import asyncio
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self

import discord

from adapters.discord.app import Listener
from adapters.discord.connect import NOBODY, Gateway
from adapters.discord.layout import Layout
from adapters.discord.shards import Shards
from adapters.process import settle
from benchmarks.table import Pair, Timing, table
from bot.app import Bot
from bot.command import Ask, command
from bot.commands import COMMANDS
from bot.pack.load import shipped_pack
from bot.reply import Reply

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
BATCH, ROUNDS = 300, 30
PAIRS = (
    Pair("cached answer / bare command", "ours", "bare", 1.35),
    Pair("cached answer with 30 commands / with 5", "ours of 30", "ours", 1.05),
)
IDLE = """
import asyncio, resource
from datetime import UTC, datetime
{}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
IMPORTS = "import discord, sqlalchemy.ext.asyncio, aiosqlite"
WHOLE = """
import tempfile
from functools import partial
from adapters.discord import run
from adapters.discord.app import Listener
from adapters.discord.connect import Gateway
from adapters.discord.shards import Shards
from adapters.process import settle
from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.store.engine import open_store
async def idle():
    async def turn(shard): pass
    bot = Bot(shipped_pack(), partial(open_store, f"sqlite:///{tempfile.mkdtemp()}/w.sqlite3"))
    client = Gateway(Shards(), turn)
    Listener(bot, lambda: datetime.now(UTC), client)
    await bot.store()
    await bot.close()
asyncio.run(idle())
"""
_ids = count(10**18)


class _Answered:
    """What the stub answers: a response without a body that matters, as soon as it is asked."""

    status = 200
    headers: dict[str, str] = {"content-type": "application/json"}  # noqa: RUF012 - read only

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def text(self, **_: object) -> str:
        return '{"interaction": {"id": "1", "type": 2}}'


class Stub:
    """In the place of aiohttp's session: takes every request, keeps the last body, counts."""

    def __init__(self) -> None:
        self.body = ""
        self.left = 0
        self.done = asyncio.Event()

    def request(self, _method: str, _url: str, *, data: str, **_: object) -> _Answered:
        """Take a request."""
        self.body = data
        self.left -= 1
        if not self.left:
            self.done.set()
        return _Answered()


def event() -> dict[str, Any]:
    """Write one use of /compare in a server, as the gateway sends it."""
    user = {"id": "42", "username": "ana", "discriminator": "0000", "avatar": None, "global_name": None}
    member = {"user": user, "roles": [], "permissions": "0", "flags": 0, "deaf": False, "mute": False}
    given = {"role": "ai-engineer", "role-2": "ml-engineer", "aspect": "salary"}
    return {
        "id": str(next(_ids)),
        "application_id": "1",
        "type": 2,
        "token": f"token-{next(_ids)}",
        "version": 1,
        "data": {
            "id": "8",
            "name": "compare",
            "type": 1,
            "options": [{"type": 3, "name": name, "value": value} for name, value in given.items()],
        },
        "locale": "en-GB",
        "context": 0,
        "attachment_size_limit": 1,
        "app_permissions": "0",
        "authorizing_integration_owners": {},
        "entitlements": [],
        "guild_id": "300",
        "guild": {"id": "300", "locale": "en-US", "features": []},
        "channel_id": "500",
        "channel": {"id": "500", "type": 0, "name": "general", "position": 0, "permissions": "0"},
        "member": member | {"joined_at": "2026-01-01T00:00:00+00:00"},
    }


async def _connected(client: discord.Client) -> Stub:
    await client._async_setup_hook()  # noqa: SLF001 - what login does before it asks the network
    bot: Any = {"id": "1", "username": "waymark", "discriminator": "0000", "avatar": None, "global_name": None}
    client._connection.user = discord.ClientUser(state=client._connection, data=bot)  # noqa: SLF001
    stub = Stub()
    client.http._HTTPClient__session = stub  # type: ignore[attr-defined] # noqa: SLF001
    return stub


async def _no_store() -> Any:  # noqa: ANN401
    raise LookupError("an answer without a learner's own things opened the store")


async def ours(extra: int) -> tuple[discord.Client, Stub]:
    """Make our client, with so many commands more than there are."""

    async def more(_: Ask) -> Reply:
        """Do nothing."""
        return Reply("more")

    async def at_once(_: int) -> None:
        return None

    others = tuple(command(more, name=f"more-{number}") for number in range(extra))
    bot = Bot(shipped_pack(), _no_store, lambda: False, {**COMMANDS, **{each.name: each for each in others}})
    client = Gateway(Shards(), at_once)
    client.event(Listener(bot, lambda: NOW, client).on_interaction)
    return client, await _connected(client)


async def bare(components: list[dict[str, Any]]) -> tuple[discord.Client, Stub]:
    """Make a client with one command, which sends what it is given."""
    client = discord.Client(intents=discord.Intents.none(), allowed_mentions=NOBODY)
    tree = discord.app_commands.CommandTree(client)
    prebuilt = Layout(components)

    @tree.command()
    @discord.app_commands.rename(role_2="role-2")
    async def compare(interaction: discord.Interaction, role: str, role_2: str, aspect: str) -> None:  # noqa: ARG001
        """Compare."""
        await interaction.response.send_message(view=prebuilt, ephemeral=True)

    return client, await _connected(client)


async def batch(client: discord.Client, stub: Stub, size: int) -> Timing:
    """Let so many commands in at once, and wait until all are answered."""
    take: Callable[[dict[str, Any]], None] = client._connection.parsers["INTERACTION_CREATE"]  # noqa: SLF001
    events = [event() for _ in range(size)]
    stub.left = size
    stub.done.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    for each in events:
        take(each)
    await stub.done.wait()
    return Timing((time.perf_counter() - wall) / size, (time.process_time() - cpu) / size)


async def measured() -> dict[str, list[Timing]]:
    """Measure all sides in turns; a first round warms up and is dropped."""
    made = {"ours": await ours(0), "ours of 30": await ours(30 - len(COMMANDS))}
    await batch(*made["ours"], 1)
    sent = json.loads(made["ours"][1].body)["data"]["components"]
    made["bare"] = await bare(sent)
    samples: dict[str, list[Timing]] = {name: [] for name in made}
    for _ in range(ROUNDS + 1):
        for name, side in made.items():
            samples[name].append(await batch(*side, BATCH))
    bodies = {json.dumps(json.loads(stub.body)["data"]["components"], sort_keys=True) for _, stub in made.values()}
    if len(bodies) != 1:
        raise RuntimeError("the sides do not send the same")
    return {name: each[1:] for name, each in samples.items()}


def megabytes(program: str) -> float:
    """Run a program and return the most memory that it had."""
    told = subprocess.run([sys.executable, "-W", "ignore", "-c", IDLE.format(program)], capture_output=True, check=True)
    return int(told.stdout) / 1024


def main() -> None:
    """Measure and print."""
    idle, imports = megabytes(WHOLE), megabytes(IMPORTS)  # first: a child's peak begins at its parent's
    settle()  # as the bot's process does once its parts are there
    samples = asyncio.run(measured())
    print(f"Python {platform.python_version()}, discord.py {discord.__version__}; median (least–most)\n")
    print(table(PAIRS, samples))
    print(f"\nMemory at idle: {idle:.0f} MB; of importing its libraries alone: {imports:.0f} MB; {idle / imports:.2f}x")


if __name__ == "__main__":
    main()
