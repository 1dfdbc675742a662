"""The wire between a process and PostgreSQL, which a test can cut and mend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url


@dataclass
class DatabaseWire:
    """A port of this machine that leads to a PostgreSQL server; while it is cut, who calls is hung up on."""

    server: Path
    is_cut: bool = False
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self) -> None:
        """Hang up on everybody, and on whoever calls from now on."""
        self.is_cut = True
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        """Let calls through again."""
        self.is_cut = False

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to the server and back, until either side ends it."""
        if self.is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_unix_connection(self.server)
        ends = {writer, back}
        self._ends |= ends
        try:
            await asyncio.gather(_carry(reader, back), _carry(there, writer))
        finally:
            self._ends -= ends


async def _carry(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    try:
        while some := await source.read(1 << 16):
            to.write(some)
            await to.drain()
    except OSError:
        pass  # cut
    finally:
        to.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[DatabaseWire, str]]:
    """Lay a wire to the database at an address; yield it, with the address of its other end."""
    address = make_url(url)
    wire = DatabaseWire(Path(str(address.query["host"])) / ".s.PGSQL.5432")
    server = await asyncio.start_server(wire.answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield wire, f"postgres://{address.username}@{host}:{port}/{address.database}"
    finally:
        wire.cut()
        server.close()
        await server.wait_closed()
