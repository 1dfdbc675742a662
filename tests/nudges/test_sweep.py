"""What is due goes out once, what came of it is kept, and nothing is due afterwards."""

import asyncio
from collections import Counter
from datetime import date, time, timedelta

import pytest
from platforms import DAILY, MONDAY, WEEKLY, Life, Mortal, World, mortal, only
from sqlalchemy import event

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import DeliveryState, Ending, Message, Nudge, RuleState, snooze_key, trial_key
from bot.nudges.outcome import (
    CannotTell,
    Envelope,
    Found,
    Outcome,
    Pace,
    Refused,
    Sent,
    Unclear,
)
from bot.nudges.sweep import sweep
from bot.reply import Reply

SENT, PENDING, UNCLEAR = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNCLEAR
UNKNOWN, REFUSED, FOLDED = DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.FOLDED
CANCELLED = DeliveryState.CANCELLED


async def test_a_nudge_that_is_due_goes_out_once_and_its_rule_moves_on_a_week(world: World) -> None:
    ana = await world.learner()
    assert await world.sweep() == {SENT: 1}
    assert await world.sweep() == {}
    sent = only(await world.deliveries(ana))
    assert (sent.key, sent.state, sent.ref, sent.task) == ("w:2026-11-23", SENT, f"message {sent.id}", "t")
    assert (sent.attempt, sent.act_at, sent.started_at, sent.ended_at) == (1, None, MONDAY, MONDAY)
    due = (await world.rule(ana)).due
    assert due
    assert (due.day, due.at) == (date(2026, 11, 30), MONDAY + timedelta(days=7))
    assert world.platform.people() == ["ana"]


async def test_nothing_goes_out_before_it_is_due(world: World) -> None:
    world.clock.forward(hours=1)
    await world.learner()
    assert await world.sweep() == {}
    world.clock.at = MONDAY + timedelta(days=7, seconds=-1)
    assert await world.sweep() == {}
    world.clock.forward(seconds=1)
    assert await world.sweep() == {SENT: 1}


async def test_everybody_in_every_lane_of_the_platform_is_reached_and_nobody_of_another(world: World) -> None:
    world.name = "slack"
    people = [f"{lane}/{number}" for lane in range(12) for number in range(3)]
    for person in people:
        await world.learner(person, lane=f"slack:{person.partition('/')[0]}")
    await world.learner("elsewhere", lane="discord")
    assert await world.sweep() == {SENT: len(people)}
    assert sorted(world.platform.people()) == sorted(people)


async def test_more_than_a_batch_goes_out_in_one_sweep(world: World) -> None:
    people = [f"person {number}" for number in range(450)]
    for person in people:
        await world.learner(person)
    assert await world.sweep() == {SENT: 450}
    assert sorted(world.platform.people()) == sorted(people)


async def test_what_is_sent_carries_its_id_its_lane_and_the_secret_of_the_lane(world: World) -> None:
    await world.learner()
    await world.store.lanes.open("terminal", b"secret", world.clock.now())
    await world.sweep()
    call = only(world.platform.calls)
    assert (call.lane, call.secret, call.attempt, call.started_at) == ("terminal", b"secret", 1, MONDAY)
    assert call.reply == Reply(f"nudge {call.delivery_id}")
    assert "secret'" not in repr(call)


async def test_the_conversation_that_a_platform_tells_is_used_the_next_time(world: World) -> None:
    await world.learner()
    world.platform.answers = [Sent("1", dm="D1")]
    await world.sweep()
    world.clock.forward(days=7)
    await world.sweep()
    assert [call.dm for call in world.platform.calls] == [None, "D1"]


async def test_a_message_is_written_from_what_went_before(world: World) -> None:
    ana = await world.learner()
    facts: list[Nudge] = []

    def keep(nudge: Nudge) -> Message:
        facts.append(nudge)
        return Message(Reply("x"), task=f"task {len(facts)}")

    world.compose = keep
    for _ in range(6):
        await world.sweep()
        world.clock.forward(days=7)
    assert [past.task for past in facts[-1].past] == ["task 5", "task 4", "task 3", "task 2"]
    assert facts[0].past == ()
    assert facts[0].learner.id == ana.id
    assert facts[0].rule
    assert facts[0].rule.rule == WEEKLY


async def test_a_message_that_is_the_last_ends_its_rule_once_it_has_arrived(world: World) -> None:
    ana = await world.learner()
    world.compose = lambda _: Message(Reply("bye"), ending=Ending(RuleState.STOPPED, "the roadmap is finished"))
    world.platform.answers = [Refused("busy"), Sent("1")]
    await world.sweep()
    assert (await world.rule(ana)).state is RuleState.ACTIVE
    world.clock.forward(minutes=1)
    await world.sweep()
    rule = await world.rule(ana)
    assert (rule.state, rule.reason, rule.due) == (RuleState.STOPPED, "the roadmap is finished", None)
    world.clock.forward(days=60)
    assert await world.sweep() == {}


