"""Rules, deliveries and lanes as they are kept: for one learner each, and only as far as was asked."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.nudges.calendar import Occurrence, Rule, next_occurrence
from bot.nudges.landing import PENDING, SENDING, Landing
from bot.nudges.model import DeliveryState, Ending, RuleState, snooze_key, trial_key
from bot.request import Learner
from bot.store.engine import Store
from bot.store.lanes import StoredLane
from bot.store.learners import StoredLearner
from bot.store.queue import Falling

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKLY = Rule(frozenset({0}), time(9), "UTC")
LATER = timedelta(minutes=3)


async def _learner(store: Store, person: str = "ana", lane: str = "terminal") -> StoredLearner:
    learner = await store.learners.ensure(Learner(lane, person), NOW)
    await store.rules.set(learner, WEEKLY, Occurrence(NOW.date(), NOW), NOW)
    return learner


async def _lane(store: Store, lane_id: str = "terminal") -> StoredLane:
    lane = await store.lanes.find(lane_id)
    assert lane
    return lane


async def _fall_due(store: Store, weeks: int = 1) -> None:
    """Make the deliveries of so many weeks."""
    for _ in range(weeks):
        due = await store.rules.due("terminal", NOW + timedelta(days=365), 100)
        falling = [Falling(whose, kept, next_occurrence(kept.rule, kept.due.at)) for whose, kept in due if kept.due]
        made = await store.queue.enqueue(falling, NOW)
        assert [one.learner for one in made] == [one.learner for one in falling]
        for one in made:
            assert await store.deliveries.find(one.delivery.id, one.learner.id) == one.delivery
            assert await store.rules.of(one.learner.id) == one.rule


async def _land(store: Store, learner: StoredLearner, *states: DeliveryState) -> None:
    """Bring a learner's deliveries, the oldest first, to these states."""
    for state, one in zip(states, reversed(await store.deliveries.of(learner.id, 100)), strict=True):
        act_at = NOW if state in {DeliveryState.PENDING, DeliveryState.UNCLEAR} else None
        landing = Landing(one.id, learner.id, 0, PENDING, state, "because", act_at, ref=f"ref {one.id}")
        await store.queue.land([landing], NOW + LATER)


async def test_a_rule_is_read_as_it_was_set(store: Store) -> None:
    ana = await store.learners.ensure(Learner("terminal", "ana"), NOW)
    rule = Rule(frozenset({1, 4, 6}), time(21, 30), "America/Argentina/Buenos_Aires")
    due = next_occurrence(rule, NOW)
    await store.rules.set(ana, rule, due, NOW)
    kept = await store.rules.of(ana.id)
    assert kept
    assert (kept.rule, kept.due, kept.state) == (rule, due, RuleState.ACTIVE)
    assert (kept.lane, kept.reason, kept.paused_until, kept.discreet) == ("terminal", None, None, False)


async def test_a_rule_that_waits_for_a_confirmation_is_not_due_until_it_is_resumed(store: Store) -> None:
    ana = await store.learners.ensure(Learner("terminal", "ana"), NOW)
    await store.rules.set(ana, WEEKLY, None, NOW)
    kept = await store.rules.of(ana.id)
    assert kept
    assert (kept.state, kept.due) == (RuleState.WAITING, None)
    assert (await _lane(store)).next_at is None
    assert await store.rules.resume(ana, Occurrence(NOW.date(), NOW), NOW)
    assert (await _lane(store)).next_at == NOW


async def test_discretion_outlasts_a_change_of_the_rule(store: Store) -> None:
    ana = await _learner(store)
    await store.rules.set_discreet(ana.id, discreet=True)
    await store.rules.set(ana, WEEKLY, Occurrence(NOW.date(), NOW), NOW)
    kept = await store.rules.of(ana.id)
    assert kept
    assert kept.discreet


@pytest.mark.parametrize("state", [RuleState.PAUSED, RuleState.STOPPED, RuleState.SUSPENDED])
async def test_a_halt_cancels_what_is_pending_but_no_trial_and_nobody_elses(store: Store, state: RuleState) -> None:
    ana, ben = await _learner(store), await _learner(store, "ben")
    await _fall_due(store)
    await store.deliveries.add(ana, snooze_key(1), NOW)
    await store.deliveries.add(ana, trial_key("p"), NOW)
    assert await store.rules.halt(ana.id, Ending(state, "why"), NOW + LATER)
    kept = await store.rules.of(ana.id)
    assert kept
    assert (kept.state, kept.reason, kept.due) == (state, "why", None)
    states = {one.key[0]: (one.state, one.ended_at) for one in await store.deliveries.of(ana.id, 9)}
    cancelled = (DeliveryState.CANCELLED, NOW + LATER)
    assert states == {"w": cancelled, "s": cancelled, "t": (DeliveryState.PENDING, None)}
    assert [one.state for one in await store.deliveries.of(ben.id, 9)] == [DeliveryState.PENDING]


