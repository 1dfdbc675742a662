"""What a community's admins can do, and they alone, as verbs of /waymark. Shows numbers, never a name or an answer."""

# Annotations are read at run time to declare the command, so they are not postponed here.
import re
from typing import Annotated

import structlog

from bot.command import ASPECT, Ask, Confirmed, Effect, Kind, command
from bot.errors import UserError
from bot.house import Freedom
from bot.pack.view import hidden_of
from bot.present import menus
from bot.reply import Button, Cited, Fact, Facts, Note, Paragraph, Reply
from bot.request import Learner

FEW = 5  # a smaller number could tell who it is

FREEDOM = Kind("freedom", "sharing or nudges", re.compile(r"sharing|nudges"), read=Freedom)
PERSON = Kind("person", "a person", re.compile(r"@[A-Za-z0-9]{1,40}"), read=lambda text: text[1:])
OneAspect = Annotated[str, ASPECT]
OneFreedom = Annotated[Freedom, FREEDOM]
OnePerson = Annotated[str, PERSON]

_WHAT = {Freedom.SHARING: "Sharing answers", Freedom.NUDGES: "Study nudges"}
log = structlog.get_logger()


async def admin(ask: Ask) -> Reply:
    """Show what holds for everybody here, and how many use it."""
    return await _panel(ask, ())


async def hide(ask: Ask, aspect: OneAspect) -> Reply:
    """Hide an aspect, such as pay, from everybody here."""
    name = ask.pack.aspects[aspect].name
    if aspect not in hidden_of(ask.pack, frozenset({aspect})):
        raise UserError(f"“{name}” says what a career is, and cannot be hidden.", (Button("Back", "waymark admin"),))
    changed = await (await ask.store()).houses.hide(ask.house.id, aspect, ask.at)
    return await _done(ask, f"“{name}” is hidden", changed=changed, hidden=aspect)


async def show(ask: Ask, aspect: OneAspect) -> Reply:
    """Show an aspect again that was hidden."""
    houses = (await ask.store()).houses
    kept = (await houses.find(ask.house.id)).hidden
    same = [each for each in kept if aspect in hidden_of(ask.pack, frozenset({each}))]  # also by a name of before
    changed = [await houses.show(ask.house.id, each, ask.at) for each in same]
    return await _done(ask, f"“{ask.pack.aspects[aspect].name}” is shown", changed=any(changed), shown=aspect)


async def forbid(ask: Ask, freedom: OneFreedom) -> Reply:
    """Forbid sharing or nudges for everybody here."""
    changed = await (await ask.store()).houses.forbid(ask.house.id, freedom, ask.at)
    return await _done(ask, f"{_WHAT[freedom]}: off", changed=changed, forbidden=freedom)


async def allow(ask: Ask, freedom: OneFreedom) -> Reply:
    """Allow sharing or nudges again."""
    changed = await (await ask.store()).houses.allow(ask.house.id, freedom, ask.at)
    return await _done(ask, f"{_WHAT[freedom]}: on", changed=changed, allowed=freedom)


async def erase(ask: Ask, person: OnePerson, yes: Confirmed = None) -> Reply:
    """Erase all that is kept of a person, at their request."""
    back = Button("Back", "waymark admin")
    if not yes:
        told = (
            "This deletes for good whatever is kept of them here: ticks, skills, settings, a kept fit, their nudges "
            "and what became of these. Nobody is told but you. They can begin anew whenever they like."
        )
        line = f"waymark erase @{person} yes"
        return Reply(
            "Erase all that is kept of this person?",
            (Paragraph(Cited(told)),),
            (Button("Yes, erase it all", line), Button("Keep it", "waymark admin")),
        )
    store = await ask.store()
    whose = await store.learners.find(Learner(ask.who().lane, person))
    counts = await store.personal.delete(whose.id) if whose else {}
    count = sum(counts.values())
    await _log(ask, erased=whose.id if whose else None, rows=count)
    told = f"Erased: {count} {'entry' if count == 1 else 'entries'}." if count else "Nothing was kept of them."
    return Reply(told, actions=(back,))


async def _done(ask: Ask, now: str, *, changed: bool, **what: str) -> Reply:
    if changed:
        await _log(ask, **what)
    told = "" if changed else " That is how it was already."
    return await _panel(ask, (Note(Cited(f"{now}.{told}")),))


async def _log(ask: Ask, **what: object) -> None:
    by = await (await ask.store()).learners.find(ask.who())
    log.info("house.changed", house=ask.house.id, by=by.id if by else "somebody of whom nothing is kept", **what)


async def _panel(ask: Ask, said: tuple[Note, ...]) -> Reply:
    """Show how it stands now, whoever else has changed it meanwhile, with the way to every other state."""
    if not ask.house.id:
        raise UserError("Nobody but you is here, so there is nothing to forbid.", (Button("Help", "waymark"),))
    store = await ask.store()
    house, counts = await store.houses.find(ask.house.id), await store.houses.counts(ask.house.id)
    aspects = ask.pack.aspects
    hidden = hidden_of(ask.pack, house.hidden)
    names = ", ".join(each.name for each in aspects.values() if each.id in hidden) or "nothing"
    rules = [Fact("Hidden", Cited(names))]
    rules += [Fact(what, Cited("on" if house.allows(each) else "off")) for each, what in _WHAT.items()]
    rows = (
        ("People of whom something is kept", counts.learners),
        ("With study nudges", counts.nudged),
        ("With a roadmap", counts.on_roadmap),
        ("With a fit that they kept", counts.fits),
    )
    told = "Holds for everybody here, within a minute. Nobody’s answers are shown to you, and no names."
    return Reply(
        "For admins",
        (
            *said,
            Facts(tuple(rules)),
            Facts(tuple(Fact(label, Cited(_number(count))) for label, count in rows), Cited("How many use it")),
            Note(Cited(told)),
        ),
        (
            *(_switch(each, on=house.allows(each)) for each in _WHAT),
            *menus(
                "Hide…",
                [Button(a.name, f"waymark hide {a.id}") for a in list(aspects.values())[1:] if a.id not in hidden],
            ),
            *menus("Show again…", [Button(a.name, f"waymark show {a.id}") for a in aspects.values() if a.id in hidden]),
        ),
    )


def _switch(freedom: Freedom, *, on: bool) -> Button:
    verb, word = ("forbid", "off") if on else ("allow", "on")
    return Button(f"{_WHAT[freedom]}: switch {word}", f"waymark {verb} {freedom}")


def _number(count: int) -> str:
    return f"{count:,}" if count >= FEW else "fewer than five"


ADMIN = (
    command(admin, admin=True, also_called=("admins",)),
    command(hide, effect=Effect.STATE, admin=True),
    command(show, effect=Effect.STATE, admin=True),
    command(forbid, effect=Effect.STATE, admin=True),
    command(allow, effect=Effect.STATE, admin=True),
    command(erase, effect=Effect.STATE, admin=True),
)
