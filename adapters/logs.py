"""Logs: one line an event, to stderr, without tokens, names or the text of messages."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}
_FRAMES = 4  # the innermost; enough to find the place


def set_up_logs(level: str, to: TextIO) -> None:
    """Log from this level on, to this stream."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            without_words,
            on_one_line,
            structlog.processors.LogfmtRenderer(key_order=("level", "event"), bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(to),
        cache_logger_on_first_use=False,
    )


def without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an error's type and place in place of its message, which may repeat what somebody wrote.

    Only a database that does not work is quoted: a full disk, a lost server; its driver names no values there.
    """
    if not event.pop("exc_info", None):
        return event
    error = sys.exception()
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["error"] = type(error).__name__
        if event["error"] == "OperationalError":
            event["reason"] = str(getattr(error, "orig", error))
        event["at"] = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    return event


def on_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write lists as their parts, and every line feed as a space."""
    return {
        key: " ".join(("; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)).split())
        for key, value in event.items()
    }