async def test_without_a_rule_there_is_nothing_to_halt_or_resume(store: Store) -> None:
    ana = await store.learners.ensure(Learner("terminal", "ana"), NOW)
    assert await store.rules.of(ana.id) is None
    assert not await store.rules.halt(ana.id, Ending(RuleState.PAUSED, "why"), NOW)
    assert not await store.rules.resume(ana, Occurrence(NOW.date(), NOW), NOW)


async def test_a_pause_until_a_date_moves_the_next_occurrence_and_cancels_what_is_pending(store: Store) -> None:
    ana = await _learner(store)
    await _fall_due(store)
    back = NOW + timedelta(days=30)
    due = next_occurrence(WEEKLY, back)
    assert await store.rules.resume(ana, due, NOW, back)
    kept = await store.rules.of(ana.id)
    assert kept
    assert (kept.state, kept.due, kept.paused_until) == (RuleState.ACTIVE, due, back)
    assert [one.state for one in await store.deliveries.of(ana.id, 9)] == [DeliveryState.CANCELLED]


async def test_a_rule_on_no_day_is_refused(store: Store) -> None:
    ana = await store.learners.ensure(Learner("terminal", "ana"), NOW)
    with pytest.raises(IntegrityError):
        await store.rules.set(ana, Rule(frozenset(), time(9), "UTC"), Occurrence(NOW.date(), NOW), NOW)


async def test_what_was_changed_since_it_was_read_does_not_fall_due(store: Store) -> None:
    ana, ben = await _learner(store), await _learner(store, "ben")
    read = await store.rules.due("terminal", NOW, 100)
    await store.rules.set(ana, WEEKLY, next_occurrence(WEEKLY, NOW), NOW)
    falling = [Falling(whose, kept, next_occurrence(kept.rule, NOW)) for whose, kept in read]
    assert [one.learner.id for one in await store.queue.enqueue(falling, NOW)] == [ben.id]
    assert await store.deliveries.of(ana.id, 9) == ()
    assert await store.queue.enqueue(falling, NOW) == []
    assert len(await store.deliveries.of(ben.id, 9)) == 1


async def test_a_delivery_is_nobody_elses(store: Store) -> None:
    ana, ben = await _learner(store), await _learner(store, "ben")
    one = await store.deliveries.add(ana, trial_key("p"), NOW)
    assert one
    assert await store.deliveries.find(one, ben.id) is None
    assert not await store.deliveries.answer(one, ben.id, "done", NOW)
    assert await store.deliveries.answer(one, ana.id, "done", NOW + LATER)
    found = await store.deliveries.find(one, ana.id)
    assert found
    assert (found.key, found.answer, found.answered_at) == ("t:p", "done", NOW + LATER)


async def test_a_key_is_taken_once_a_learner(store: Store) -> None:
    ana, ben = await _learner(store), await _learner(store, "ben")
    assert await store.deliveries.add(ana, snooze_key(7), NOW, 7)
    assert await store.deliveries.add(ana, snooze_key(7), NOW + LATER, 7) is None
    assert await store.deliveries.add(ben, snooze_key(7), NOW, 7)


async def test_the_last_ones_that_were_tried_come_the_newest_first_for_each_learner(store: Store) -> None:
    ana, ben, eve = await _learner(store), await _learner(store, "ben"), await _learner(store, "eve")
    await _fall_due(store, 3)
    sent, folded, unknown = DeliveryState.SENT, DeliveryState.FOLDED, DeliveryState.UNKNOWN
    await _land(store, ana, sent, folded, unknown)
    await _land(store, ben, sent, sent, sent)
    past = await store.deliveries.recent([ana.id, ben.id, eve.id], limit=2)
    assert [one.state for one in past[ana.id]] == [unknown, sent]
    assert [one.day for one in past[ben.id]] == [date(2026, 12, 7), date(2026, 11, 30)]
    assert eve.id not in past
    assert await store.deliveries.recent([]) == {}


async def test_the_last_occurrence_is_one_that_went_out_or_may_have(store: Store) -> None:
    ana = await _learner(store)
    assert await store.deliveries.last_occurrence(ana.id) is None
    await _fall_due(store, 4)
    await _land(store, ana, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.FOLDED)
    await store.deliveries.add(ana, snooze_key(1), NOW)
    last = await store.deliveries.last_occurrence(ana.id)
    assert last
    assert (last.day, last.state, last.ref) == (date(2026, 11, 30), DeliveryState.UNKNOWN, f"ref {last.id}")


