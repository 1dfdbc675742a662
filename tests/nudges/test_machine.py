"""Any order of commands, time, answers and deaths: no call is repeated in doubt, and no occurrence gets lost."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from platforms import DAILY, Killed, Life, World, mortal

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import DeliveryState, Ending, RuleState, occurrence_key, snooze_key, trial_key
from bot.nudges.outcome import Absent, CannotTell, Envelope, Found, Lookup, Outcome, Refused, Sent, Unclear
from bot.nudges.sweep import sweep
from bot.request import Learner
from bot.store.engine import open_store
from bot.store.learners import StoredLearner

PEOPLE = ("ana", "ben", "eve")
OPEN = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCLEAR}

people = st.sampled_from(PEOPLE)
rules = st.builds(
    Rule,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"]),
)
waits = st.sampled_from([0, 2, 4, 60, 8 * 60, 24 * 60, 24 * 60]) | st.integers(0, 10 * 24 * 60)
lives = st.none() | st.integers(0, 40) | st.integers(16, 26)  # calls begin and end about there
moods = st.sampled_from(["accept", "accept silently", "lose", "busy", "busy lane", "gone", "dead token"])


class Fickle:
    """A platform that answers as its mood is, and remembers what happened to each delivery."""

    def __init__(self) -> None:
        self.moods: list[str] = []
        self.can_tell = True
        self.life = Life()
        self.arrived: set[int] = set()
        self.history: dict[int, list[str]] = {}

    async def send(self, envelope: Envelope) -> Outcome:
        self.life.step()
        history = self.history.setdefault(envelope.delivery_id, [])
        history.append("call")
        mood = self.moods.pop() if self.moods else "accept"
        outcome = self._outcome(mood, envelope.delivery_id)
        if isinstance(outcome, Refused):
            history.append("refused")
        self.life.step()
        return outcome

    def _outcome(self, mood: str, delivery_id: int) -> Outcome:
        match mood:
            case "accept":
                self.arrived.add(delivery_id)
                return Sent(str(delivery_id))
            case "accept silently":
                self.arrived.add(delivery_id)
                return Unclear("timeout")
            case "lose":
                return Unclear("timeout")
            case "busy":
                return Refused("busy")
            case "busy lane":
                return Refused("too fast", retry_after=timedelta(minutes=1), of_lane=True)
            case "gone":
                return Refused("gone", permanent=True)
            case _:
                return Refused("dead token", permanent=True, of_lane=True)

    async def look(self, envelope: Envelope) -> Lookup:
        self.life.step()
        if not self.can_tell:
            return CannotTell("no history", timedelta(minutes=2))
        if envelope.delivery_id in self.arrived:
            return Found("found")
        self.history.setdefault(envelope.delivery_id, []).append("absent")
        return Absent()


class Nudging(RuleBasedStateMachine):
    """One lane with three learners, on a real SQLite file."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.platform = Fickle()
        self.due: dict[str, date | None] = {}
        self.presses = 0

    @initialize()
    def open(self) -> None:
        store = self.run(open_store(f"sqlite:///{Path(self.folder.name) / 'w.sqlite3'}"))
        self.world = World(store, platform=self.platform)
        for person in PEOPLE:
            self.set_rule(person, DAILY)

    def run(self, doing: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever is done
        async def do() -> Any:  # noqa: ANN401
            return await doing

        return self.runner.run(do())

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            self.run(self.world.store.aclose())
            self.runner.close()
            self.folder.cleanup()

    def learner(self, person: str) -> StoredLearner | None:
        found: StoredLearner | None = self.run(self.world.store.learners.find(Learner("terminal", person)))
        return found

    def note_due(self, person: str) -> None:
        learner = self.learner(person)
        assert learner
        kept = self.run(self.world.store.rules.of(learner.id))
        self.due[person] = kept.due.day if kept.due else None

    @rule(person=people, wanted=rules)
    def set_rule(self, person: str, wanted: Rule) -> None:
        self.run(self.world.learner(person, wanted))
        self.note_due(person)

    @rule(person=people, state=st.sampled_from([RuleState.PAUSED, RuleState.STOPPED]))
    def halt(self, person: str, state: RuleState) -> None:
        if learner := self.learner(person):
            self.run(self.world.store.rules.halt(learner.id, Ending(state, "by you"), self.world.clock.now()))
            self.note_due(person)

    @rule(person=people, hours=st.integers(0, 60))
    def resume(self, person: str, hours: int) -> None:
        learner = self.learner(person)
        if learner and (kept := self.run(self.world.store.rules.of(learner.id))):
            now = self.world.clock.now()
            due = next_occurrence(kept.rule, now + timedelta(hours=hours))
            self.run(self.world.store.rules.resume(learner, due, now, now + timedelta(hours=hours)))
            self.note_due(person)

    @rule(person=people, hours=st.integers(0, 30))
    def snooze(self, person: str, hours: int) -> None:
        learner = self.learner(person)
        if learner and (past := self.run(self.world.store.deliveries.of(learner.id, 1))):
            at = self.world.clock.now() + timedelta(hours=hours)
            self.run(self.world.store.deliveries.add(learner, snooze_key(past[0].id), at, past[0].id))

    @rule(person=people)
    def ask_for_a_trial(self, person: str) -> None:
        if learner := self.learner(person):
            self.presses += 1
            key = trial_key(str(self.presses))
            self.run(self.world.store.deliveries.add(learner, key, self.world.clock.now()))

    @rule()
    def open_the_lane_again(self) -> None:
        self.run(self.world.store.lanes.open("terminal", b"token", self.world.clock.now()))

    @rule(wanted=st.lists(moods, max_size=3), can_tell=st.booleans(), minutes=waits, steps=lives)
    def let_time_pass(self, wanted: list[str], can_tell: bool, minutes: int, steps: int | None) -> None:  # noqa: FBT001 - drawn by name
        self.platform.moods, self.platform.can_tell = wanted, can_tell
        self.world.clock.forward(minutes=minutes)
        self.sweep(steps)

    @rule(wanted=moods, steps=lives)
    def let_a_day_pass(self, wanted: str, steps: int | None) -> None:
        self.let_time_pass([wanted] * 3, can_tell=True, minutes=24 * 60, steps=steps)
        self.let_time_pass([], can_tell=True, minutes=4, steps=None)

    def sweep(self, steps: int | None) -> None:
        """Sweep with a worker that has so many steps to live."""
        self.platform.life = life = Life(steps)
        worker = self.world.worker(store=mortal(self.world.store, life))
        try:
            self.run(sweep(worker))
        except Killed:
            assert steps is not None
        finally:
            self.platform.life = Life()

    @invariant()
    def no_call_is_repeated_in_doubt(self) -> None:
        for history in self.platform.history.values():
            for before, what in pairwise(history):
                assert what != "call" or before in {"refused", "absent"}

    @invariant()
    def every_date_that_was_due_has_its_row(self) -> None:
        for person, was in self.due.items():
            learner = self.learner(person)
            kept = self.run(self.world.store.rules.of(learner.id)) if learner else None
            if was and kept and kept.due:
                keys = {row.key for row in self.run(self.world.deliveries(learner))}
                days = (was + timedelta(days=offset) for offset in range((kept.due.day - was).days))
                assert {occurrence_key(day) for day in days if day.weekday() in kept.rule.days} <= keys
                self.due[person] = kept.due.day

    @invariant()
    def what_ended_without_arriving_has_its_reason(self) -> None:
        for person in self.due:
            for row in self.run(self.world.deliveries(self.learner(person))):
                assert row.reason or row.state in {*OPEN, DeliveryState.SENT}
                assert (row.act_at is None) is (row.state not in OPEN)

    def settle(self) -> None:
        """Let everything calm down: then nothing that was due is open, and what was not sent has its reason."""
        self.platform.moods, self.platform.can_tell = [], True
        self.open_the_lane_again()
        for _ in range(20):
            self.world.clock.forward(minutes=7)
            self.sweep(None)
        self.no_call_is_repeated_in_doubt()
        self.every_date_that_was_due_has_its_row()
        for person in PEOPLE:
            if learner := self.learner(person):
                rows = self.run(self.world.deliveries(learner))
                assert not [row for row in rows if row.act_at and row.act_at < self.world.clock.now()]
                assert {row.id for row in rows if row.state is DeliveryState.SENT} <= self.platform.arrived


TestNudging = Nudging.TestCase
TestNudging.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
