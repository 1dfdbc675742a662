"""Components as discord.py wants them handed over. The only subclass of its views; keeps nothing in memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from discord import File
from discord.ui import LayoutView

from adapters.discord.attached import parted

if TYPE_CHECKING:
    from adapters.discord.rows import Component


class Layout(LayoutView):
    """Components that were drawn already, and their files; discord.py neither builds nor watches them."""

    def __init__(self, components: list[Component]) -> None:
        super().__init__(timeout=None)
        self.stop()  # so that it is not stored: a press is read from its id, whenever it comes
        self._components, self._files = parted(components)

    def has_components_v2(self) -> bool:
        """Say that a message of these has the flag for it."""
        return True

    def to_components(self) -> list[dict[str, Any]]:
        """Return the components as they were drawn."""
        return self._components

    def files(self) -> list[File]:
        """Return the files that it shows, new ones each time: a sent one is used up."""
        return [File(io.BytesIO(text.encode()), name) for name, text in self._files.items()]
