"""A platform over real HTTP that misbehaves on demand, and writes down every call before it does anything with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Mood(StrEnum):
    """What the sink does with a call."""

    ACCEPT = "accept"
    DROP = "accept, and hang up without an answer"
    LATE = "accept, and answer when nobody waits any more"
    BREAK = "accept, and answer 500"
    LOSE = "hang up, and accept nothing"
    FAIL = "answer 500, and accept nothing"
    THROTTLE = "answer 429, and accept nothing"


ACCEPTING = frozenset({Mood.ACCEPT, Mood.DROP, Mood.LATE, Mood.BREAK})
Mooded = Callable[["Call"], Mood]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to send: whose, for which occurrence, and by which delivery."""

    delivery: int
    person: str
    key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Look:
    """One question whether a delivery has arrived, and the answer; None if the sink failed to answer."""

    delivery: int
    there: bool | None


def gracious(call: Call) -> Mood:  # noqa: ARG001
    """Accept everything."""
    return Mood.ACCEPT


@dataclass(slots=True)
class Sink:
    """The log of a platform, and how it feels about the next call; `late` is how long (seconds) it can tarry."""

    mood: Mooded = gracious
    looks_fail: Callable[[], bool] = bool
    late: float = 1.0
    log: list[tuple[Call, Mood] | Look] = field(default_factory=list)
    arrived: Counter[int] = field(default_factory=Counter)
    port: int = 0
    _runner: web.AppRunner | None = None
    _door: web.TCPSite | None = None

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Take a call, or not."""
        call = Call(**await request.json())
        mood = self.mood(call)
        self.log.append((call, mood))
        if mood in ACCEPTING:
            self.arrived[call.delivery] += 1
        match mood:
            case Mood.DROP | Mood.LOSE:
                assert request.transport
                request.transport.abort()
            case Mood.LATE:
                await asyncio.sleep(self.late)
            case Mood.THROTTLE:
                return web.Response(status=429, headers={"Retry-After": "1"})
            case Mood.BREAK | Mood.FAIL:
                return web.Response(status=500)
        return web.json_response({"ref": f"m{call.delivery}"})

    async def look(self, request: web.Request) -> web.StreamResponse:
        """Say whether a delivery has arrived."""
        delivery = int(request.match_info["delivery"])
        if self.looks_fail():
            self.log.append(Look(delivery, None))
            return web.Response(status=500)
        self.log.append(Look(delivery, self.arrived[delivery] > 0))
        return web.json_response({"there": self.arrived[delivery] > 0})

    async def open_door(self) -> None:
        """Accept connections, always at the same port; does nothing if it is open."""
        assert self._runner
        if self._door:
            return
        self._door = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._door.start()
        self.port = self._runner.addresses[0][1]

    async def close_door(self) -> None:
        """Refuse connections."""
        if self._door:
            await self._door.stop()
            self._door = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Sink]:
        """Listen on loopback while the block runs."""
        app = web.Application()
        app.router.add_post("/messages", self.send)
        app.router.add_get("/messages/{delivery}", self.look)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.open_door()
        try:
            yield self
        finally:
            await self._runner.cleanup()


def blind_repeats(log: Iterable[tuple[Call, Mood] | Look]) -> list[Call]:
    """List the calls that were made though an earlier one for the same occurrence may have arrived, by the log alone.

    A call may follow another only if that was refused (429), or if the sink said after it that nothing is there.
    """
    in_doubt: set[tuple[str, str]] = set()
    names: dict[int, tuple[str, str]] = {}
    found = []
    for entry in log:
        match entry:
            case Look(delivery, False) if delivery in names:
                in_doubt.discard(names[delivery])
            case Look():
                pass
            case (call, mood):
                name = names[call.delivery] = (call.person, call.key)
                if name in in_doubt:
                    found.append(call)
                if mood is not Mood.THROTTLE:
                    in_doubt.add(name)
    return found
