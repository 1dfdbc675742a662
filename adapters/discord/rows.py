"""Actions -> rows of buttons and menus, each with an id that is its line: no state of them is kept anywhere. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.plain import visible
from bot.reply import Action, Button
from bot.wire import Wire, from_wire, to_wire

Component = dict[str, Any]

ACTION_ROW, BUTTON, SELECT = 1, 2, 3
PRIMARY, SECONDARY = 1, 2
IN_A_ROW = 5
AS_BUTTONS = 10  # two rows are half a screen of a phone; more go into a menu
OPTIONS = 25
LABEL, OPTION, PLACEHOLDER = 80, 100, 150  # characters
IN_DM, TAKE_BACK = "dm", "back"  # what a press is for, if not for an answer in its place
_MARK = "~"  # behind what stands in front of a wire: what it is for, or how often it stands in the message before


@dataclass(frozen=True, slots=True)
class Press:
    """A button as it is sent: its label, and the wire of what it does."""

    label: str
    wire: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu as it is sent: what stands on it while it is closed, and its options."""

    label: str
    options: tuple[Press, ...]


def offered(actions: Sequence[Action]) -> tuple[Press | Choice, ...]:
    """Seal the lines of a reply's actions, and put buttons that are too many into menus."""
    sealed = [_sealed(action) for action in actions]
    buttons = [action for action in sealed if isinstance(action, Press)]
    if len(buttons) <= AS_BUTTONS:
        return tuple(sealed)
    rest = buttons[AS_BUTTONS - 1 :]
    more = (Choice("More", tuple(rest[start : start + OPTIONS])) for start in range(0, len(rest), OPTIONS))
    menus = (action for action in sealed if isinstance(action, Choice))
    return (*buttons[: AS_BUTTONS - 1], *menus, *more)


def rows(actions: Sequence[Press | Choice]) -> list[Component]:
    """Put buttons side by side and each menu in a row of its own, in order; the first button stands out."""
    made: list[Component] = []
    beside: list[Component] | None = None
    ids = _Ids()
    for number, action in enumerate(actions):
        if isinstance(action, Choice):
            beside = None
            made.append(_row([_menu(action, f"menu {number}")]))
            continue
        if beside is None or len(beside) == IN_A_ROW:
            beside = []
            made.append(_row(beside))
        style = SECONDARY if number else PRIMARY
        label = _cut(action.label, LABEL)
        beside.append({"type": BUTTON, "style": style, "label": label, "custom_id": ids.of(action.wire)})
    return made


def marked(mark: str, line: str = "") -> str:
    """Make the id of a button that does something else than to answer its line in place."""
    return f"{mark}{_MARK}{line}"


def pressed(custom_id: str) -> tuple[str, Wire]:
    """Read the id of a button that was pressed, or the value of an option: what it is for, and its wire."""
    front, mark, wire = custom_id.partition(_MARK)
    if not mark:
        return "", from_wire(custom_id)
    return ("" if front.isdecimal() else front), from_wire(wire)


def _sealed(action: Action) -> Press | Choice:
    if isinstance(action, Button):
        return Press(action.label, to_wire(action.line))
    return Choice(action.label, tuple(Press(option.label, to_wire(option.line)) for option in action.options))


class _Ids:
    """Makes ids unique where the same line stands in one place more than once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, wire: str) -> str:
        before = self._seen.get(wire, 0)
        self._seen[wire] = before + 1
        return f"{before}{_MARK}{wire}" if before else wire


def _row(components: list[Component]) -> Component:
    return {"type": ACTION_ROW, "components": components}


def _menu(choice: Choice, custom_id: str) -> Component:
    ids = _Ids()
    options = [{"label": _cut(option.label, OPTION), "value": ids.of(option.wire)} for option in choice.options]
    return {
        "type": SELECT,
        "custom_id": custom_id,
        "placeholder": _cut(choice.label, PLACEHOLDER),
        "options": options,
    }


def _cut(label: str, most: int) -> str:
    """Put a label on one line that is neither empty nor too long; labels are plain text, with nothing to escape."""
    shown = visible(label) or "…"
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def count(components: Sequence[Component]) -> int:
    """Count components as Discord does: with all that stand in others."""
    return sum(1 for _ in _nested(components))


def _nested(components: Sequence[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _nested(component.get("components", ()))
