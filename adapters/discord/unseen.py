"""Answers that may not have reached who asked for them: with their next one they are told so, once. Sends nothing.

Kept in memory alone: what an answer was about is kept by the bot, and a press shows it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reply import Button, Cited, Note, Reply

KEPT = 1000  # people; a bad hour has fewer


@dataclass(slots=True)
class Unseen:
    """Who is to be told, by person, with the line that shows the answer again where there is one."""

    lines: dict[str, str | None] = field(default_factory=dict)

    def note(self, person: str, line: str | None) -> None:
        """Note that the last answer to a person may not have arrived."""
        while len(self.lines) >= KEPT:
            del self.lines[next(iter(self.lines))]
        self.lines[person] = line

    def told(self, person: str) -> Reply | None:
        """Return what a person is to be told; None for nearly all."""
        if person not in self.lines:
            return None
        line = self.lines[person]
        shown = () if line is None else (Button("Show it", line),)
        said = Note(Cited("Discord lost it on the way. What you changed is kept."))
        return Reply("My answer before this one may not have reached you", (said,), shown)

    def seen(self, person: str) -> None:
        """Forget it: they have been told."""
        del self.lines[person]
