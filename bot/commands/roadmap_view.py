"""What /roadmap shows: the next task in full and the steps around it. Pure: knows no store and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.journey import Journey, roadmap_to, step_with, whole_roadmaps
from bot.pack.model import Gap
from bot.present import claim_cited, fit_button, in_one_line, menus, sources_of
from bot.progress import weeks_left
from bot.reply import (
    Action,
    Block,
    Bullets,
    Button,
    Cited,
    Fact,
    Facts,
    Menu,
    Note,
    Paragraph,
    Reply,
    Step,
    Steps,
    StepState,
)

if TYPE_CHECKING:
    from bot.pack.model import Pack, Roadmap, Role, Statement, Task

HOURS_OFFERED = (3, 5, 8, 10, 15, 20, 30, 40)
HOURS_SHOWN = (5, 10)  # a week, where the learner named none
ROLE_ROWS = 7
PROJECTS = "projects"
NOTHING_STORED = "Looking around stores nothing; your first tick does."


def overview(here: Journey, hours: int | None = None, said: tuple[Block, ...] = (), undo: int | None = None) -> Reply:
    """Show where a learner is: what was just said, the next task in full, the steps around it, the effort left."""
    if here.standing.next is None:
        return _finished(here, said, undo)
    blocks = (*said, task_facts(here, here.standing.next), _steps(here), *_effort(here, hours))
    return Reply(
        f"{here.roadmap.name}: your next task",
        (*blocks, *sources_of(blocks, here.pack)),
        (
            *task_buttons(here, here.standing.next),
            *undo_button(undo),
            Button("This step", _step_line(here)),
            Button("All steps", f"roadmap steps {here.roadmap.id}"),
            Button("I already know…", f"roadmap have {here.roadmap.id}"),
            Button("Study nudges", f"nudge {here.roadmap.id}"),
            _around(here),
            Menu("Hours a week", tuple(Button(f"{n} hours", f"roadmap {here.roadmap.id} {n}h") for n in HOURS_OFFERED)),
        ),
    )


def task_facts(here: Journey, task: Task) -> Facts:
    """Show one task in full: how long, when it is done, a tip, and the step that it is for."""
    step = step_with(here.roadmap, task)
    number = here.roadmap.steps.index(step) + 1
    rows = [Fact("Takes", Cited(f"{task.minutes} minutes")), Fact("Done when", Cited(task.done_when))]
    rows += [Fact("Tip", Cited(task.tip))] if task.tip else []
    rows.append(Fact("Part of", Cited(f"step {number} of {len(here.roadmap.steps)}, {step.title}")))
    begun = here.standing.tasks[task.id] is StepState.STARTED
    return Facts(tuple(rows), Cited(f"Begun: {task.title}" if begun else task.title))


def task_buttons(here: Journey, task: Task) -> tuple[Button, ...]:
    """Offer what can be said of one task; done is first."""
    rest = f"{here.roadmap.id} {task.id}"
    some = () if here.standing.tasks[task.id] is StepState.STARTED else (Button("Did some", f"roadmap some {rest}"),)
    return (
        Button("Done", f"roadmap done {rest}"),
        *some,
        Button("Skip", f"roadmap skip {rest}"),
        Button("I know this", f"roadmap known {rest}"),
    )


def undo_button(event: int | None) -> tuple[Button, ...]:
    """Offer to take one press back, named by its number."""
    return () if event is None else (Button("Undo", f"roadmap undo #{event}"),)


def open_again(roadmap: Roadmap, tasks: tuple[Task, ...]) -> tuple[Menu, ...]:
    """Offer to take up again tasks that were settled."""
    return menus("Open again", [Button(task.title, f"roadmap open {roadmap.id} {task.id}") for task in tasks])


def _step_line(here: Journey) -> str:
    step = here.standing.next_step or here.roadmap.steps[0]
    return f"roadmap step {here.roadmap.id} {step.id}"


def _steps(here: Journey) -> Steps:
    """List the steps with their states; a step that nobody has touched needs no count."""
    items = []
    for step in here.roadmap.steps:
        state, settled = here.standing.steps[step.id], here.settled(step)
        count = Cited(f"{settled} of {len(step.tasks)} tasks") if settled or state is not StepState.OPEN else None
        items.append(Step(step.title, state, count))
    behind = sum(map(here.settled, here.roadmap.steps))
    return Steps(tuple(items), Cited(f"{behind} of {len(here.standing.tasks)} tasks behind you"))


def _effort(here: Journey, hours: int | None) -> tuple[Block, ...]:
    """Put our estimate of the effort left beside the sources' own total."""
    left = here.standing.hours_left
    paces = (hours,) if hours else HOURS_SHOWN
    spans = " or ".join(f"{_count(weeks_left(left, pace), 'week')} at {_count(pace, 'hour')}" for pace in paces)
    ours = Note(Cited(f"Our estimate: about {_count(left, 'hour')} left, {spans} a week."), "ours")
    totals = tuple(Fact("In the articles", claim_cited(claim, here.pack)) for claim in here.roadmap.total)
    return (ours, *((Facts(totals),) if totals else ()))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _around(here: Journey, *offered: str) -> Menu:
    """Offer what stands around a roadmap: aspects not offered yet, its other versions, a fresh start."""
    pack, roadmap = here.pack, here.roadmap
    aspects = [aspect for aspect in pack.aspects.values() if aspect.shown_in == "roadmap" and aspect.id not in offered]
    versions = [r for r in pack.roadmaps.values() if r.progress_key == roadmap.progress_key and r is not roadmap]
    return Menu(
        "Around this roadmap",
        (
            *(Button(aspect.name, f"compare {roadmap.role} {aspect.id}") for aspect in aspects),
            *(Button(f"Roadmap: {other.name}", f"roadmap {other.id}") for other in versions),
            *(() if here.own else (Button("Make this my roadmap", f"roadmap follow {roadmap.id}"),)),
            Button("Other roadmaps", "roadmap choose"),
            Button("Start over", f"roadmap reset {roadmap.id}"),
        ),
    )


