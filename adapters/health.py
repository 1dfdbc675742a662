"""Health and figures over HTTP, where hosts and Prometheus look for them: /healthz and /metrics.

Knows neither store nor nudges: what is to be looked at before an answer is handed in.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app

from bot.errors import SettingsError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from prometheus_client import CollectorRegistry

PATIENCE = timedelta(seconds=3)  # hosts that ask for health give up after five
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - whoever asks stands outside the machine or container


@asynccontextmanager
async def served(
    port: int,
    registry: CollectorRegistry,
    look: Callable[[], Coroutine[Any, Any, None]],
    patience: timedelta = PATIENCE,
    setting: str = "PORT",
) -> AsyncIterator[int]:
    """Answer while the block runs, from threads of their own, and give the port (for 0, the one that was free).

    `look` runs on this event loop for every question. Where it fails or does not end, /healthz says 503, so
    that a process that hangs is found; /metrics answers with what is known. Raises SettingsError, which names
    the setting, if the port is taken.
    """
    loop = asyncio.get_running_loop()

    def healthy() -> bool:
        looking = asyncio.run_coroutine_threadsafe(look(), loop)
        try:
            looking.result(patience.total_seconds())
        except Exception:  # noqa: BLE001 - whatever it is, it is not well
            looking.cancel()
            return False
        return True

    try:
        server = make_server(_EVERYWHERE, port, _pages(make_wsgi_app(registry), healthy), ThreadingWSGIServer, _Quiet)
    except OSError as error:
        raise SettingsError(f"{setting} cannot be used: {error.strerror}. Set it to a port that is free.") from error
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


def _pages(metrics: WSGIApplication, healthy: Callable[[], bool]) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/healthz":
                well = healthy()
                start("200 OK" if well else "503 Service Unavailable", [("Content-Type", "text/plain")])
                return [b"ok\n" if well else b"not well\n"]
            case "/metrics":
                healthy()
                return metrics(environ, start)
            case _:
                start("404 Not Found", [("Content-Type", "text/plain")])
                return [b"Try /healthz or /metrics.\n"]

    return answer


class _Quiet(WSGIRequestHandler):
    timeout = 10  # seconds that a connection may be silent

    def log_message(self, *_: object) -> None:
        """Log nothing: a probe comes every few seconds."""
