"""Discord's gateway as discord.py meets it: hello, identify, heartbeats, resume, and events in a zlib stream."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
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
    """One connection: what is sent goes through its own compressor, as Discord does it."""

    web: web.WebSocketResponse
    packer: Any = field(default_factory=zlib.compressobj)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send a payload in two pieces: what belongs together is told by the end of the stream's part alone."""
        packed = self.packer.compress(json.dumps(payload).encode()) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        await self.web.send_bytes(packed[:-4])
        await self.web.send_bytes(packed[-4:])


@dataclass
class Gateway:
    """All sessions of a bot; `token` is the only one that is let in."""

    token: str
    url: Callable[[], str]
    sessions: dict[str, Session] = field(default_factory=dict)
    identified: list[tuple[int, int]] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    intents: list[int] = field(default_factory=list)
    beats: list[int | None] = field(default_factory=list)
    beat_every: int = 41250  # milliseconds
    is_mute: bool = False
    refuse_resume: bool = False
    guilds: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one client until it leaves."""
        assert request.query["compress"] == "zlib-stream"
        socket = Socket(web.WebSocketResponse())
        await socket.web.prepare(request)
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": self.beat_every}})
        async for message in socket.web:
            if message.type is WSMsgType.TEXT:
                await self._take(socket, json.loads(message.data))
        return socket.web

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
        if told["token"] != self.token:
            await socket.web.close(code=4004)
            return
        shard = tuple(told.get("shard", (0, 1)))
        session = Session(f"session-{len(self.sessions)}", shard, socket=socket)
        self.sessions[session.id] = session
        self.intents.append(told["intents"])
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in self.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url(),
            "shard": list(shard),
            "application": {"id": "1", "flags": 0},
        }
        await self._dispatch(session, "READY", ready)
        for guild in self.guilds:
            await self._dispatch(session, "GUILD_CREATE", guild | {"unavailable": False})
        async with self.came:
            self.identified.append(shard)
            self.came.notify_all()

    async def _resume(self, socket: Socket, told: dict[str, Any]) -> None:
        self.is_mute = False
        session = self.sessions.get(told["session_id"])
        if session is None or self.refuse_resume:
            self.refuse_resume = False
            await socket.send({"op": INVALID, "d": False})
            return
        session.socket = socket
        for event in session.events[told["seq"] :]:
            await socket.send(event)
        await self._dispatch(session, "RESUMED", {})
        async with self.came:
            self.resumed.append(session.id)
            self.came.notify_all()

    async def dispatch(self, name: str, data: dict[str, Any], shard: int = 0) -> None:
        """Send an event to the newest session of a shard; if it is away just now, it comes with the resume."""
        session = [each for each in self.sessions.values() if each.shard[0] == shard][-1]
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

    async def wait_resumed(self, count: int) -> None:
        """Wait until sessions have been resumed so often."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.resumed) >= count)

    async def wait_beats(self, count: int) -> None:
        """Wait until so many heartbeats have come."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.beats) >= count)

    async def drop(self, code: int = 4000) -> None:
        """Cut every connection; the sessions stay."""
        for session in self.sessions.values():
            if session.socket and not session.socket.web.closed:
                await session.socket.web.close(code=code)

    async def tell(self, op: int, data: object = None) -> None:
        """Send something that is no event over every connection: RECONNECT, or INVALID."""
        for session in self.sessions.values():
            if session.socket and not session.socket.web.closed:
                await session.socket.send({"op": op, "d": data})
