"""What the commands are called in Slack, where a name belongs to whichever app was installed last. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.errors import SettingsError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that hold, by the bot's own ones; `said` writes a text with them."""

    by_command: Mapping[str, str]
    said: Callable[[str], str] = field(default=str)

    def line(self, typed_name: str, text: str) -> str:
        """Make the line that a slash command with some text stands for."""
        wanted = typed_name.removeprefix("/").casefold()
        own = next((own for own, name in self.by_command.items() if name == wanted), wanted)
        return f"{own} {text.strip()}".rstrip()


def names(commands: Mapping[str, object], prefix: str = "", renamed: str = "") -> Names:
    """Name the commands: with a prefix, and those of `renamed` (`compare=careers fit=my-fit`) by another name.

    Raises SettingsError for what Slack does not take, for a command that is none, and for a name given twice.
    """
    others = dict(_pairs(renamed))
    unknown = next((own for own in others if own not in commands), None)
    if unknown is not None:
        raise SettingsError(f"SLACK_COMMAND_NAMES renames {unknown}, which is no command. Use: {', '.join(commands)}.")
    by_command = {own: others.get(own, f"{prefix}{own}") for own in commands}
    for name in by_command.values():
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"SLACK_COMMAND_PREFIX or SLACK_COMMAND_NAMES makes the command /{name}, which Slack does not take. "
                "Use up to 31 of a-z, 0-9, - and _."
            )
    if len(set(by_command.values())) < len(by_command):
        raise SettingsError("SLACK_COMMAND_NAMES gives one name to two commands. Give each its own.")
    changed = {own: name for own, name in by_command.items() if own != name}
    return Names(by_command, _renaming(changed)) if changed else Names(by_command)


def _pairs(renamed: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=")[::2] for pair in renamed.replace(",", " ").split()]
    return [(own.removeprefix("/"), name.removeprefix("/")) for own, name in pairs]


def _renaming(changed: Mapping[str, str]) -> Callable[[str], str]:
    """Make what puts the names that hold in place of `/compare` and its like; it never touches a path or address."""
    pattern = re.compile(rf"(?<![\w/.:])/({'|'.join(map(re.escape, changed))})(?![\w/-])")
    return lambda text: pattern.sub(lambda found: f"/{changed[found[1]]}", text)
