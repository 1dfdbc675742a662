"""Lines from a person at a keyboard: a prompt with completion and a history. Knows no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.shortcuts import CompleteStyle

from bot.present import asked, pair
from bot.reply import Bullets, Cited, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from bot.pack.model import Pack


def greeting(pack: Pack) -> Reply:
    """Say what can be typed here."""
    return Reply(
        f"Waymark: {pack.name}, and how to get there. Every fact names its source.",
        (
            Bullets(
                (
                    Cited(f"{' '.join(('compare', *pair(pack)))} — two side by side; any order, any spelling"),
                    Cited(f"{asked(pack)} — or any question of your own"),
                    Cited("help — everything else; a number presses a choice; Ctrl-D leaves"),
                )
            ),
        ),
    )


async def typed(candidates: Callable[[str], list[str]]) -> AsyncIterator[str]:
    """Yield what is typed, line by line, until Ctrl-C or Ctrl-D.

    `candidates` lists the words that can stand next in a line.
    """
    session: PromptSession[str] = PromptSession(
        "> ",
        history=history(user_state_path("waymark", appauthor=False)),
        completer=Words(candidates),
        complete_style=CompleteStyle.READLINE_LIKE,  # the other styles keep eight empty lines under the prompt
    )
    while True:
        try:
            yield await session.prompt_async()
        except (EOFError, KeyboardInterrupt):
            return


async def above_the_prompt(show: Callable[[], None]) -> None:
    """Show something while a line is being typed, without disturbing it."""
    await run_in_terminal(show)


def history(folder: Path) -> History:
    """Open the history file, readable by its owner only; where it cannot be written, remember for this chat only."""
    file = folder / "history"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))


class Words(Completer):
    """Completes the word before the cursor from the words that can stand there."""

    def __init__(self, candidates: Callable[[str], list[str]]) -> None:
        self._candidates = candidates

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """Yield what begins like the word before the cursor."""
        text = document.text_before_cursor
        begun = text.rpartition(" ")[2]
        for word in self._candidates(text):
            if word.startswith(begun.removeprefix("/").casefold()):
                yield Completion(word, start_position=-len(begun))
