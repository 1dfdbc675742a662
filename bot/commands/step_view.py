"""One step in full, one task in full, and all steps at a glance. Pure: knows no store and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.journey import Journey, step_with
from bot.commands.roadmap_view import open_again, task_buttons, task_facts
from bot.present import bullets, claim_cited, menus, sources_of
from bot.progress import SETTLED
from bot.reply import Block, Bullets, Button, Cited, Fact, Facts, Menu, Reply, Step, Steps, StepState

if TYPE_CHECKING:
    from bot.pack.model import Pack, RoadmapStep, Task


def task_view(here: Journey, task: Task) -> Reply:
    """Show one task in full, whatever its state."""
    settled = here.standing.tasks[task.id] in SETTLED
    again = (Button("Open again", f"roadmap open {here.roadmap.id} {task.id}"),) if settled else ()
    state = f" ({here.standing.tasks[task.id].value})" if settled else ""
    return Reply(
        f"{here.roadmap.name}: one task{state}",
        (task_facts(here, task),),
        (
            *(again or task_buttons(here, task)),
            Button("Its step", f"roadmap step {here.roadmap.id} {step_with(here.roadmap, task).id}"),
            _back(here),
        ),
    )


def step_view(here: Journey, step: RoadmapStep) -> Reply:
    """Show one step: what the sources ask for, our tasks with their ticks, the mistake made here, a project."""
    pack, steps = here.pack, here.roadmap.steps
    learn = tuple(claim_cited(claim, pack) for claim in step.learn)
    blocks: tuple[Block, ...] = (
        *((Bullets(learn, Cited("What the articles ask for")),) if learn else ()),
        _tasks(here, step),
        Facts(_frame(here, step), Cited("The whole step, as we see it")),
        *_statements(pack, "The mistake people make here", step.mistake),
        *_statements(pack, "A project for it", step.project),
        *_statements(pack, "Worth knowing", *step.see),
        *_resources(step),
    )
    return Reply(
        f"Step {steps.index(step) + 1} of {len(steps)}: {step.title}",
        (*blocks, *sources_of(blocks, pack)),
        (*_task_menus(here, step), *_neighbours(here, step), Button("All steps", _all(here)), _back(here)),
    )


def steps_view(here: Journey) -> Reply:
    """Show all steps with their effort and measure of done, and what was skipped."""
    items = tuple(
        Step(step.title, here.standing.steps[step.id], Cited(f"{_progress(here, step)}. Done when: {step.done_when}"))
        for step in here.roadmap.steps
    )
    skipped = here.tasks_in(StepState.SKIPPED)
    return Reply(
        f"{here.roadmap.name}: all steps",
        (
            Steps(items, Cited("Steps, hours and measures are ours; what they rest on stands in each step.")),
            *((Bullets(tuple(Cited(task.title) for task in skipped), Cited("Skipped")),) if skipped else ()),
        ),
        (
            *menus(
                "Open a step", [Button(s.title, f"roadmap step {here.roadmap.id} {s.id}") for s in here.roadmap.steps]
            ),
            *open_again(here.roadmap, skipped),
            _back(here),
        ),
    )


def _progress(here: Journey, step: RoadmapStep) -> str:
    return f"{here.settled(step)} of {len(step.tasks)} tasks, about {step.hours} hours"


def _tasks(here: Journey, step: RoadmapStep) -> Steps:
    items = tuple(
        Step(task.title, here.standing.tasks[task.id], Cited(f"{task.minutes} min. Done when: {task.done_when}"))
        for task in step.tasks
    )
    return Steps(items, Cited("Tasks, ours"))


def _frame(here: Journey, step: RoadmapStep) -> tuple[Fact, ...]:
    pack = here.pack
    titles = {each.id: each.title for each in here.roadmap.steps}
    rows = (
        ("Effort", f"about {step.hours} hours, practice included"),
        ("Done when", step.done_when),
        ("After", ", ".join(titles[need] for need in step.needs)),
        ("Skills", ", ".join(pack.skills[skill].name for skill in step.skills)),
        ("Tools", ", ".join(pack.tools[tool].name for tool in step.tools)),
    )
    return tuple(Fact(label, Cited(text)) for label, text in rows if text)


def _statements(pack: Pack, heading: str, *ids: str | None) -> tuple[Block, ...]:
    return bullets((pack.statements[each] for each in ids if each), pack, heading)


def _resources(step: RoadmapStep) -> tuple[Block, ...]:
    items = tuple(
        Cited(f"{each.title}, {'free' if each.free else 'paid'}: {each.url}", each.sources) for each in step.resources
    )
    return (Bullets(items, Cited("To learn from")),) if items else ()


def _task_menus(here: Journey, step: RoadmapStep) -> tuple[Menu, ...]:
    line = here.roadmap.id
    left = [task for task in step.tasks if here.standing.tasks[task.id] not in SETTLED]
    settled = tuple(task for task in step.tasks if task not in left)
    return (
        *menus("Tick a task", [Button(task.title, f"roadmap done {line} {task.id}") for task in left]),
        *menus("Open a task", [Button(task.title, f"roadmap task {line} {task.id}") for task in step.tasks]),
        *open_again(here.roadmap, settled),
    )


def _neighbours(here: Journey, step: RoadmapStep) -> tuple[Button, ...]:
    steps = here.roadmap.steps
    place = steps.index(step)
    pairs = (("Step before", place - 1), ("Next step", place + 1))
    return tuple(
        Button(label, f"roadmap step {here.roadmap.id} {steps[at].id}") for label, at in pairs if 0 <= at < len(steps)
    )


def _all(here: Journey) -> str:
    return f"roadmap steps {here.roadmap.id}"


def _back(here: Journey) -> Button:
    return Button("Back to the next task", f"roadmap {here.roadmap.id}")