async def test_a_landing_that_comes_from_another_state_or_attempt_changes_nothing(store: Store) -> None:
    ana = await _learner(store)
    await _fall_due(store)
    (one,) = await store.deliveries.of(ana.id, 9)
    for attempt, came_from in ((1, PENDING), (0, SENDING)):
        landing = Landing(one.id, ana.id, attempt, came_from, DeliveryState.SENT, ref="x")
        await store.queue.land([landing], NOW)
    assert await store.deliveries.of(ana.id, 9) == (one,)


async def test_what_ended_long_ago_is_forgotten_a_few_at_a_time_and_what_is_open_is_not(store: Store) -> None:
    ana = await _learner(store)
    await _fall_due(store, 5)
    states = [DeliveryState.SENT] * 2 + [DeliveryState.PENDING] + [DeliveryState.FOLDED] * 2
    await _land(store, ana, *states)
    before = NOW + timedelta(days=28)  # the last of them was due just then
    assert await store.deliveries.forget_before(before, 2) == 2
    assert await store.deliveries.forget_before(before, 2) == 1
    assert await store.deliveries.forget_before(before, 2) == 0
    left = [one.state for one in await store.deliveries.of(ana.id, 9)]
    assert left == [DeliveryState.FOLDED, DeliveryState.PENDING]


async def test_a_lane_wakes_at_the_earliest_of_what_is_put_into_it(store: Store) -> None:
    ana = await _learner(store)
    for moment, wakes in ((NOW + LATER, NOW), (NOW - LATER, NOW - LATER), (NOW, NOW - LATER)):
        await store.deliveries.add(ana, trial_key(str(moment)), moment)
        assert (await _lane(store)).next_at == wakes


async def test_a_lane_given_back_sleeps_until_the_first_of_its_rules_and_deliveries(store: Store) -> None:
    ana = await _learner(store)
    await store.rules.resume(ana, next_occurrence(WEEKLY, NOW), NOW)
    await store.deliveries.add(ana, snooze_key(1), NOW + timedelta(days=1))
    held = await store.lanes.take(await _lane(store), "me", NOW, NOW + LATER, NOW)
    assert held
    await store.lanes.release(held, NOW)
    assert (await _lane(store)).next_at == NOW + timedelta(days=1)
    await store.rules.halt(ana.id, Ending(RuleState.STOPPED, "by you"), NOW)
    held = await store.lanes.take(await _lane(store), "me", NOW, NOW + LATER, NOW)
    assert held
    await store.lanes.release(held, NOW)
    assert (await _lane(store)).next_at is None


async def test_a_stopped_lane_is_not_taken_and_goes_on_where_it_was(store: Store) -> None:
    await _learner(store)
    assert await store.lanes.stop("terminal", "by hand")
    assert await store.lanes.take(await _lane(store), "me", NOW, NOW + LATER, NOW) is None
    assert await store.lanes.due("terminal", NOW, 8) == ()
    assert await store.lanes.resume("terminal", NOW)
    assert [lane.id for lane in await store.lanes.due("terminal", NOW, 8)] == ["terminal"]
    assert not await store.lanes.stop("slack:none", "by hand")
    assert not await store.lanes.resume("slack:none", NOW)


async def test_a_lane_that_is_opened_anew_is_lost_to_who_holds_it_with_the_secret_of_before(store: Store) -> None:
    await _learner(store)
    held = await store.lanes.take(await _lane(store), "me", NOW, NOW + LATER, NOW)
    assert held
    await store.lanes.open("terminal", b"new", NOW)
    await store.lanes.release(held, NOW, stopped="token_revoked")
    lane = await _lane(store)
    assert (lane.secret, lane.stopped, lane.next_at) == (b"new", None, NOW)


async def test_a_deleted_lane_takes_all_its_learners_along_and_no_others(store: Store) -> None:
    await _learner(store, "ana", "slack:T1")
    await _learner(store, "eve", "slack:T1")
    ben = await _learner(store, "ben", "slack:T2")
    assert await store.lanes.delete("slack:T1") == 2
    assert await store.lanes.find("slack:T1") is None
    assert await store.learners.find(Learner("slack:T1", "ana")) is None
    assert await store.rules.of(ben.id)
    assert await store.lanes.ids() == ("slack:T2",)


async def test_the_lanes_that_waited_longest_come_first_and_only_those_of_the_platform(store: Store) -> None:
    for number, lane in enumerate(("slack:C", "slack:A", "slack:B", "discord")):
        learner = await store.learners.ensure(Learner(lane, "x"), NOW)
        moment = NOW - timedelta(minutes=number)
        await store.rules.set(learner, WEEKLY, Occurrence(moment.date(), moment), NOW)
    assert [lane.id for lane in await store.lanes.due("slack", NOW, 2)] == ["slack:B", "slack:A"]
