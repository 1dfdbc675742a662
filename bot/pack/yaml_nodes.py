"""Turn the bytes of one file into YAML nodes with positions, refusing YAML's traps; knows nothing of the format."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

import yaml

from bot.errors import Finding
from bot.pack.syntax import line_column, not_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1 << 20
MAX_DEPTH = 40

# The sign comes first and looks back, because that is the form of pattern that the engine scans fastest.
_SIGN = re.compile(r"[&*!%<](?<=[\s\[{,:?-].)")
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_NAMES = {"\t": "A tab", "\r": "A carriage return without a newline"}
_SIGNS = {
    "&": ("An anchor (`&`)", "Write the value out wherever it is needed, or put the text in quotes."),
    "*": ("An alias (`*`)", "Write the value out, or put the text in quotes."),
    "!": ("A tag (`!`)", "Leave it out: every value is text until its field reads it."),
    "<<": ("A merge key (`<<`)", "Write the keys out."),
    "---": ("A second document (`---`)", "Put it into a file of its own."),
}


class Trap(Exception):  # noqa: N818 - what is caught is a trap in YAML
    """Why a file cannot be read as YAML, with a finding for each reason."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = findings


class _TooDeepError(Exception):
    """The nesting passed MAX_DEPTH."""


class _Composer(yaml.CBaseLoader):
    """The C parser with a resolver that leaves every scalar the text it is: no regular expression a scalar.

    It counts the depth itself, because a file of brackets would overflow the C stack.
    """

    depth = 0

    def descend_resolver(self, _parent: object, _index: object) -> None:
        """Count one level down."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError

    def ascend_resolver(self) -> None:
        """Count one level up."""
        self.depth -= 1

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        """Give every node the same tag."""
        return "text"


def decode(file: str, data: bytes) -> str:
    """Return the text of a file, or raise Trap: over 1 MiB, not UTF-8, or with characters that cannot be seen."""
    if len(data) > MAX_BYTES:
        raise Trap(too_big(file, len(data)))
    if data.startswith(codecs.BOM_UTF8):
        message = "The file begins with a byte order mark."
        raise Trap(Finding(file, 1, 1, "KB003", message, "Save it as UTF-8 without BOM."))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line, column = line_column(data[: error.start].decode(errors="replace"))
        raise Trap(Finding(file, line, column, "KB003", "This is not UTF-8.", "Save the file as UTF-8.")) from None
    if found := _FORBIDDEN.search(text):
        line, column = line_column(text[: found.start()])
        name = _NAMES.get(found[0], f"The character U+{ord(found[0]):04X}")
        message = f"{name} is not allowed."
        raise Trap(Finding(file, line, column, "KB003", message, "Write spaces for it, or delete it."))
    return text


def compose(file: str, text: str) -> yaml.Node | None:
    """Return the root node of a text (None for an empty one), or raise Trap with every reason why not."""
    if _suspicious("\n" + text) and (traps := tuple(_traps(file, text))):
        raise Trap(*traps)
    composer = _Composer(text)
    try:
        return composer.get_single_node()
    except _TooDeepError:
        message = f"The file is nested more than {MAX_DEPTH} levels deep."
        raise Trap(Finding(file, 1, 1, "KB004", message, "Close the brackets; keep to the format.")) from None
    except yaml.MarkedYAMLError as error:
        raise Trap(not_yaml(file, text, error)) from None
    finally:
        composer.dispose()


def too_big(file: str, size: int) -> Finding:
    """Say that a file has too many bytes."""
    return Finding(file, 1, 1, "KB004", f"The file has {size:,} bytes; 1 MiB is the most.", "Split the file.")


def _suspicious(text: str) -> bool:
    """Tell whether a text is worth a second look: it is cheap, and right texts seldom are."""
    return bool(_SIGN.search(text)) or "\n---" in text or "\n..." in text


def _traps(file: str, text: str) -> Iterator[Finding]:
    """Find anchors, aliases, tags and second documents among the parser's events."""
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            sign = _sign(event, documents)
            if sign and (mark := event.start_mark):
                name, remedy = _SIGNS[sign]
                message = f"{name} is not used in a pack."
                yield Finding(file, mark.line + 1, mark.column + 1, "KB002", message, remedy)
    except yaml.MarkedYAMLError as error:
        yield not_yaml(file, text, error)


def _sign(event: yaml.Event, documents: int) -> str:
    """Return the sign of the trap that an event is, '' for none."""
    if isinstance(event, yaml.DocumentStartEvent) and documents == 2:
        return "---"
    if isinstance(event, yaml.AliasEvent):
        return "*"
    if getattr(event, "anchor", None):
        return "&"
    if getattr(event, "tag", None):
        return "!"
    return "<<" if isinstance(event, yaml.ScalarEvent) and event.value == "<<" else ""