async def test_a_message_that_cannot_be_written_waits_and_holds_up_nobody(world: World) -> None:
    def fail_for_ana(nudge: Nudge) -> Message:
        if nudge.learner.person == "ana" and world.clock.now() == MONDAY:
            raise ZeroDivisionError
        return Message(Reply("x"))

    world.compose = fail_for_ana
    ana = await world.learner()
    await world.learner("ben")
    assert await world.sweep() == {SENT: 1, PENDING: 1}
    assert await world.states(ana) == [(PENDING, "ZeroDivisionError")]
    world.clock.forward(minutes=10)
    assert await world.sweep() == {SENT: 1}


async def test_a_refusal_for_now_is_tried_again_after_longer_and_longer_waits(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Refused("busy"), Refused("busy"), Refused("busy", retry_after=timedelta(minutes=9))]
    waits = []
    for _ in range(3):
        await world.sweep()
        again_at = only(await world.deliveries(ana)).act_at
        assert again_at
        waits.append(again_at - world.clock.now())
        world.clock.at = again_at - timedelta(seconds=1)
        assert await world.sweep() == {}
        world.clock.at = again_at
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=9)]
    assert await world.sweep() == {SENT: 1}
    assert only(await world.deliveries(ana)).attempt == 4


async def test_a_refusal_for_good_suspends_the_rule_with_its_reason_and_deletes_nothing(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Refused("does not take messages", permanent=True)]
    await world.store.deliveries.add(ana, "s:99", MONDAY + timedelta(days=1))
    assert await world.sweep() == {REFUSED: 1}
    rule = await world.rule(ana)
    assert (rule.state, rule.reason, rule.rule) == (RuleState.SUSPENDED, "does not take messages", WEEKLY)
    assert [state for state, _ in await world.states(ana)] == [CANCELLED, REFUSED]
    world.clock.forward(days=30)
    assert await world.sweep() == {}


async def test_a_refusal_for_good_does_not_overrule_a_learner_who_stopped_meanwhile(world: World) -> None:
    ana = await world.learner()

    async def refuse_while_stopped(_: Envelope) -> Outcome:
        await world.store.rules.halt(ana.id, Ending(RuleState.STOPPED, "by you"), world.clock.now())
        return Refused("gone", permanent=True)

    world.platform.answers = [refuse_while_stopped]
    await world.sweep()
    assert (await world.rule(ana)).state is RuleState.STOPPED


async def test_a_platform_that_asks_for_patience_gets_it_for_the_whole_lane_and_only_there(world: World) -> None:
    world.name = "slack"
    world.pace = Pace(float("inf"), 1)
    for lane in ("slack:T1", "slack:T2"):
        for person in "abc":
            await world.learner(f"{lane} {person}", lane=lane)

    async def too_fast(envelope: Envelope) -> Outcome:
        if envelope.lane == "slack:T1":
            return Refused("too fast", retry_after=timedelta(seconds=45), of_lane=True)
        return Sent("1")

    world.platform.answers = [too_fast] * 4
    assert await world.sweep() == {SENT: 3, PENDING: 1}
    await world.learner("slack:T1 d", lane="slack:T1")  # an opt-in wakes the lane, but not before its time
    world.clock.forward(seconds=44)
    assert await world.sweep() == {}
    world.clock.forward(seconds=1)
    world.platform.answers = []
    assert await world.sweep() == {SENT: 4}


async def test_a_dead_token_stops_the_lane_until_it_is_opened_with_a_new_one(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Refused("token_revoked", permanent=True, of_lane=True)]
    await world.sweep()
    lane = await world.store.lanes.find("terminal")
    assert lane
    assert (lane.stopped, lane.next_at) == ("token_revoked", None)
    assert (await world.rule(ana)).state is RuleState.ACTIVE
    world.clock.forward(hours=1)
    await world.store.rules.set(ana, WEEKLY, (await world.rule(ana)).due, world.clock.now())
    assert await world.sweep() == {}
    await world.learner("ben")
    await world.store.lanes.open("terminal", b"new", world.clock.now())
    world.clock.forward(days=7)
    assert await world.sweep() == {SENT: 2}
    assert {call.secret for call in world.platform.calls[1:]} == {b"new"}


