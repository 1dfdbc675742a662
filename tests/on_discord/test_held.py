"""Who cannot be reached is told with the next command, once, and what to change."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from doubles.discord_listening import NOW, listening
from doubles.discord_people import Person, labels, text

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import Ending, RuleState
from bot.request import Learner

if TYPE_CHECKING:
    from doubles.discord import Discord

    from bot.app import Bot
    from bot.store.engine import Store
    from bot.store.learners import StoredLearner

WEEKLY = Rule(frozenset({0}), time(9), "UTC")


async def with_rule(store: Store, person: str) -> StoredLearner:
    learner = await store.learners.ensure(Learner("discord", person), NOW)
    await store.rules.set(learner, WEEKLY, next_occurrence(WEEKLY, datetime(2026, 11, 21, tzinfo=UTC)), NOW)
    return learner


async def test_whose_nudges_are_held_hears_it_with_the_next_command_and_once(discord: Discord, bot: Bot) -> None:
    store = await bot.store()
    ana = await with_rule(store, "42")
    await with_rule(store, "43")
    await store.rules.halt(ana.id, Ending(RuleState.SUSPENDED, "direct messages are closed to this bot"), NOW)
    async with listening(discord, bot) as listener:
        await listener.held.refresh()
        told = await Person(discord, "42").command("compare", role="ai-engineer")
        assert "Your nudges are held" in text(told)
        assert "### AI engineer" in text(told)
        assert labels(told)[0] == "Try again"
        assert "held" not in text(await Person(discord, "42").command("compare", role="ai-engineer"))
        assert "held" not in text(await Person(discord, "43").command("compare", role="ai-engineer"))
        await listener.held.refresh()
        assert "held" not in text(await Person(discord, "42").command("compare", role="ai-engineer"))


async def test_it_is_told_again_when_it_happens_again(discord: Discord, bot: Bot) -> None:
    store = await bot.store()
    ana = await with_rule(store, "42")
    async with listening(discord, bot) as listener:
        for _ in range(2):
            await store.rules.halt(ana.id, Ending(RuleState.SUSPENDED, "closed"), NOW)
            await listener.held.refresh()
            assert "held" in text(await Person(discord, "42").command("compare"))
            await with_rule(store, "42")
            await listener.held.refresh()
