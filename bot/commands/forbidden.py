"""What a community's admins have hidden or forbidden, said to who asks for it. Decides no rule and keeps none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.selection import aspect_of_figures
from bot.errors import UserError
from bot.house import NO_NUDGES, Freedom
from bot.reply import Action, Button, Menu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.command import Command
    from bot.house import House
    from bot.line import Call
    from bot.pack.model import Pack
    from bot.reply import Reply
    from bot.request import Request

# An admin may read it, too: where the platform was asked and gave no answer, nobody counts as one.
ADMINS_ONLY = (
    "Only the admins of a workspace or server can do that, and I could not see that you are one. "
    "If you are, try again in a minute."
)
_STILL = frozenset({"stop", "done", "some", "show"})  # of /nudge: nothing more is sent for any of them


def refuse(call: Call, command: Command, request: Request, pack: Pack, shown: Pack) -> None:
    """Raise UserError for a call that is not answered here: `pack` is the whole one, `shown` what is seen of it."""
    if command.admin:
        if not request.admin:
            raise UserError(ADMINS_ONLY, (Button("Help", "waymark"),))
        return
    refused = refusal(call, request.house, pack, shown)
    if refused:
        raise refused


def refusal(call: Call, house: House, pack: Pack, shown: Pack) -> UserError | None:
    """Return what is said in place of an answer where admins have forbidden it; None where they have not."""
    about = () if shown is pack else aspects_of(call, pack)
    if any(aspect not in shown.aspects for aspect in about):
        roles = " ".join(("compare", *call.given("roles")))
        return hidden(about, pack, shown, Button("Look at the rest", roles))
    if call.path[0] == "nudge" and not _STILL.intersection(call.path[1:]) and not house.allows(Freedom.NUDGES):
        return UserError(
            f"{NO_NUDGES} If you have any, they are kept as they are, and go on when they are allowed again.",
            (Button("My roadmap", "roadmap"), Button("Stop my nudges", "nudge stop")),
        )
    return None


def offered(reply: Reply, answered: Callable[[str], bool]) -> Reply:
    """Leave out the buttons whose lines are not answered here, so that nobody presses one to read that."""
    kept = [one for action in reply.actions if (one := _answered(action, answered))]
    return replace(reply, actions=tuple(kept)) if kept != list(reply.actions) else reply


def _answered(action: Action, answered: Callable[[str], bool]) -> Action | None:
    if isinstance(action, Button):
        return action if answered(action.line) else None
    options = tuple(option for option in action.options if answered(option.line))
    return Menu(action.label, options) if options else None


def aspects_of(call: Call, pack: Pack) -> tuple[str, ...]:
    """Return the aspects that a call is about: named, or meant by a place or a level."""
    named = call.given("aspect")
    region, level = (next(iter(call.given(name)), None) for name in ("region", "level"))
    meant = None if named else aspect_of_figures(pack, region, level)
    return (meant,) if meant else named


def hidden(aspects: Iterable[str], pack: Pack, shown: Pack, *onward: Button) -> UserError:
    """Say which aspects are hidden here."""
    names = ", ".join(f"“{pack.aspects[each].name}”" for each in dict.fromkeys(aspects) if each not in shown.aspects)
    return UserError(f"The admins here have hidden {names}.", (*onward, Button("Help", "waymark")))