@pytest.mark.parametrize("doubt", [Unclear("timeout"), TimeoutError(), ConnectionResetError("reset")])
async def test_a_call_without_an_answer_is_looked_up_and_never_just_repeated(
    world: World, doubt: Unclear | Exception
) -> None:
    ana = await world.learner()
    world.platform.answers = [doubt]
    assert await world.sweep() == {UNCLEAR: 1}
    world.clock.forward(seconds=119)
    assert await world.sweep() == {}
    world.clock.forward(seconds=1)
    world.platform.finds = [Found("1234.5")]
    assert await world.sweep() == {SENT: 1}
    assert only(await world.deliveries(ana)).ref == "1234.5"
    assert len(world.platform.calls) == 1
    assert only(world.platform.looks).started_at == MONDAY


async def test_what_is_surely_absent_is_sent_once_more_and_then_given_up(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Unclear("timeout"), Unclear("timeout")]
    await world.sweep()
    world.clock.forward(minutes=2)
    assert await world.sweep() == {PENDING: 1, UNCLEAR: 1}
    world.clock.forward(minutes=2)
    assert await world.sweep() == {UNKNOWN: 1}
    assert len(world.platform.calls) == 2
    world.clock.forward(days=1)
    assert await world.sweep() == {}
    assert (await world.rule(ana)).state is RuleState.ACTIVE


async def test_what_nobody_can_tell_is_unknown_and_told_with_the_next_one(world: World) -> None:
    await world.learner()
    world.platform.answers = [Unclear("500")]
    world.platform.finds = [CannotTell("no history")]
    facts: list[Nudge] = []
    world.compose = lambda nudge: facts.append(nudge) or Message(Reply("x"))  # type: ignore[func-returns-value]
    await world.sweep()
    world.clock.forward(minutes=2)
    assert await world.sweep() == {UNKNOWN: 1}
    world.clock.at = MONDAY + timedelta(days=7)
    assert await world.sweep() == {SENT: 1}
    assert [(past.state, past.reason) for past in facts[-1].past] == [(UNKNOWN, "no history")]


async def test_who_cannot_tell_yet_is_asked_again_for_an_hour(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Unclear("timeout")]
    world.platform.finds = [CannotTell("busy", timedelta(minutes=10))] * 20
    await world.sweep()
    for _ in range(60):
        world.clock.forward(minutes=2)
        await world.sweep()
    assert await world.states(ana) == [(UNKNOWN, "busy")]
    assert 5 <= len(world.platform.looks) <= 6


async def test_a_look_that_fails_is_made_again(world: World) -> None:
    await world.learner()
    world.platform.answers = [Unclear("timeout")]
    world.platform.finds = [ConnectionResetError(), Found("1")]
    await world.sweep()
    world.clock.forward(minutes=2)
    assert await world.sweep() == {UNCLEAR: 1}
    world.clock.forward(minutes=2)
    assert await world.sweep() == {SENT: 1}


async def test_what_turns_out_absent_after_the_learner_stopped_is_not_sent_again(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Unclear("timeout")]
    await world.sweep()
    await world.store.rules.halt(ana.id, Ending(RuleState.STOPPED, "by you"), world.clock.now())
    world.clock.forward(minutes=2)
    await world.sweep()
    assert await world.states(ana) == [(CANCELLED, "the rule is stopped")]
    assert len(world.platform.calls) == 1


async def test_calls_begin_no_faster_than_the_pace_and_no_more_at_once_than_it_allows(world: World) -> None:
    world.pace = Pace(per_second=4, in_flight=3)
    for number in range(20):
        await world.learner(f"person {number}")
    under_way = most = 0

    async def count(_: Envelope) -> Outcome:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return Sent("1")

    world.platform.answers = [count] * 20
    assert await world.sweep() == {SENT: 20}
    assert most == 3
    begun = sorted(call.started_at for call in world.platform.calls)
    assert begun[-1] - begun[0] >= timedelta(seconds=4)


async def test_a_trial_goes_out_at_once_whatever_the_state_of_the_rule(world: World) -> None:
    ana = await world.learner()
    await world.store.rules.halt(ana.id, Ending(RuleState.PAUSED, "by you"), world.clock.now())
    assert await world.store.deliveries.add(ana, trial_key("p1"), world.clock.now())
    assert await world.store.deliveries.add(ana, trial_key("p1"), world.clock.now()) is None
    assert await world.sweep() == {SENT: 1}


