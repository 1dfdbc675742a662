"""What the store has of a learner's nudges, and what they ask for. Writes nothing and shows nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.journey import Kept, current_roadmap, kept_of
from bot.errors import UserError
from bot.nudges.calendar import first_day_after_change, monday_of, next_occurrence
from bot.nudges.clocks import elsewhere, local
from bot.nudges.kinds import days_text, time_text
from bot.nudges.model import RuleState
from bot.reply import Button

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, time

    from bot.command import Ask
    from bot.nudges.calendar import Occurrence, Rule
    from bot.nudges.model import Delivery, KeptRule
    from bot.pack.model import Pack, Roadmap
    from bot.store.engine import Store
    from bot.store.learners import StoredLearner

WEEKS = 8  # that active weeks are counted among; fewer for who is not here as long
_LIVE = frozenset({RuleState.ACTIVE, RuleState.PAUSED})


@dataclass(frozen=True, slots=True)
class Weeks:
    """In how many of the last weeks, this one included, a learner did something."""

    active: int
    of: int


@dataclass(frozen=True, slots=True)
class Present:
    """A learner's nudges as they are: the rule, the last occurrence that went out, the newest delivery of any kind."""

    pack: Pack
    at: datetime
    kept: Kept
    rule: KeptRule | None = None
    last: Delivery | None = None
    newest: Delivery | None = None
    zone: str | None = None
    overseen: bool = False
    told_zone: str | None = None
    active: Weeks | None = None

    @property
    def elsewhere(self) -> str | None:
        """The zone that the platform says now, if it shows another time and was not so when the learner chose."""
        if self.rule is None or self.kept.learner is None:
            return None
        return elsewhere(self.told_zone, self.kept.learner.told_zone, self.rule.rule.zone, self.at)

    @property
    def roadmap(self) -> Roadmap | None:
        """The roadmap that the nudges are about."""
        return current_roadmap(self.pack, self.kept)

    @property
    def live(self) -> bool:
        """Whether the learner has opted in."""
        return self.rule is not None and self.rule.state in _LIVE

    @property
    def paused_until(self) -> datetime | None:
        """When a pause ends that has not ended yet."""
        until = self.rule.paused_until if self.rule else None
        return until if until and until > self.at else None

    @property
    def next_trial(self) -> str:
        """The line that asks for a trial, once."""
        return f"nudge test #{self.newest.id if self.newest else 0}"

    def today(self) -> date:
        """Return the date in the learner's zone."""
        return local(self.rule.rule.zone if self.rule else self.zone or "UTC", self.at).date()

    def next_of(self, rule: Rule, *not_before: date) -> Occurrence:
        """Find the next occurrence of a rule: none on a day that has had one, and none before some days."""
        sent = self.last.day if self.last else None
        settled = first_day_after_change(rule, sent) if self.rule is None or rule != self.rule.rule else None
        days = [day for day in (settled, sent and _day_after(sent), *not_before) if day]
        return next_occurrence(rule, self.at, max(days) if days else None)


async def present_of(ask: Ask) -> Present:
    """Read how it stands with the nudges of the learner who asks; opens no store that nobody has used yet."""
    kept = await kept_of(ask)
    known = ask.learner.zone if ask.learner else None
    here = Present(
        ask.pack,
        ask.at,
        kept,
        zone=(kept.learner.zone if kept.learner else None) or known,
        overseen=bool(ask.learner and ask.learner.overseen),
        told_zone=known,
    )
    if kept.learner is None:
        return here
    store, learner = await ask.store(), kept.learner.id
    newest = await store.deliveries.of(learner, 1)
    rule = await store.rules.of(learner)
    return replace(
        here,
        rule=rule,
        active=await _weeks(store, kept.learner, rule.rule.zone, ask.at) if rule and rule.weeks else None,
        last=await store.deliveries.last_occurrence(learner),
        newest=newest[0] if newest else None,
    )


async def _weeks(store: Store, learner: StoredLearner, zone: str, at: datetime) -> Weeks:
    """Count the weeks with something done; before the first tick, and before a learner was here, nothing is missing."""
    this, began = monday_of(zone, at), monday_of(zone, learner.created_at)
    first = max(began, this - timedelta(weeks=WEEKS - 1))
    worked = await store.progress.worked(learner.id, at - timedelta(weeks=WEEKS))
    mondays = {monday_of(zone, moment) for moment in worked}
    return Weeks(sum(monday >= first for monday in mondays), (this - first).days // 7 + 1)


async def rule_of(ask: Ask) -> tuple[Present, KeptRule, StoredLearner]:
    """Return how it stands with somebody who has a rule, and note that they were here.

    Raises UserError for who has none.
    """
    here = await present_of(ask)
    if here.rule is None:
        raise UserError("You have no nudges yet.", (Button("Study nudges", "nudge"),))
    return here, here.rule, await (await ask.store()).learners.ensure(ask.who(), ask.at)


async def delivery_of(ask: Ask, number: int) -> tuple[StoredLearner, Delivery]:
    """Return a delivery of the learner who asks, and note that they were here; raises UserError if it is not theirs."""
    kept = await kept_of(ask)
    store = await ask.store() if kept.learner else None
    found = await store.deliveries.find(number, kept.learner.id) if store and kept.learner else None
    if store is None or found is None:
        raise UserError("That button belongs to no nudge that is kept of you.", (Button("My nudges", "nudge"),))
    return await store.learners.ensure(ask.who(), ask.at), found


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks their nudges to be; None where they leave it."""

    roadmap: str | None = None
    days: frozenset[int] | None = None
    at: time | None = None
    zone: str | None = None
    consent: str | None = None

    def line(self, *offsets: str) -> str:
        """Write it as a button carries it."""
        words = (
            "nudge",
            self.roadmap,
            days_text(self.days) if self.days else None,
            time_text(self.at) if self.at else None,
            self.zone,
            *offsets,
            self.consent,
        )
        return " ".join(word for word in words if word)


def all_of(days: Iterable[frozenset[int]]) -> frozenset[int] | None:
    """Join sets of days; None for none."""
    return frozenset().union(*days) or None


def _day_after(day: date) -> date:
    return day.fromordinal(day.toordinal() + 1)
