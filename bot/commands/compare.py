"""/compare: one to four roles, all aspects or one. The answer first, at most one caveat, the rest one press away."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.command import REGION, Ask, Effect, OneAspect, OneLevel, OneRegion, Roles, command
from bot.commands.caveats import one_caveat, why_view
from bot.commands.selection import Selection, aspect_of_figures, select
from bot.pack.model import Disagreement, Pack, Statement
from bot.present import bullets, example, figures, fit_button, in_one_line, menus, sources_of, tell
from bot.reply import Action, Block, Button, Cited, Fact, Facts, Note, Paragraph, Reply

DIFFERENCES = 3
CARD_ROWS = 5
SHORT = {1: 8, 2: 3, 3: 2, 4: 1}  # statements of each role, and of all together, by the number of roles compared
EVERYTHING = 10_000


async def compare(
    ask: Ask,
    roles: Roles = (),
    aspect: OneAspect = None,
    region: OneRegion = None,
    level: OneLevel = None,
) -> Reply:
    """Compare AI careers: one to four roles, as a whole or on one aspect such as pay or maths."""
    pack = ask.pack
    aspect = aspect or aspect_of_figures(pack, region, level)
    if not roles and aspect is None:
        return _opening(pack)
    if aspect is None:
        return _card(pack, roles[0]) if len(roles) == 1 else _differences(pack, roles)
    return _aspect_answer(select(pack, roles or tuple(pack.roles)[:4], aspect, region, level), ask)


async def all_(
    ask: Ask,
    roles: Roles = (),
    aspect: OneAspect = None,
    region: OneRegion = None,
    level: OneLevel = None,
) -> Reply:
    """Show everything our sources say on one aspect, not only what comes first."""
    aspect = aspect or next(iter(ask.pack.aspects))
    chosen = select(ask.pack, roles or tuple(ask.pack.roles)[:4], aspect, region, level)
    whole = _aspect_answer(chosen, ask, most=EVERYTHING)
    return replace(whole, actions=(_back(chosen), *whole.actions))


async def why(
    ask: Ask,
    roles: Roles = (),
    aspect: OneAspect = None,
    region: OneRegion = None,
    level: OneLevel = None,
) -> Reply:
    """Show what limits an answer: where sources differ, what nobody says, who speaks, and where to report a mistake."""
    aspect = aspect or aspect_of_figures(ask.pack, region, level) or next(iter(ask.pack.aspects))
    chosen = select(ask.pack, roles or tuple(ask.pack.roles)[:4], aspect, region, level)
    return why_view(chosen, ask.at.date(), _back(chosen))


def _back(chosen: Selection) -> Button:
    """Lead from a view of an answer, the whole of it or what limits it, back to the answer itself."""
    return Button("Back", chosen.line())


async def home(
    ask: Ask,
    region: Annotated[str, REGION],
    roles: Roles = (),
    aspect: OneAspect = None,
    level: OneLevel = None,
) -> Reply:
    """Remember the region you look for work in, and answer for it."""
    store = await ask.store()
    stored = await store.learners.ensure(ask.who(), ask.at)
    await store.learners.set_region(stored.id, region)
    reply = await compare(ask, roles, aspect, region, level)
    note = Note(Cited(f"From now on I show {ask.pack.regions[region].name} first. Change it whenever you like."))
    return Reply(reply.title, (note, *reply.blocks), reply.actions)


def _opening(pack: Pack) -> Reply:
    roles = list(pack.roles.values())
    pairs = [
        Button(f"{a.name} / {b.name}", f"compare {a.id} {b.id}") for i, a in enumerate(roles) for b in roles[i + 1 :]
    ]
    return Reply(
        "Which careers shall we look at?",
        (Paragraph(Cited(f"One career, or two side by side. You can also type it: {example(pack)}")),),
        (
            *(Button(role.name, f"compare {role.id}") for role in roles),
            *menus("Two side by side", pairs),
            *menus(
                "All careers on one aspect",
                [Button(a.name, f"compare {a.id}") for a in pack.aspects.values()],
            ),
        ),
    )


def _name(pack: Pack, roles: tuple[str, ...]) -> str:
    return " / ".join(pack.roles[role].name for role in roles)


def _card(pack: Pack, role: str) -> Reply:
    """Show one role: what it is, what is asked of it at a glance, and the doors to everything else."""
    by_aspect: dict[str, list[Statement]] = {}
    for statement in pack.statements.values():
        if statement.roles == (role,):
            by_aspect.setdefault(statement.aspect, []).append(statement)
    shown = [aspect for aspect in pack.aspects if aspect in by_aspect]
    rows = [
        Fact(pack.aspects[aspect].name, in_one_line(by_aspect[aspect][0], pack))
        for aspect in shown[1:]
        if by_aspect[aspect][0].degree is not None
    ]
    opening = tuple(Paragraph(text) for text in tell(by_aspect[shown[0]][0], pack)) if shown else ()
    blocks: tuple[Block, ...] = (*opening, *((Facts(tuple(rows[:CARD_ROWS])),) if rows else ()))
    others = [
        Button(f"Beside {other.name}", f"compare {role} {other.id}")
        for other in pack.roles.values()
        if other.id != role
    ]
    return Reply(
        pack.roles[role].name,
        (*blocks, *sources_of(blocks, pack)),
        (
            *_aspect_menus(pack, (role,)),
            *others[:3],
            Button("Roadmap", f"roadmap {role}"),
            Button("Why so vague?", f"compare why {role}"),
        ),
    )


def _aspect_menus(pack: Pack, roles: tuple[str, ...], *, without: Sequence[str] = ()) -> tuple[Action, ...]:
    """Offer all aspects but those that have a button of their own or are on show."""
    line = " ".join(("compare", *roles))
    shown = (a for a in pack.aspects.values() if a.shown_in == "compare" and a.id not in without)
    return menus("Look closer", [Button(a.name, f"{line} {a.id}") for a in shown])


def _differences(pack: Pack, roles: tuple[str, ...]) -> Reply:
    """Show the aspects on which the roles lie farthest apart, then the doors to all aspects."""
    spreads = [(_spread(pack, roles, aspect), aspect) for aspect in pack.aspects]
    widest = sorted((s for s in spreads if s[0]), key=lambda found: -found[0])[:DIFFERENCES]
    chosen = [aspect for _, aspect in widest] or _most_said(pack, roles)
    beside = "Side by side:" if chosen else "Our sources say nothing of them that could stand side by side."
    opening = "Where they lie farthest apart:" if widest else beside
    blocks = tuple(
        block for aspect in chosen for block in _one_liners(select(pack, roles, aspect), pack.aspects[aspect].name)
    )
    line = " ".join(("compare", *roles))
    regional = _regional_aspects(pack)
    top = [Button(pack.aspects[a].name, f"{line} {a}") for a in regional]
    return Reply(
        _name(pack, roles),
        (
            Paragraph(Cited(opening)),
            *blocks,
            *sources_of(blocks, pack),
        ),
        (
            *top,
            *_aspect_menus(pack, roles, without=regional),
            *_roadmap_buttons(pack, roles),
            *fit_button(pack),
        ),
    )


def _most_said(pack: Pack, roles: tuple[str, ...]) -> list[str]:
    """Pick the aspects on which words, not figures, are there for the most of some roles."""
    selections = [select(pack, roles, a.id) for a in pack.aspects.values() if a.shown_in == "compare"]
    spoken = [(sum(bool(each.of(role)) for role in roles), each.aspect) for each in selections if not each.tables]
    return [aspect for count, aspect in sorted(spoken, key=lambda found: -found[0]) if count][:DIFFERENCES]


def _regional_aspects(pack: Pack) -> list[str]:
    return list(dict.fromkeys(table.aspect for table in pack.figures.values() if table.region))


def _spread(pack: Pack, roles: tuple[str, ...], aspect: str) -> int:
    """Measure how far roles lie apart on an aspect, by the pack's own degrees; 0 where fewer than two have one."""
    firsts = (select(pack, roles, aspect).first(role) for role in roles)
    degrees = [s.degree for s in firsts if s is not None and s.degree is not None]
    return max(degrees) - min(degrees) if len(degrees) > 1 else 0


