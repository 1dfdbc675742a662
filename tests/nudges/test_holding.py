"""Several workers on one lane, and workers that are gone, frozen or cancelled: nobody is called twice in doubt."""

import asyncio
from datetime import timedelta

import pytest
from platforms import Killed, Life, Mortal, World, mortal, only
from sqlalchemy import text

from bot.nudges import turn
from bot.nudges.landing import SETTLING
from bot.nudges.lane import HOLD, take_turn
from bot.nudges.model import DeliveryState, Ending, RuleState
from bot.nudges.outcome import Envelope, Outcome, Pace, Sent
from bot.nudges.sweep import sweep
from bot.store.lanes import StoredLane, wake

SENT, PENDING, SENDING = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.SENDING
UNCLEAR, UNKNOWN = DeliveryState.UNCLEAR, DeliveryState.UNKNOWN
HOLD_OVER = HOLD + timedelta(seconds=1)


async def _lane(world: World) -> StoredLane:
    lane = await world.store.lanes.find("terminal")
    assert lane
    return lane


async def _take(world: World, holder: str) -> StoredLane | None:
    now = world.clock.now()
    return await world.store.lanes.take(await _lane(world), holder, now, now + HOLD, now + SETTLING)


async def _killed(world: World, statement: str) -> None:
    """Sweep with a worker that is killed right after the first of these statements was made."""
    life = Life()

    def kill_after(name: str) -> None:
        if name == statement:
            life.left = 0

    with pytest.raises(Killed):
        await sweep(world.worker("killed", store=mortal(world.store, life, kill_after)))


async def test_a_lane_is_taken_by_one_of_many(world: World) -> None:
    await world.learner()
    fence = (await _lane(world)).fence
    held = [lane for lane in await asyncio.gather(*(_take(world, str(number)) for number in range(8))) if lane]
    assert only(held).fence == fence + 1


async def test_many_workers_at_once_call_everybody_once(world: World) -> None:
    for number in range(60):
        await world.learner(f"person {number}")
    counts = await asyncio.gather(*(sweep(world.worker(str(number))) for number in range(4)))
    assert sum(count[SENT] for count in counts) == 60
    assert len(set(world.platform.people())) == len(world.platform.calls) == 60


async def test_a_lane_that_is_held_is_left_alone_until_the_hold_is_over(world: World) -> None:
    await world.learner()
    await _killed(world, "take")
    world.clock.at += HOLD
    assert await world.sweep() == {}
    world.clock.forward(seconds=1)
    assert await world.sweep() == {SENT: 1}


@pytest.mark.parametrize("statement", ["take", "due", "enqueue", "waiting", "recent", "of_many"])
async def test_killed_before_the_commit_of_sending_the_next_worker_sends(world: World, statement: str) -> None:
    ana = await world.learner()
    await _killed(world, statement)
    world.clock.at += HOLD_OVER
    assert await world.sweep() == {SENT: 1}
    assert only(await world.deliveries(ana)).attempt == 1
    assert world.platform.looks == []


async def test_killed_after_the_commit_of_sending_it_is_looked_up_before_anything_else(world: World) -> None:
    ana = await world.learner()
    await _killed(world, "start")
    assert only(await world.deliveries(ana)).state is SENDING
    world.clock.at += HOLD_OVER
    assert await world.sweep() == {}
    assert await world.states(ana) == [(UNCLEAR, "its worker was gone")]
    world.clock.at += SETTLING
    assert await world.sweep() == {PENDING: 1, SENT: 1}
    assert (len(world.platform.looks), only(world.platform.calls).attempt) == (1, 2)


async def test_killed_during_the_call_what_arrived_is_found_and_not_sent_again(world: World) -> None:
    ana = await world.learner()
    life = Life()

    async def arrive_and_kill(envelope: Envelope) -> Outcome:
        world.platform.arrived[envelope.delivery_id] = [envelope]
        life.left = 0
        raise Killed

    world.platform.answers = [arrive_and_kill]
    with pytest.raises(Killed):
        await sweep(world.worker("killed", store=mortal(world.store, life)))
    world.clock.at += HOLD_OVER
    await world.sweep()
    world.clock.at += SETTLING
    assert await world.sweep() == {SENT: 1}
    assert only(await world.deliveries(ana)).task == "t"
    assert len(world.platform.calls) == 1


async def test_who_lost_the_lane_begins_nothing_more(world: World) -> None:
    ana = await world.learner()
    lost = await _take(world, "lost")
    assert lost
    world.clock.at += HOLD_OVER
    await _killed(world, "enqueue")
    delivery = only(await world.deliveries(ana))
    assert await world.store.queue.start(lost, {delivery.id: None}, world.clock.now()) == {}
    assert only(await world.deliveries(ana)).state is PENDING


async def test_who_lost_the_lane_does_not_give_it_back(world: World) -> None:
    await world.learner()
    lost = await _take(world, "lost")
    assert lost
    world.clock.at += HOLD_OVER
    other = await _take(world, "other")
    await world.store.lanes.release(lost, world.clock.now(), stopped="by mistake")
    assert await _lane(world) == other


async def test_an_outcome_counts_though_the_lane_was_lost_during_the_call(world: World) -> None:
    ana = await world.learner()

    async def outlast_the_hold(_: Envelope) -> Outcome:
        world.clock.at += HOLD_OVER
        await take_turn(world.worker("other"), await _lane(world))
        assert only(await world.deliveries(ana)).state is UNCLEAR
        return Sent("late")

    world.platform.answers = [outlast_the_hold]
    await world.sweep()
    delivery = only(await world.deliveries(ana))
    assert (delivery.state, delivery.ref, delivery.act_at) == (SENT, "late", None)
    world.clock.forward(hours=1)
    assert await world.sweep() == {}
    assert len(world.platform.calls) == 1


