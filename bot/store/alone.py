"""One nudge worker at a time on a SQLite file: two would gain nothing and starve each other. Knows no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from bot.errors import SettingsError
from bot.store.database import reaching
from bot.store.place import place_of


@contextmanager
def alone(url: str) -> Iterator[bool]:
    """Be the only worker on a SQLite file while the block runs: True; on PostgreSQL there can be any number: False.

    The system frees the lock when its holder dies, however it does. Raises SettingsError while another holds it, and
    where it cannot be made.
    """
    place = place_of(url)
    if not place.is_file:
        yield False
        return
    lock = FileLock(f"{place.name}.worker", blocking=False)
    with reaching():
        try:
            lock.acquire()
        except Timeout:
            raise SettingsError(
                "Another process sends the nudges of this SQLite file already, and one is enough: "
                "end it first, or set DATABASE_URL to a PostgreSQL database, which takes any number."
            ) from None
    try:
        yield True
    finally:
        lock.release()