def _one_liners(chosen: Selection, heading: str | None = None) -> tuple[Block, ...]:
    """Put each role's first statement beside the others'; a role of which nothing is said says so."""
    rows = []
    for role in chosen.roles:
        first = chosen.first(role)
        value = in_one_line(first, chosen.pack) if first else Cited("our sources do not say")
        rows.append(Fact(chosen.pack.roles[role].short, value))
    return (Facts(tuple(rows), Cited(heading) if heading else None),)


def _aspect_answer(chosen: Selection, ask: Ask, most: int | None = None) -> Reply:
    """Answer with the numbers if there are any, else with the roles side by side; then what else is said."""
    pack = chosen.pack
    numbers = tuple(shown for table in chosen.tables if (shown := figures(table, pack, chosen.roles, chosen.level)))
    beside = () if numbers else _beside(chosen)
    limit = most or (SHORT[4] if numbers else SHORT[len(chosen.roles) if beside else 1])
    parts = _parts(chosen, without_first=bool(beside))
    told = tuple(block for heading, said in parts for block in bullets(said[:limit], pack, heading))
    blocks = numbers + beside + told or (Paragraph(Cited("Our sources say nothing about this, so neither do we.")),)
    blocks += one_caveat(chosen, ask.at.date(), beside=blocks)
    cut = any(len(said) > limit for _, said in parts)
    everything = Button("All that is said", chosen.line(verb="all"))
    named = f": {_name(pack, chosen.roles)}" if numbers or chosen.spoken() else ""
    return Reply(
        f"{pack.aspects[chosen.aspect].name}{named}",
        (*blocks, *sources_of(blocks, pack)),
        (*_region_buttons(chosen), *((everything,) if cut else ()), *_onward(chosen)),
        asks_for="region" if chosen.asks_for_region() else None,
    )


