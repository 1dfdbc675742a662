"""The choices under an answer: typing a number or a label presses a button or opens a menu. Pure; knows no screen."""

from __future__ import annotations

from bot.plain import body, visible
from bot.reply import Action, Button, Reply

EMPTY = "Type a question, the number of a choice, or: help"


def is_number(typed: str) -> bool:
    """Tell whether a typed line is meant as the number of a choice."""
    return typed.isascii() and typed.isdigit()


def choice(number: str, choices: tuple[Action, ...]) -> Action | str:
    """Return the choice under a number, counted from 1, or the sentence that there is none."""
    if not choices:
        return f"There is nothing to choose by number yet, so {number[:9]} says nothing to me. Try: help"
    if len(number) < 9 and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1]
    span = "only number 1" if len(choices) == 1 else f"numbers 1 to {len(choices)}"
    return f"There is no number {number[:9]} here; I have {span}."


def named(typed: str, choices: tuple[Action, ...]) -> Action | None:
    """Return the first choice with this label, in any case of letters; a menu's dots may be left out."""
    meant = typed.casefold().rstrip(" .…")
    return next((action for action in choices if visible(action.label).casefold().rstrip(" .…") == meant), None)


def numbered(actions: tuple[Action, ...]) -> list[str]:
    """Write each choice with its number; three dots mark a menu."""
    return [f"{number}. {label(action)}" for number, action in enumerate(actions, start=1)]


def label(action: Action) -> str:
    """Write a choice's label on one line."""
    return visible(action.label) + ("" if isinstance(action, Button) else " …")


def as_text(reply: Reply) -> str:
    """Write a reply with numbered choices as plain text."""
    return "\n\n".join(part for part in (body(reply), "\n".join(numbered(reply.actions))) if part)
