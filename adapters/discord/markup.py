"""Plain text -> Discord's markdown that shows exactly this text: nothing in it pings, links or formats. Pure."""

from __future__ import annotations

import re

from bot.plain import visible

_ADDRESS = re.compile(r"https?://[\w./~%?=&+#:-]*[\w/]", re.ASCII)
_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|:(?=[\w+-]+:)")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_APART = "@\u200b"  # the invisible character keeps the word from being one


def escaped(text: str) -> str:
    """Escape text for the middle of a line; a web address stays as it is, so that it shows where it leads."""
    line = visible(text)
    if "://" not in line:
        return _escaped(line)
    parts, end = [], 0
    for address in _ADDRESS.finditer(line):
        parts += [_escaped(line[end : address.start()]), address[0]]
        end = address.end()
    return "".join((*parts, _escaped(line[end:])))


def at_start(text: str) -> str:
    """Escape text for the beginning of a line, where a list or a heading could begin."""
    line = escaped(text)
    match line[:1]:
        case "#" | "+" | "-":
            return f"\\{line}"
        case digit if digit.isdecimal():
            return _NUMBERED.sub(r"\1\\\2", line)
    return line


def _escaped(text: str) -> str:
    return _EVERYBODY.sub(_APART, _MARKUP.sub(r"\\\g<0>", text))
