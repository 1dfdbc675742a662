"""The commands, in the order in which people meet them. Each is loaded when it is first asked for.

An answer in the terminal needs one of them; to load all takes a tenth of its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from bot.command import Command


class _OnDemand(Mapping[str, Command]):
    """Commands by name: `fit` is what the module `fit` has as FIT."""

    def __init__(self, *names: str) -> None:
        self._loaded: dict[str, Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> Command:
        found = self._loaded[name]
        if found is None:
            found = self._loaded[name] = getattr(import_module(f"bot.commands.{name}"), name.upper())
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


COMMANDS: Mapping[str, Command] = _OnDemand("compare", "roadmap", "fit", "nudge", "waymark")
