"""errbot's way from a message to a command that does nothing, over its thread pool, until the command has run.

The backend is the smallest that errbot takes, and no core plugin is loaded: a real errbot does more a message.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from errbot import botcmd
from errbot.backends.base import Message, Person
from errbot.bootstrap import bot_config_defaults
from errbot.core import ErrBot

from benchmarks.worker import serve

LINE = "!compare ai ml salary"


class Someone(Person):
    """An identifier with a name and nothing else."""

    def __init__(self, name: str) -> None:
        self._name = name

    person = nick = fullname = aclattr = property(lambda self: self._name)
    client = email = property(lambda _: "")


class Loopback(ErrBot):
    """A backend without a network."""

    mode = "loopback"
    bot_identifier = Someone("bot")

    def build_identifier(self, name: str) -> Someone:
        """Make an identifier of a name."""
        return Someone(name)

    def build_reply(self, _message: Message, text: str | None = None, **_: object) -> Message:
        """Make a reply; an empty command never has one."""
        return Message(text)

    def serve_forever(self) -> None:
        """Do nothing: messages come from this benchmark."""

    connect = change_presence = prefix_groupchat_reply = query_room = rooms = serve_forever


class Empty:
    """Three commands; each only says that it has run."""

    name = "empty"

    def __init__(self) -> None:
        self.ran = threading.Semaphore(0)

    @botcmd
    def compare(self, _message: Message, _words: str) -> None:
        """Compare nothing."""
        self.ran.release()

    @botcmd
    def roadmap(self, _message: Message, _words: str) -> None:
        """Plan nothing."""
        self.ran.release()

    @botcmd
    def fit(self, _message: Message, _words: str) -> None:
        """Fit nothing."""
        self.ran.release()


def _dispatch(bot: Any, commands: Empty, count: int) -> Callable[[], None]:  # noqa: ANN401 - errbot has no types
    ada = bot.build_identifier("ada")
    messages = [Message(LINE, frm=ada, to=bot.bot_identifier) for _ in range(count)]

    def process_all() -> None:
        for message in messages:
            bot.process_message(message)
            commands.ran.acquire()

    return process_all


def main() -> None:
    """Serve the one operation, `dispatch`."""
    config = SimpleNamespace(BOT_ADMINS=("ada",), BOT_IDENTITY={"username": "bot"})
    bot_config_defaults(config)
    bot, commands = Loopback(config), Empty()
    bot.inject_commands_from(commands)
    serve({"dispatch": lambda count: _dispatch(bot, commands, count)})


if __name__ == "__main__":
    main()