async def test_a_late_answer_outweighs_that_nobody_could_tell(world: World) -> None:
    ana = await world.learner()

    async def outlast_the_looking(_: Envelope) -> Outcome:
        world.platform.finds = [LookupError()] * 100
        for _ in range(40):
            world.clock.at += HOLD_OVER
            await take_turn(world.worker("other"), await _lane(world))
        assert only(await world.deliveries(ana)).state is UNKNOWN
        return Sent("after all")

    world.platform.answers = [outlast_the_looking]
    await world.sweep()
    assert only(await world.deliveries(ana)).state is SENT


async def test_frozen_between_commit_and_call_it_is_not_sent_but_pending_again(world: World) -> None:
    ana = await world.learner()
    frozen = []

    def freeze_once(name: str) -> None:
        if name == "start" and not frozen:
            frozen.append(world.clock.forward(seconds=21))

    counts = await sweep(world.worker(store=mortal(world.store, Life(), freeze_once)))
    assert counts == {PENDING: 1, SENT: 1}
    assert only(world.platform.calls).attempt == only(await world.deliveries(ana)).attempt == 2


async def test_a_database_that_is_away_after_the_call_is_waited_for_with_the_outcome_in_hand(world: World) -> None:
    ana = await world.learner()
    away = [ConnectionRefusedError()] * 3
    queue = world.store.queue

    class Away(Mortal):
        async def land(self, *arguments: object) -> None:
            if away:
                raise away.pop()
            await queue.land(*arguments)  # type: ignore[arg-type]

    store = mortal(world.store, Life())
    object.__setattr__(store, "queue", Away(queue, Life()))
    assert await sweep(world.worker(store=store)) == {SENT: 1}
    assert only(await world.deliveries(ana)).state is SENT
    assert len(world.platform.calls) == 1


async def test_cancelled_in_mid_call_it_is_left_unclear_and_the_lane_is_free(world: World) -> None:
    ana = await world.learner()
    calling = asyncio.Event()

    async def never_answer(_: Envelope) -> Outcome:
        calling.set()
        return await asyncio.Future()

    world.platform.answers = [never_answer]
    sweeping = asyncio.create_task(world.sweep())
    await calling.wait()
    sweeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweeping
    assert await world.states(ana) == [(UNCLEAR, "the worker was stopped during the call")]
    assert (await _lane(world)).held_by is None


async def test_a_call_that_never_ends_is_given_up_in_its_time_and_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "CALL_LIMIT", 0.05)
    monkeypatch.setattr(turn, "TICK", 0.02)
    ana, ben = await world.learner("ana"), await world.learner("ben")

    async def never_answer(_: Envelope) -> Outcome:
        return await asyncio.Future()

    world.platform.answers = [never_answer]
    assert await world.sweep() == {UNCLEAR: 1, SENT: 1}
    assert await world.states(ana) == [(UNCLEAR, "no answer in time")]
    assert await world.states(ben) == [(SENT, None)]


async def test_a_lane_whose_turn_fails_is_left_for_a_minute_and_holds_up_no_other(world: World) -> None:
    world.name = "slack"
    await world.learner("ana", lane="slack:1")
    await world.learner("ben", lane="slack:2")
    failing = []

    def fail_for_the_first(name: str) -> None:
        if name == "recent" and not failing:
            failing.append(name)
            raise ZeroDivisionError

    worker = world.worker(store=mortal(world.store, Life(), fail_for_the_first))
    assert await sweep(worker) == {SENT: 1}
    world.clock.forward(seconds=59)
    assert await sweep(worker) == {}
    world.clock.forward(seconds=1)
    assert await sweep(worker) == {SENT: 1}


async def test_an_opt_in_made_while_the_lane_is_held_is_not_missed(world: World) -> None:
    world.clock.forward(hours=-1)
    await world.learner()
    world.clock.forward(hours=1)

    async def somebody_joins(_: Envelope) -> Outcome:
        await world.learner("ben")
        return Sent("1")

    world.platform.answers = [somebody_joins]
    world.pace = Pace(float("inf"), 1)
    assert await world.sweep() == {SENT: 2}


async def test_an_opt_in_that_overlaps_with_giving_the_lane_back_is_not_missed(world: World) -> None:
    for number in range(20):
        lane = f"terminal:{number}"
        await world.store.lanes.open(lane, None, world.clock.now())
        seen = await world.store.lanes.find(lane)
        assert seen
        now = world.clock.now()
        held = await world.store.lanes.take(seen, "me", now, now + HOLD, now)
        assert held
        await asyncio.gather(world.learner(str(number), lane=lane), world.store.lanes.release(held, now))
    assert await world.sweep() == {SENT: 20}


async def test_giving_a_lane_back_waits_for_an_opt_in_that_has_begun(postgres_world: World) -> None:
    """Without its own locking statement, the release would compute from before the commit and sleep for good."""
    world = postgres_world
    ana = await world.learner()
    await world.sweep()
    world.clock.forward(days=1)
    now = world.clock.now()
    await world.store.rules.halt(ana.id, Ending(RuleState.STOPPED, "by you"), now)
    held = await _take(world, "me")
    assert held
    async with world.store.database.writing() as opt_in:
        await wake(opt_in, "terminal", now)
        release = asyncio.create_task(world.store.lanes.release(held, now))
        await asyncio.sleep(0.1)
        assert not release.done()
        await opt_in.execute(
            text("UPDATE rule SET state = 'active', due_at = :at, due_on = :day"), {"at": now, "day": now.date()}
        )
    await release
    assert (await _lane(world)).next_at == now
    assert await world.sweep() == {SENT: 1}