def _finished(here: Journey, said: tuple[Block, ...], undo: int | None) -> Reply:
    pack, roadmap, counts = here.pack, here.roadmap, here.standing.counts
    states = (StepState.DONE, StepState.KNOWN, StepState.SKIPPED)
    told = ", ".join(f"{counts[state]} {state.value}" for state in states if counts[state])
    skipped = here.tasks_in(StepState.SKIPPED)
    blocks: tuple[Block, ...] = (
        *said,
        Paragraph(Cited(f"Nothing is left to do here: {told}. What comes next is a project of your own.")),
        *((Bullets(tuple(Cited(task.title) for task in skipped), Cited("Skipped")),) if skipped else ()),
    )
    others = [other for other in whole_roadmaps(pack) if other.progress_key != roadmap.progress_key]
    ideas = (Button("Project ideas", f"compare {roadmap.role} {PROJECTS}"),) if PROJECTS in pack.aspects else ()
    actions: tuple[Action, ...] = (
        *ideas,
        *(Button(f"Roadmap: {other.name}", f"roadmap {other.id}") for other in others),
        *undo_button(undo),
        *open_again(here.roadmap, skipped),
        Button("All steps", f"roadmap steps {roadmap.id}"),
        _around(here, PROJECTS),
    )
    return Reply(f"{roadmap.name}: you are through", blocks, actions)


def chooser(pack: Pack, hours: int | None = None, said: tuple[Block, ...] = (), undo: int | None = None) -> Reply:
    """Ask which roadmap to look at."""
    pace = f" {hours}h" if hours else ""
    whole = whole_roadmaps(pack)
    variants = [roadmap for roadmap in pack.roadmaps.values() if roadmap not in whole]
    mapped = {roadmap.role for roadmap in whole}
    return Reply(
        "Which roadmap?",
        (*said, Paragraph(Cited(f"Each shows one task at a time, small enough for today. {NOTHING_STORED}"))),
        (
            *(Button(roadmap.name, f"roadmap {roadmap.id}{pace}") for roadmap in (*whole, *variants)),
            *(Button(role.name, f"roadmap {role.id}") for role in pack.roles.values() if role.id not in mapped),
            *undo_button(undo),
            Button("I already know…", "roadmap have"),
            *fit_button(pack),
        ),
    )


def unmapped(pack: Pack, role: Role) -> Reply:
    """Say that the sources give no roadmap to a role, what it asks for, and which roadmap comes nearest."""
    asked = _asked_of(pack, role)
    rows = tuple(Fact(pack.aspects[each.aspect].name, in_one_line(each, pack)) for each in asked)
    nearest = roadmap_to(pack, role.nearest) if role.nearest else None
    blocks: tuple[Block, ...] = (
        Paragraph(Cited("Our sources lay out no steps towards it, so neither do we.")),
        *((Facts(rows, Cited("What they say of it")),) if rows else ()),
        *((Note(Cited(f"The nearest roadmap is the one to {nearest.name}.")),) if nearest else ()),
    )
    return Reply(
        f"{role.name}: no roadmap in our sources",
        (*blocks, *sources_of(blocks, pack)),
        (
            *((Button(f"Roadmap: {nearest.name}", f"roadmap {nearest.id}"),) if nearest else ()),
            Button(f"All on {role.name}", f"compare {role.id}"),
            Button("Other roadmaps", "roadmap choose"),
        ),
    )


def _asked_of(pack: Pack, role: Role) -> list[Statement]:
    """Choose what to tell of a role: what decides the way in, what it asks for by degrees, what else is said of it."""
    way_in = pack.fit.asks_for.get(role.id) if pack.fit else None
    first: dict[str, Statement] = {}
    for statement in pack.statements.values():
        if statement.roles == (role.id,) and not isinstance(statement.content, Gap):
            if statement.id == way_in:
                first[statement.aspect] = statement
            first.setdefault(statement.aspect, statement)
    chosen = [first[aspect] for aspect in list(pack.aspects)[1:] if aspect in first]
    return sorted(chosen, key=lambda said: (said.id != way_in, said.degree is None))[:ROLE_ROWS]
