"""Where a database is, without the user and password that its address may hold. Opens nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot.store.database import parse


@dataclass(frozen=True, slots=True)
class Place:
    """A SQLite file, or, with a `host`, the name of a PostgreSQL database."""

    name: str
    host: str | None

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self.host is None

    @property
    def is_new(self) -> bool:
        """Whether it is a file that is not there yet."""
        return self.is_file and not Path(self.name).is_file()

    @property
    def can_be_written(self) -> bool:
        """Whether this user may write the file; for one that is not there, the nearest folder above it that is."""
        path = Path(self.name).absolute()
        if path.is_file():
            return os.access(path, os.W_OK)
        above = next(folder for folder in path.parents if folder.exists())
        return above.is_dir() and os.access(above, os.W_OK)

    def __str__(self) -> str:
        """Name it for people."""
        return f"SQLite, {self.name}" if self.is_file else f"PostgreSQL, {self.name} on {self.host}"


def place_of(url: str) -> Place:
    """Read an address; raises SettingsError for one that cannot be used."""
    address = parse(url)
    name = address.database or ""
    is_file = address.get_backend_name() == "sqlite"
    return Place(name, None if is_file else address.host or "this machine")
