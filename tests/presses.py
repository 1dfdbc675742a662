"""How tests press buttons on a roadmap."""

from __future__ import annotations

from bot.pack.model import Roadmap, Task
from bot.progress import tasks_of
from bot.reply import Reply, buttons
from tests.conftest import Say, words


def lines(reply: Reply) -> list[str]:
    """List the lines of a reply's buttons, those in menus included."""
    return [button.line for button in buttons(reply)]


def line_of(reply: Reply, label: str) -> str:
    """Return the line of the one button with this label."""
    (line,) = [button.line for button in buttons(reply) if button.label == label]
    return line


def asked(reply: Reply, roadmap: Roadmap) -> Task | None:
    """Return the task that a reply asks for, None when the roadmap is finished."""
    first = lines(reply)[0]
    return next((task for task in tasks_of(roadmap) if first == f"roadmap done {roadmap.id} {task.id}"), None)


async def press_to_the_end(say: Say, roadmap: Roadmap) -> tuple[list[Task], Reply]:
    """Press the first button until no task is asked any more; return the tasks asked, and the last reply."""
    reply, tasks = await say(f"roadmap {roadmap.id}"), []
    while task := asked(reply, roadmap):
        assert task not in tasks, "a task that was done is asked again"
        tasks.append(task)
        reply = await say(lines(reply)[0])
        assert f"Done: {task.title}" in words(reply)
    return tasks, reply
