"""The errors that people are meant to read; anything else is a defect and is reported by an id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.reply import Button


class UserError(Exception):
    """A whole sentence for the person who asked, with the way out.

    `buttons` are the lines that lead on, the likeliest first.
    """

    def __init__(self, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.buttons = buttons


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake in a pack: where it stands, its code, what is wrong, what to type instead.

    `line` and `column` count from 1; both are 1 for a whole file.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Render as `file:line:column: KB0NN message`, the remedy on a second line."""
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}\n    {self.remedy}"


class PackError(Exception):
    """A pack that cannot be used, with every finding that says why."""

    def __init__(self, sentence: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.findings = findings


class SettingsError(Exception):
    """A setting that is missing or unusable: one whole sentence that names the variable and how to set it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
