"""One turn with a lane: take it, send what is due at its pace, keep what came of it, give it back.

A turn is short beside the hold on the lane: so no hold is ever renewed, and long lanes take turns with the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfoNotFoundError

import structlog

from bot.nudges.calendar import Lateness, lateness, next_occurrence
from bot.nudges.calls import Ended, addressed, look_up, send
from bot.nudges.landing import SETTLING, not_begun, set_aside
from bot.nudges.model import DeliveryState, Ending, KeptRule, Message, Nudge, RuleState
from bot.nudges.verdict import FORBIDDEN, MISSED, Go, judge
from bot.store.queue import Falling

if TYPE_CHECKING:
    from bot.nudges.worker import Worker
    from bot.store.lanes import StoredLane
    from bot.store.queue import Waiting

HOLD = timedelta(seconds=180)  # longer than a turn and the longest call that begins at its end
TURN = timedelta(seconds=30)
BATCH = 500  # rows in memory at once, and rows in one transaction
BREATH = 32  # rows worked on at a stretch: others on this loop are answering people
GATHER = 0.02  # seconds in which answers that come together are kept together
TICK = 1.0  # seconds after which a turn looks for more even if no call has ended
RETRIES = (0.5, 1, 2, 4, 8, 16, 30, 30, 30)  # seconds between attempts to keep an outcome
LANE_RETRY = timedelta(minutes=1)
COMPOSE_RETRY = timedelta(minutes=10)

Item = TypeVar("Item")

log = structlog.get_logger()


@dataclass(slots=True)
class Turn:
    """A lane while it is held: the calls under way, when the next may begin, and what ends the turn."""

    worker: Worker
    held: StoredLane
    ends_at: datetime
    begin_at: datetime
    calls: dict[asyncio.Task[Ended], Waiting] = field(default_factory=dict)
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    over: bool = False
    not_before: datetime | None = None
    stopped: str | None = None

    def room(self) -> int:
        """Count the calls that may begin now, by the lane's pace: a second's worth at once at most."""
        pace = self.worker.platform.pace
        if self.closed() or self.worker.now() < self.begin_at:
            return 0
        return min(pace.in_flight - len(self.calls), int(min(max(pace.per_second, 1), BATCH)))

    def closed(self) -> bool:
        """Say whether no call may begin any more in this turn."""
        return self.over or self.worker.stopping() or self.worker.now() >= self.ends_at


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
        more = await _wait(turn) or more
        await _keep_ended(turn)


async def _wait(turn: Turn) -> bool:
    """Wait until a call ends, or the pace lets another begin; True if so much time went by that more may be due."""
    until_next = (turn.begin_at - turn.worker.now()).total_seconds()
    if turn.calls:
        timeout = min(until_next, TICK) if until_next > 0 else TICK
        ended, others = await asyncio.wait(turn.calls, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if ended and others:
            await asyncio.wait(others, timeout=GATHER)
        return not ended
    if until_next > 0:
        await turn.worker.pause(min(until_next, TICK))
    return False


async def _begin(turn: Turn, room: int) -> bool:
    """Begin calls for what is due, at most `room`; True if more may be."""
    fell = await _enqueue(turn, room)
    due = await _due(turn, room)
    under_way = len(turn.calls)
    for one in due:
        if one.delivery.state is DeliveryState.UNCLEAR:
            began = one.delivery.started_at or one.delivery.due_at
            envelope = addressed(turn.held, one, one.delivery.attempt, began, reply=None)
            turn.calls[asyncio.create_task(look_up(turn.worker, envelope, one.delivery))] = one
    await _send(turn, [one for one in due if one.delivery.state is DeliveryState.PENDING])
    begun = len(turn.calls) - under_way  # what is held or dropped costs the platform nothing
    pause = timedelta(seconds=begun / turn.worker.platform.pace.per_second)
    turn.begin_at = max(turn.begin_at, turn.worker.now()) + pause
    return room in {len(due), fell}


async def _due(turn: Turn, room: int) -> list[Waiting]:
    """Read what is to be sent or looked up now: one a learner, and none for whom a call is under way."""
    busy = {one.learner.id for one in turn.calls.values()}
    waiting = await turn.worker.store.queue.waiting(turn.held.id, turn.worker.now(), room + len(busy))
    free: dict[int, Waiting] = {}
    for one in waiting:
        if one.learner.id not in busy:
            free.setdefault(one.learner.id, one)
    return list(free.values())[:room]


async def _enqueue(turn: Turn, limit: int) -> int:
    """Make deliveries of the occurrences that fall due, one a rule: one that is missed is recorded like any other."""
    store, now = turn.worker.store, turn.worker.now()
    falling = []
    async for kept in _unhurried(await store.rules.due(turn.held.id, now, limit)):
        following = await _following(turn, kept)
        if following:
            falling.append(following)
    fallen = await store.queue.enqueue(falling, now)
    turn.counts.update(one.ended.state for one in fallen if one.ended)
    return len(fallen)


async def _following(turn: Turn, kept: KeptRule) -> Falling | None:
    """Find what a due rule goes on to; one whose zone is not known any more is suspended, and says so."""
    if kept.due is None:
        return None
    try:
        missed = MISSED if lateness(kept.rule, kept.due.at, turn.worker.now()) is Lateness.FOLDED else None
        opened = turn.held.open_since
        ended = FORBIDDEN if opened and kept.due.at < opened else missed
        return Falling(kept, next_occurrence(kept.rule, kept.due.at), ended)
    except (ZoneInfoNotFoundError, ValueError):
        unknown = Ending(RuleState.SUSPENDED, f"the time zone {kept.rule.zone} is not known")
        await turn.worker.store.rules.halt(kept.learner_id, unknown, turn.worker.now())
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
        turn.calls[asyncio.create_task(send(turn.worker, envelope, one.delivery, message.ending))] = one
    turn.over = turn.over or not attempts  # the lane was lost, or all of it was cancelled in this moment


async def _written(turn: Turn, due: Sequence[Waiting]) -> tuple[dict[int, tuple[Waiting, Message]], list[Ended]]:
    """Part what is sent now, with its messages, from what is not, with its landings."""
    worker = turn.worker
    ready: dict[int, tuple[Waiting, Message]] = {}
    aside: list[Ended] = []
    if not due:
        return ready, aside
    ids = [one.learner.id for one in due]
    past = await worker.store.deliveries.recent(ids)
    progress = await worker.store.progress.of_many(ids)
    async for one in _unhurried(due):
        delivery, before = one.delivery, past.get(one.learner.id, ())
        try:
            verdict = judge(delivery, one.rule, before, worker.now(), turn.held.open_since)
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
    done = [call for call in turn.calls if call.done()]
    ended = [call.result() for call in done if not call.cancelled()]
    await _keep(turn, ended)
    for call in done:
        del turn.calls[call]
    for refused in (one.lane_refused for one in ended):
        if refused is None:
            continue
        turn.over = True
        if refused.permanent:
            turn.stopped = refused.reason
        else:
            turn.not_before = turn.worker.now() + (refused.retry_after or LANE_RETRY)


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
        if turn.calls:
            await asyncio.wait(turn.calls)
            await _keep_ended(turn)
    finally:
        lanes = turn.worker.store.lanes
        await lanes.release(turn.held, turn.worker.now(), turn.not_before, turn.stopped)