def _beside(chosen: Selection) -> tuple[Block, ...]:
    """Put several roles side by side, where any is spoken of alone."""
    return _one_liners(chosen) if len(chosen.roles) > 1 and chosen.spoken() else ()


def _parts(chosen: Selection, *, without_first: bool) -> list[tuple[str | None, tuple[Statement, ...]]]:
    """Divide what is said: of all together first, then of each role, without what already stands side by side."""
    shared = chosen.shared()
    if len(chosen.roles) == 1:
        return [(None, chosen.of(chosen.roles[0])), ("In general" if chosen.of(chosen.roles[0]) else None, shared)]
    parts: list[tuple[str | None, tuple[Statement, ...]]] = [(None, shared)]
    for role in chosen.roles:
        undisputed = (s for s in chosen.of(role) if not isinstance(s.content, Disagreement))
        said = tuple(s for s in undisputed if not without_first or s is not chosen.first(role))
        parts.append((f"{'More on' if without_first else 'On'} {chosen.pack.roles[role].name}", said))
    return parts


def _region_buttons(chosen: Selection) -> tuple[Button, ...]:
    """Offer the other regions; where none was given, offer to remember one."""
    pack = chosen.pack
    if chosen.asks_for_region():
        line = chosen.line().removeprefix("compare ")
        return tuple(
            Button(f"I look for work in {pack.regions[r].name}", f"compare home {r} {line}") for r in chosen.regions()
        )
    regions = chosen.regions()
    others = [r for r in regions if r != chosen.region] if chosen.region or regions[1:] else []
    return tuple(Button(pack.regions[r].name, chosen.line(region=r)) for r in others)


def _onward(chosen: Selection) -> tuple[Action, ...]:
    return (
        Button("Why so vague?", chosen.line(verb="why")),
        *_roadmap_buttons(chosen.pack, chosen.roles),
        *_aspect_menus(chosen.pack, chosen.roles, without=(chosen.aspect,)),
    )


def _roadmap_buttons(pack: Pack, roles: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(Button(f"{pack.roles[role].short} roadmap", f"roadmap {role}") for role in roles[:2])


COMPARE = command(
    compare,
    verbs=(command(all_, name="all"), command(why), command(home, effect=Effect.STATE)),
    also_called=("vs", "comparison", "diff"),
)
