"""What all tests share: the shipped pack, a bot on it with a real store, a learner, a moment."""

from __future__ import annotations

import gc
import zoneinfo
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.app import Bot
from bot.pack.load import load_pack, shipped_pack
from bot.pack.model import Pack
from bot.reply import Reply, cited
from bot.request import Learner, Place, Request

# A loaded machine is no failure; and what fails once must fail again, here and in CI.
settings.register_profile("waymark", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("waymark")

# The tracebacks that structlog draws by itself cost half a second each; an error's name is enough here.
plain = structlog.dev.ConsoleRenderer(
    colors=False, exception_formatter=lambda to, error: print(repr(error[1]), file=to)
)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])

zoneinfo.reset_tzpath(())  # the pinned zone data, as `waymark` takes it

pytest_plugins = ("databases",)

Say = Callable[..., Awaitable[Reply]]


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Let the garbage collector see again what a command under test froze because its process was to end."""
    often = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """Return the shipped pack."""
    return load_pack(shipped_pack())


@pytest.fixture
def at() -> datetime:
    """Return the moment at which everything happens."""
    return datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def learner() -> Learner:
    """Return the person who asks."""
    return Learner("terminal", "local")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """Yield a bot on the shipped pack, with a store in a real SQLite file."""
    from bot.store.engine import Store, open_store  # noqa: PLC0415 - dear; most tests need no store

    file = tmp_path / "waymark.sqlite3"

    async def opened() -> Store:
        return await open_store(f"sqlite:///{file}")

    made = Bot(shipped_pack(), opened, file.exists)
    yield made
    await made.close()


@pytest.fixture
def say(bot: Bot, at: datetime, learner: Learner) -> Say:
    """Return what asks the bot one line, privately and as the learner unless told otherwise."""

    async def ask(text: str, place: Place = Place.PRIVATE, who: Learner | None = learner) -> Reply:
        return await bot.answer(Request(text, at, who, place))

    return ask


def words(reply: Reply) -> str:
    """Return all that a reply says, for a test to look into."""
    labels = (block.label for part in reply.blocks for block in getattr(part, "rows", ()) if hasattr(block, "label"))
    return "\n".join((reply.title, *labels, *(text.text for text in cited(reply.blocks))))
