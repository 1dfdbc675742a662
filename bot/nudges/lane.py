"""One turn with a lane: take it, send what is due at its pace, keep what came of it, give it back.

A turn is short beside the hold on the lane: so no hold is ever renewed, and long lanes take turns with the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfoNotFoundError

import structlog

from bot.nudges.calendar import Lateness, lateness, next_occurrence
from bot.nudges.calls import Ended, addressed, look_up, send
from bot.nudges.landing import SETTLING, not_begun, set_aside
from bot.nudges.model import DeliveryState, Ending, KeptRule, Message, Nudge, RuleState
from bot.nudges.turn import LANE_RETRY, Turn
from bot.nudges.verdict import FORBIDDEN, MISSED, Go, judge
from bot.store.queue import Falling

if TYPE_CHECKING:
    from bot.nudges.worker import Worker
    from bot.store.lanes import StoredLane
    from bot.store.learners import StoredLearner
    from bot.store.queue import Waiting

HOLD = timedelta(seconds=180)  # longer than a turn and the longest call that begins at its end
TURN = timedelta(seconds=30)
BREATH = 20  # rows worked on at a stretch, 0.25 ms each where all is written and rendered: others here answer people
RETRIES = (0.5, 1, 2, 4, 8, 16, 30, 30, 30)  # seconds between attempts to keep an outcome
COMPOSE_RETRY = timedelta(minutes=10)

Item = TypeVar("Item")

log = structlog.get_logger()


async def take_turn(worker: Worker, seen: StoredLane) -> Counter[DeliveryState]:
    """Take a lane as it was seen, and count by state the deliveries that were brought to one."""
    now = worker.now()
    held = await worker.store.lanes.take(seen, worker.name, now, now + HOLD, now + SETTLING)
    if held is None:
        return Counter()
    turn = Turn(worker, held, ends_at=now + TURN, begin_at=now)
    try:
        await _work(turn)
    except asyncio.CancelledError:
        for call in turn.calls:
            call.cancel()
        raise
    except Exception:
        turn.not_before = now + LANE_RETRY
        raise
    finally:
        await _leave(turn)
    return turn.counts


async def _work(turn: Turn) -> None:
    """Begin calls while there is room and more may be due; keep what ends; until neither is left."""
    more = True
    while True:
        room = turn.room() if more else 0
        if room > 0:
            more = await _begin(turn, room)
        if not turn.calls and (not more or turn.closed()):
            return
        more = await turn.wait() or more
        await _keep_ended(turn)


async def _begin(turn: Turn, room: int) -> bool:
    """Begin calls for what is due, at most `room`: first what waits, then what falls due now. True if more may be."""
    busy = turn.busy()
    waiting = await turn.worker.store.queue.waiting(turn.held.id, turn.worker.now(), room + len(busy))
    due = _one_a_learner(waiting, busy)[:room]
    fallen, more = await _fall_due(turn, room - len(due))
    due += _one_a_learner(fallen, busy)
    under_way = len(turn.calls)
    for one in due:
        if one.delivery.state is DeliveryState.UNCLEAR:
            began = one.delivery.started_at or one.delivery.due_at
            envelope = addressed(turn.held, one, one.delivery.attempt, began, reply=None)
            turn.call(one.learner.id, look_up(turn.worker, envelope, one.delivery))
    await _send(turn, [one for one in due if one.delivery.state is DeliveryState.PENDING])
    begun = len(turn.calls) - under_way  # what is held or dropped costs the platform nothing
    pause = timedelta(seconds=begun / turn.worker.platform.pace.per_second)
    turn.begin_at = max(turn.begin_at, turn.worker.now()) + pause
    return more


def _one_a_learner(waiting: Iterable[Waiting], busy: set[int]) -> list[Waiting]:
    """Give the first that is waiting for each learner who is not busy, and take them for busy."""
    free = []
    for one in waiting:
        if one.learner.id not in busy:
            busy.add(one.learner.id)
            free.append(one)
    return free


async def _fall_due(turn: Turn, limit: int) -> tuple[list[Waiting], bool]:
    """Make deliveries of the occurrences that fall due, one a rule: give those to be sent now; True if more may be.

    One that is missed is recorded like any other.
    """
    if not limit:
        return [], True
    store, now = turn.worker.store, turn.worker.now()
    due = await store.rules.due(turn.held.id, now, limit)
    falling = []
    async for learner, kept in _unhurried(due):
        one = await _falling(turn, learner, kept, now)
        if one:
            falling.append(one)
    fallen = await store.queue.enqueue(falling, now) if falling else []
    turn.counts.update(one.delivery.state for one in fallen if one.delivery.act_at is None)
    return [one for one in fallen if one.delivery.act_at], len(due) == limit


async def _falling(turn: Turn, learner: StoredLearner, kept: KeptRule, now: datetime) -> Falling | None:
    """Find what a due rule goes on to; one whose zone is not known any more is suspended, and says so."""
    if kept.due is None:
        return None
    try:
        missed = MISSED if lateness(kept.rule, kept.due.at, now) is Lateness.FOLDED else None
        opened = turn.held.open_since
        ended = FORBIDDEN if opened and kept.due.at < opened else missed
        return Falling(learner, kept, next_occurrence(kept.rule, kept.due.at), ended)
    except (ZoneInfoNotFoundError, ValueError):
        unknown = Ending(RuleState.SUSPENDED, f"the time zone {kept.rule.zone} is not known")
        await turn.worker.store.rules.halt(kept.learner_id, unknown, now)
        return None


async def _send(turn: Turn, due: Sequence[Waiting]) -> None:
    """Write the messages, commit that they are being sent, and call at once."""
    ready, aside = await _written(turn, due)
    await _keep(turn, aside)
    if not ready:
        return
    began = turn.worker.now()
    tasks = {delivery_id: message.task for delivery_id, (_, message) in ready.items()}
    attempts = await turn.worker.store.queue.start(turn.held, tasks, began)
    async for delivery_id, attempt in _unhurried(attempts.items()):
        one, message = ready[delivery_id]
        envelope = addressed(turn.held, one, attempt, began, message.reply)
        turn.call(one.learner.id, send(turn.worker, envelope, one.delivery, message.ending))
    turn.over = turn.over or not attempts  # the lane was lost, or all of it was cancelled in this moment


async def _written(turn: Turn, due: Sequence[Waiting]) -> tuple[dict[int, tuple[Waiting, Message]], list[Ended]]:
    """Part what is sent now, with its messages, from what is not, with its landings."""
    worker = turn.worker
    ready: dict[int, tuple[Waiting, Message]] = {}
    aside: list[Ended] = []
    if not due:
        return ready, aside
    ids = [one.learner.id for one in due]
    now = worker.now()
    past = await worker.store.deliveries.recent(ids)
    progress = await worker.store.progress.of_many(ids)
    async for one in _unhurried(due):
        delivery, before = one.delivery, past.get(one.learner.id, ())
        try:
            verdict = judge(delivery, one.rule, before, now, turn.held.open_since)
            if isinstance(verdict, Go):
                nudge = Nudge(delivery, one.learner, one.rule, before, progress[one.learner.id], verdict.late)
                ready[delivery.id] = one, worker.compose(nudge)
            else:
                aside.append(Ended(delivery, set_aside(delivery, verdict)))
        except Exception as error:
            log.exception("nudge.not_written", delivery=delivery.id)
            again_at = worker.now() + COMPOSE_RETRY
            aside.append(Ended(delivery, not_begun(delivery, delivery.attempt, type(error).__name__, again_at)))
    return ready, aside


async def _keep_ended(turn: Turn) -> None:
    """Keep what the calls that have ended led to."""
    done = tuple(turn.done)
    ended = [call.result() for call in done if not call.cancelled()]
    await _keep(turn, ended)
    del turn.done[: len(done)]
    for call in done:
        del turn.calls[call]


async def _keep(turn: Turn, ended: Sequence[Ended]) -> None:
    """Keep outcomes; while the database is away they are held on to and tried again."""
    if not ended:
        return
    worker = turn.worker
    landings = [one.landing for one in ended]
    for seconds in RETRIES:
        try:
            await worker.store.queue.land(landings, worker.now())
            break
        except Exception:
            log.exception("nudge.not_kept", lane=turn.held.id, outcomes=len(landings))
            await worker.pause(seconds)
    else:
        await worker.store.queue.land(landings, worker.now())
    kept_at = worker.now()
    async for one in _unhurried(ended):
        turn.counts[one.landing.state] += 1
        worker.note(one.delivery, one.landing, kept_at)


async def _unhurried(items: Iterable[Item]) -> AsyncIterator[Item]:
    """Give items a stretch at a time; others on this loop have their turn between."""
    for number, item in enumerate(items):
        if number % BREATH == 0:
            await asyncio.sleep(0)
        yield item


async def _leave(turn: Turn) -> None:
    """Wait for the calls under way, keep what they lead to, and give the lane back."""
    try:
        while turn.calls:
            await turn.wait()
            await _keep_ended(turn)
    finally:
        lanes = turn.worker.store.lanes
        await lanes.release(turn.held, turn.worker.now(), turn.not_before, turn.stopped)
