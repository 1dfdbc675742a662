"""Our side of the pairs: answers given anew and again, and a pack read by us and by PyYAML's C loader alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.worker import Operation, serve
from bot.app import Bot
from bot.pack.lint import check
from bot.pack.load import load_pack, shipped_pack
from bot.request import Request

if TYPE_CHECKING:
    from bot.store.engine import Store

LINE = "compare ai ml salary"
DAY = datetime(2026, 12, 1, 12, tzinfo=UTC)


async def _no_store() -> Store:
    raise LookupError("an answer without a learner opened the store")


def new_requests() -> Iterator[Request]:
    """Yield requests for one and the same answer, none of which a cache can know: other capitals, another day."""
    spellings = product(*({letter, letter.upper()} for letter in LINE))
    for number, letters in enumerate(spellings):
        text = "".join(letters)
        yield Request(text, DAY + timedelta(days=1 + number))


def answers(bot: Bot, loop: asyncio.AbstractEventLoop) -> dict[str, Operation]:
    """Return the operations on a bot: `cached`, the same request again, and `uncached`, each request a new one."""
    fresh = new_requests()

    def prepare(requests: list[Request]) -> Callable[[], object]:
        async def answer_all() -> None:
            for request in requests:
                await bot.answer(request)

        return lambda: loop.run_until_complete(answer_all())

    loop.run_until_complete(bot.answer(Request(LINE, DAY)))
    return {
        "cached": lambda count: prepare([Request(LINE, DAY)] * count),
        "uncached": lambda count: prepare(list(islice(fresh, count))),
    }


def packs(folder: Path) -> dict[str, Operation]:
    """Return the operations on a pack: `load`, `check` (all of the lint) and `yaml`, the C loader alone."""
    files = sorted(folder.rglob("*.yaml"))

    def parse_all() -> None:
        for file in files:
            yaml.load(file.read_bytes(), yaml.CSafeLoader)

    def again(operation: Callable[[], object]) -> Operation:
        return lambda count: lambda: [operation() for _ in range(count)]

    return {
        "load": again(lambda: load_pack(folder)),
        "check": again(lambda: check(folder, today=DAY.date())),
        "yaml": again(parse_all),
    }


def main() -> None:
    """Serve all operations on the shipped pack."""
    folder = shipped_pack()
    with asyncio.Runner() as runner:
        bot = Bot(folder, _no_store, lambda: False)
        serve({**answers(bot, runner.get_loop()), **packs(folder)})


if __name__ == "__main__":
    main()
