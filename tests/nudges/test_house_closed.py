"""Nudges that admins have switched off: nothing goes out, nothing is lost, and no burst when they are on again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from platforms import MONDAY, World

from bot.house import Freedom, House
from bot.nudges.model import DeliveryState, RuleState, trial_key
from bot.nudges.outcome import Envelope, Outcome, Sent
from bot.nudges.verdict import FORBIDDEN
from bot.store.backlog import backlog
from bot.store.engine import Store

SENT, FOLDED = DeliveryState.SENT, DeliveryState.FOLDED
HERE = "terminal"


async def test_what_falls_due_while_they_are_off_is_never_sent_and_the_next_one_comes(world: World) -> None:
    ana = await world.learner()
    await world.store.houses.forbid(HERE, Freedom.NUDGES, world.clock.at)
    assert await world.sweep() == {}
    world.clock.forward(hours=2)
    assert (await world.rule(ana)).state is RuleState.ACTIVE  # the learner's own choice stays
    await world.store.houses.allow(HERE, Freedom.NUDGES, world.clock.at)
    assert await world.sweep() == {FOLDED: 1}
    assert await world.states(ana) == [(FOLDED, FORBIDDEN.reason)]
    world.clock.at = MONDAY + timedelta(days=7)
    assert await world.sweep() == {SENT: 1}


async def test_what_was_put_off_into_that_time_is_not_sent_afterwards_either(world: World) -> None:
    ana = await world.learner()
    await world.store.deliveries.add(ana, trial_key("1"), world.clock.at)
    await world.store.houses.forbid(HERE, Freedom.NUDGES, world.clock.at)
    world.clock.forward(minutes=1)
    await world.store.houses.allow(HERE, Freedom.NUDGES, world.clock.at)
    await world.sweep()
    assert world.platform.calls == []
    assert {state for state, _ in await world.states(ana)} == {FOLDED}


async def test_an_opt_in_that_slips_in_while_they_are_off_sends_nothing(world: World) -> None:
    await world.store.houses.forbid(HERE, Freedom.NUDGES, world.clock.at)
    await world.learner()
    assert await world.sweep() == {}
    counted = await backlog(world.store.database, world.clock.at + timedelta(hours=1))
    assert counted.due == 0  # no alarm for what nobody will send


async def test_switched_off_during_a_sweep_no_call_begins_any_more(world: World) -> None:
    for person in ("ana", "ben", "cem"):
        await world.learner(person)

    async def forbidding(_envelope: Envelope) -> Outcome:
        await world.store.houses.forbid(HERE, Freedom.NUDGES, world.clock.at)
        return Sent("it was under way")

    world.pace = world.pace.__class__(1, 1)
    world.platform.answers = [forbidding]
    assert await world.sweep() == {SENT: 1}
    assert len(world.platform.calls) == 1


async def test_another_lane_goes_on(world: World) -> None:
    await world.learner("ana", lane="terminal:1")
    await world.learner("ben", lane="terminal:2")
    await world.store.houses.forbid("terminal:1", Freedom.NUDGES, world.clock.at)
    await world.sweep()
    assert world.platform.people() == ["ben"]


async def test_a_lane_stopped_by_hand_stays_stopped_when_nudges_are_allowed(world: World) -> None:
    await world.learner()
    await world.store.houses.forbid(HERE, Freedom.NUDGES, world.clock.at)
    await world.store.lanes.stop(HERE, "paused by an operator")
    await world.store.houses.allow(HERE, Freedom.NUDGES, world.clock.at)
    assert await world.sweep() == {}


async def test_two_admins_at_once_leave_the_state_that_both_asked_for(store: Store) -> None:
    houses = store.houses
    changed = await asyncio.gather(
        houses.hide("h", "pay", MONDAY), houses.hide("h", "pay", MONDAY), houses.forbid("h", Freedom.SHARING, MONDAY)
    )
    assert sorted(changed) == [False, True, True]
    assert await houses.find("h") == House("h", frozenset({"pay"}), frozenset({Freedom.SHARING}))
    assert await houses.find("other") == House("other")
    assert await houses.show("h", "pay", MONDAY) is True
    assert await houses.show("h", "pay", MONDAY) is False
    assert (await houses.find("h")).hidden == frozenset()


async def test_the_rules_go_with_their_lane(world: World) -> None:
    await world.learner()
    await world.store.houses.hide(HERE, "pay", MONDAY)
    await world.store.lanes.delete(HERE)
    assert await world.store.houses.find(HERE) == House(HERE)


async def test_counts_are_of_one_community(world: World) -> None:
    ana = await world.learner("ana")
    await world.learner("ben", lane="terminal:2")
    await world.store.learners.set_roadmap(ana.id, "ml-engineer")
    await world.store.fits.keep(ana.id, ".a1", "v", MONDAY)
    found = await world.store.houses.counts(HERE)
    assert (found.learners, found.nudged, found.on_roadmap, found.fits) == (1, 1, 1, 1)
