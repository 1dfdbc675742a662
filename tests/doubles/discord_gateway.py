"""Discord's gateway as discord.py meets it: hello, identify, heartbeats, resume, and events in a zlib stream.

An event goes to every session that has its shard, as theirs does: two processes on one shard both get it.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
WRONG_TOKEN, WRONG_SHARD = 4004, 4010
LEFT = {1000, 1001}  # how a client closes that will not come back to its session
BOT = {"id": "1", "username": "waymark", "discriminator": "0000", "avatar": None, "bot": True, "global_name": None}


@dataclass
class Session:
    """What one shard's session was sent, so that it can be resumed."""

    id: str
    shard: tuple[int, int]
    events: list[dict[str, Any]] = field(default_factory=list)
    socket: Socket | None = None


@dataclass
class Socket:
    """One connection: what is sent goes through its own compressor, as Discord does it.

    `is_cut` where the platform closed it: what the client says to that does not end its session.
    """

    web: web.WebSocketResponse
    is_cut: bool = False
    packer: Any = field(default_factory=zlib.compressobj)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send a payload in two pieces: what belongs together is told by the end of the stream's part alone."""
        packed = self.packer.compress(json.dumps(payload).encode()) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        await self.web.send_bytes(packed[:-4])
        await self.web.send_bytes(packed[-4:])


@dataclass
class Gateway:
    """All sessions of a bot; `token` is the only one that is let in.

    Of the shards that share a remainder by `at_once`, one may identify in `apart` seconds; who comes earlier is refused
    and noted in `hurried`. Theirs are 5 seconds.
    """

    token: str
    url: Callable[[], str]
    sessions: dict[str, Session] = field(default_factory=dict)
    identified: list[tuple[int, int]] = field(default_factory=list)
    at_once: int = 1
    apart: float = 0.0
    hurried: list[tuple[int, int]] = field(default_factory=list)
    heard: dict[int, float] = field(default_factory=dict)
    resumed: list[str] = field(default_factory=list)
    intents: list[int] = field(default_factory=list)
    beats: list[int | None] = field(default_factory=list)
    beat_every: int = 41250  # milliseconds
    is_mute: bool = False
    refuse_resume: bool = False
    guilds: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _ids: Iterator[int] = field(default_factory=count)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one client until it leaves."""
        assert request.query["compress"] == "zlib-stream"
        socket = Socket(web.WebSocketResponse())
        await socket.web.prepare(request)
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": self.beat_every}})
        async for message in socket.web:
            if message.type is WSMsgType.TEXT:
                await self._take(socket, json.loads(message.data))
        if socket.web.close_code in LEFT and not socket.is_cut:
            self._end(socket)
            async with self.came:
                self.came.notify_all()
        return socket.web

    def _end(self, socket: Socket) -> None:
        """Forget the session of a connection."""
        self.sessions = {name: each for name, each in self.sessions.items() if each.socket is not socket}

    async def _take(self, socket: Socket, payload: dict[str, Any]) -> None:
        match payload["op"]:
            case 1:
                await self._beat(socket, payload["d"])
            case 2:
                await self._identify(socket, payload["d"])
            case 6:
                await self._resume(socket, payload["d"])

    async def _beat(self, socket: Socket, sequence: int | None) -> None:
        """Acknowledge a heartbeat, unless nothing is said any more: the connection is dead then, and open."""
        if not self.is_mute:
            await socket.send({"op": ACK})
        async with self.came:
            self.beats.append(sequence)
            self.came.notify_all()

    async def _identify(self, socket: Socket, told: dict[str, Any]) -> None:
        number, among = shard = tuple(told.get("shard", (0, 1)))
        if told["token"] != self.token or number >= among:
            await socket.web.close(code=WRONG_TOKEN if told["token"] != self.token else WRONG_SHARD)
            return
        if not self._may_begin(number):
            self.hurried.append(shard)
            await socket.send({"op": INVALID, "d": False})
            return
        session = Session(f"session-{next(self._ids)}", shard, socket=socket)
        self.sessions[session.id] = session
        self.intents.append(told["intents"])
        guilds = [guild for guild in self.guilds if shard_of("GUILD_CREATE", guild, among) == number]
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url(),
            "shard": list(shard),
            "application": {"id": "1", "flags": 0},
        }
        await self._dispatch(session, "READY", ready)
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", guild | {"unavailable": False})
        async with self.came:
            self.identified.append(shard)
            self.came.notify_all()

    def _may_begin(self, shard: int) -> bool:
        """Say whether a shard's turn to identify has come, by what came before."""
        now, before = time.monotonic(), self.heard.get(shard % self.at_once)
        if before is not None and now - before < self.apart:
            return False
        self.heard[shard % self.at_once] = now
        return True

    async def _resume(self, socket: Socket, told: dict[str, Any]) -> None:
        self.is_mute = False
        session = self.sessions.get(told["session_id"])
        if session is None or self.refuse_resume:
            self.refuse_resume = False
            self.sessions.pop(told["session_id"], None)
            await socket.send({"op": INVALID, "d": False})
            return
        session.socket = socket
        for event in session.events[told["seq"] :]:
            await socket.send(event)
        await self._dispatch(session, "RESUMED", {})
        async with self.came:
            self.resumed.append(session.id)
            self.came.notify_all()

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        """Send an event to who has its shard; if they are away just now, it comes with the resume."""
        sessions = [each for each in self.sessions.values() if shard_of(name, data, each.shard[1]) == each.shard[0]]
        assert sessions, f"nobody has the shard of {name}"
        for session in sessions:
            await self._dispatch(session, name, data)

    async def _dispatch(self, session: Session, name: str, data: dict[str, Any]) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        if session.socket and not session.socket.web.closed:
            await session.socket.send(event)

    async def join(self, guild: dict[str, Any]) -> None:
        """Have the bot added to a server; every new session hears of it from then on."""
        self.guilds.append(guild)
        await self.dispatch("GUILD_CREATE", guild)

    async def leave(self, guild: dict[str, Any]) -> None:
        """Have the bot thrown out of a server."""
        self.guilds.remove(guild)
        await self.dispatch("GUILD_DELETE", {"id": guild["id"]})

    async def wait_identified(self, count: int) -> None:
        """Wait until so many sessions have begun."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.identified) >= count)

    async def wait_left(self) -> None:
        """Wait until nobody is there who would come back."""
        async with self.came:
            await self.came.wait_for(lambda: not self.sessions)

    async def wait_resumed(self, count: int) -> None:
        """Wait until sessions have been resumed so often."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.resumed) >= count)

    async def wait_beats(self, count: int) -> None:
        """Wait until so many heartbeats have come."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.beats) >= count)

    async def drop(self, code: int = 4000, shard: int | None = None) -> None:
        """Cut the connections of a shard, or of all; the sessions stay."""
        for socket in self._open(shard):
            socket.is_cut = True
            await socket.web.close(code=code)

    async def tell(self, op: int, data: object = None) -> None:
        """Send something that is no event over every connection: RECONNECT, or INVALID."""
        for socket in self._open():
            if op == INVALID and not data:
                self._end(socket)
            await socket.send({"op": op, "d": data})

    def _open(self, shard: int | None = None) -> Iterator[Socket]:
        for session in tuple(self.sessions.values()):
            if session.socket and not session.socket.web.closed and shard in {None, session.shard[0]}:
                yield session.socket


def shard_of(name: str, data: dict[str, Any], count: int) -> int:
    """Return the shard that an event goes to: a server's own, and the first for what is of no server."""
    guild = data["id"] if name.startswith("GUILD_") else data.get("guild_id")
    return (int(guild) >> 22) % count if guild else 0
