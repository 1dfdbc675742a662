"""opsdroid's way from a message to a skill that does nothing: three skills by regular expression, no network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from opsdroid.cli.utils import configure_lang
from opsdroid.core import OpsDroid
from opsdroid.events import Message
from opsdroid.matchers import match_regex

from benchmarks.worker import serve

NAMES = ("compare", "roadmap", "fit")
LINE = "compare ai ml salary"


def _skill(name: str) -> Callable[..., Awaitable[None]]:
    @match_regex(rf"^{name}\b")
    async def empty(_opsdroid: OpsDroid, _config: dict[str, Any], message: Message) -> None:
        message.respond_count = 1

    return empty


def _dispatch(opsdroid: OpsDroid, count: int) -> Callable[[], None]:
    messages = [Message(text=LINE, user="ada", user_id="ada", target="room") for _ in range(count)]

    async def parse_all() -> None:
        for message in messages:
            await opsdroid.parse(message)
        if not all(hasattr(message, "respond_count") for message in messages):
            raise RuntimeError("opsdroid did not run the skill")

    return lambda: opsdroid.eventloop.run_until_complete(parse_all())


def main() -> None:
    """Serve the one operation, `dispatch`."""
    configure_lang({})  # opsdroid's own command installs the `_` that its modules expect
    with OpsDroid(config={}) as opsdroid:
        for name in NAMES:
            opsdroid.register_skill(_skill(name), {"name": name})
        serve({"dispatch": lambda count: _dispatch(opsdroid, count)})


if __name__ == "__main__":
    main()