async def test_a_snooze_goes_out_beside_the_series(world: World) -> None:
    ana = await world.learner()
    await world.sweep()
    first = only(await world.deliveries(ana))
    tomorrow = MONDAY + timedelta(days=1)
    assert await world.store.deliveries.add(ana, snooze_key(first.id), tomorrow, first.id)
    world.clock.at = tomorrow
    assert await world.sweep() == {SENT: 1}
    world.clock.at = MONDAY + timedelta(days=7)
    assert await world.sweep() == {SENT: 1}
    assert [one.key for one in await world.deliveries(ana)] == ["w:2026-11-23", f"s:{first.id}", "w:2026-11-30"]


async def test_what_waits_and_what_falls_due_go_to_one_learner_one_after_the_other(world: World) -> None:
    ana, ben = await world.learner("ana"), await world.learner("ben")
    now = world.clock.now()
    assert await world.store.deliveries.add(ana, trial_key("p"), now)
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def take_a_while(envelope: Envelope) -> Outcome:
        under_way[envelope.person] += 1
        most[envelope.person] = max(most[envelope.person], under_way[envelope.person])
        await asyncio.sleep(0.01)
        under_way[envelope.person] -= 1
        return Sent("1")

    world.platform.answers = [take_a_while] * 3
    assert await world.sweep() == {SENT: 3}
    assert most == {"ana": 1, "ben": 1}
    assert [one.key for one in await world.deliveries(ana)] == ["t:p", "w:2026-11-23"]
    assert [one.state for one in await world.deliveries(ben)] == [SENT]


async def test_a_rule_whose_hour_is_moved_while_it_falls_due_is_not_sent_before_its_new_hour(world: World) -> None:
    ana = await world.learner()
    evening = Rule(WEEKLY.days, time(21), WEEKLY.zone)

    class Moved(Mortal):
        async def due(self, *arguments: object) -> object:
            read = await world.store.rules.due(*arguments)  # type: ignore[arg-type]
            await world.store.rules.set(ana, evening, next_occurrence(evening, MONDAY), world.clock.now())
            return read

    store = mortal(world.store, Life())
    object.__setattr__(store, "rules", Moved(world.store.rules, Life()))
    assert await sweep(world.worker(store=store)) == {}
    world.clock.forward(hours=12)
    assert await world.sweep() == {SENT: 1}
    assert [one.due_at for one in await world.deliveries(ana)] == [MONDAY + timedelta(hours=12)]
    due = (await world.rule(ana)).due
    assert due
    assert due.at == MONDAY + timedelta(days=7, hours=12)


async def test_a_stop_before_the_call_cancels_and_says_why(world: World) -> None:
    ana = await world.learner(rule=DAILY)
    world.platform.answers = [Refused("busy")]
    await world.sweep()
    await world.store.rules.halt(ana.id, Ending(RuleState.STOPPED, "by you"), world.clock.now())
    world.clock.forward(days=1)
    assert await world.sweep() == {}
    assert await world.states(ana) == [(CANCELLED, "the rule is stopped: by you")]


async def test_a_zone_that_is_not_known_any_more_suspends_its_rule_and_holds_up_nobody(world: World) -> None:
    ana = await world.learner()
    await world.learner("ben")
    due = (await world.rule(ana)).due
    await world.store.rules.set(ana, type(WEEKLY)(WEEKLY.days, WEEKLY.at, "Atlantis/Capital"), due, MONDAY)
    assert await world.sweep() == {SENT: 1}
    rule = await world.rule(ana)
    assert (rule.state, rule.reason) == (RuleState.SUSPENDED, "the time zone Atlantis/Capital is not known")


async def test_once_told_to_stop_a_worker_begins_nothing_and_gives_its_lanes_back(world: World) -> None:
    for number in range(10):
        await world.learner(f"person {number}")
    world.pace = Pace(float("inf"), 1)
    worker = world.worker(stopping=lambda: len(world.platform.calls) >= 3)
    assert await sweep(worker) == {SENT: 3}
    lane = await world.store.lanes.find("terminal")
    assert lane
    assert (lane.held_by, lane.held_until, lane.next_at) == (None, None, MONDAY)
    assert await world.sweep() == {SENT: 7}


async def test_with_nothing_due_a_sweep_is_one_look_at_an_index(world: World) -> None:
    world.clock.forward(hours=1)
    for number in range(30):
        await world.learner(str(number), lane=f"terminal:{number}")
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = world.store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, query, values, *_: asked.append((query, values)))
    assert await world.sweep() == {}
    query, values = only(one for one in asked if one[0] != "BEGIN")
    assert query.startswith("SELECT lane")
    if engine.dialect.name == "sqlite":
        async with world.store.database.reading() as connection:
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)).all()
        assert "USING INDEX ix_lane_platform_next_at (platform=? AND next_at<?)" in plan[0][-1]
        # House rules are looked up for due lanes only.
        assert not [step for *_, step in plan if step.startswith("SCAN")]
