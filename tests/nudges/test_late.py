"""Late nudges: sent and marked, held to the learner's day, or folded; never a burst, never at night."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from platforms import MONDAY, WEEKLY, World, only

from bot.nudges.calendar import Rule
from bot.nudges.model import DeliveryState, Message, Nudge, snooze_key, trial_key
from bot.nudges.outcome import Pace, Refused, Unclear
from bot.reply import Reply
from bot.request import Learner

SENT, PENDING, FOLDED = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.FOLDED
TOO_LATE = "more than 12 hours late"


def _titles(world: World) -> list[str]:
    return [call.reply.title for call in world.platform.calls if call.reply]


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (5, False), (6, True), (11 * 60, True), (12 * 60, True)])
async def test_within_twelve_hours_it_is_sent_and_marked_if_it_is_late(world: World, minutes: int, late: bool) -> None:  # noqa: FBT001
    await world.learner()
    world.clock.forward(minutes=minutes)
    assert await world.sweep() == {SENT: 1}
    assert only(_titles(world)).endswith(" late") is late


async def test_after_twelve_hours_it_is_left_to_the_next_one_and_recorded(world: World) -> None:
    ana = await world.learner()
    world.clock.forward(hours=12, seconds=1)
    assert await world.sweep() == {FOLDED: 1}
    assert await world.states(ana) == [(FOLDED, TOO_LATE)]
    world.clock.at = MONDAY + timedelta(days=7)
    assert await world.sweep() == {SENT: 1}


async def test_a_late_one_at_night_is_held_until_eight_though_twelve_hours_have_passed_then(world: World) -> None:
    ana = await world.learner(rule=Rule(frozenset({0}), time(11), "Asia/Kolkata"))
    due = datetime(2026, 11, 23, 11, tzinfo=ZoneInfo("Asia/Kolkata"))
    (occurrence,) = [(await world.rule(ana)).due]
    assert occurrence
    world.clock.at = occurrence.at + timedelta(hours=11)
    assert await world.sweep() == {PENDING: 1}
    morning = due.replace(hour=8) + timedelta(days=occurrence.day.toordinal() - due.toordinal() + 1)
    held = only(await world.deliveries(ana))
    assert held.act_at == held.held_to == morning
    world.clock.at = morning - timedelta(seconds=1)
    assert await world.sweep() == {}
    world.clock.at = morning
    assert await world.sweep() == {SENT: 1}
    assert only(_titles(world)).endswith(" late")


async def test_what_is_held_takes_nothing_from_the_pace_of_what_is_sent(world: World) -> None:
    world.pace = Pace(per_second=1, in_flight=1)
    for number in range(30):
        await world.learner(f"person {number}", replace(WEEKLY, at=time(20)))
    owl = await world.learner("owl", replace(WEEKLY, at=time(23)))
    begin = world.clock.forward(hours=14, minutes=30)
    assert await world.sweep() == {PENDING: 30, SENT: 1}
    assert [call.person for call in world.platform.calls] == [owl.person]
    assert world.clock.now() - begin < timedelta(seconds=5)


async def test_the_twelve_hours_begin_again_on_the_morning_it_was_held_to(world: World) -> None:
    ana = await world.learner(rule=Rule(frozenset({0}), time(11), "UTC"))
    world.clock.at = MONDAY.replace(hour=22)
    await world.sweep()
    world.clock.at = MONDAY.replace(hour=20) + timedelta(days=1)
    assert await world.sweep() == {SENT: 1}
    ben = await world.learner("ben", rule=Rule(frozenset({2}), time(11), "UTC"))
    world.clock.at = MONDAY.replace(hour=22) + timedelta(days=2)
    await world.sweep()
    world.clock.at = MONDAY.replace(hour=20, minute=1) + timedelta(days=3)
    assert await world.sweep() == {FOLDED: 1}
    assert [len(await world.deliveries(one)) for one in (ana, ben)] == [1, 1]


async def test_who_chose_an_hour_of_the_night_gets_a_late_one_at_night(world: World) -> None:
    await world.learner(rule=Rule(frozenset({0}), time(23), "UTC"))
    world.clock.at = MONDAY.replace(hour=23) + timedelta(hours=4)
    assert await world.sweep() == {SENT: 1}


async def test_it_is_not_held_to_a_morning_on_which_the_next_one_comes_anyway(world: World) -> None:
    ana = await world.learner(rule=Rule(frozenset(range(7)), time(11), "UTC"))
    world.clock.at = MONDAY.replace(hour=22)
    assert await world.sweep() == {FOLDED: 1}
    assert await world.states(ana) == [(FOLDED, "the next one is near")]
    world.clock.at = MONDAY.replace(hour=11) + timedelta(days=1)
    assert await world.sweep() == {SENT: 1}
    assert not only(_titles(world)).endswith(" late")


async def test_of_two_that_waited_one_goes_out(world: World) -> None:
    ana = await world.learner()
    await world.store.deliveries.add(ana, snooze_key(99), MONDAY + timedelta(hours=1))
    world.clock.forward(hours=3)
    assert await world.sweep() == {SENT: 1, FOLDED: 1}
    assert sorted(await world.states(ana)) == [(FOLDED, "another nudge went out meanwhile"), (SENT, None)]


async def test_a_short_snooze_that_is_late_is_not_taken_for_a_second_nudge(world: World) -> None:
    ana = await world.learner()
    await world.sweep()
    await world.store.deliveries.add(ana, snooze_key(only(await world.deliveries(ana)).id), MONDAY + timedelta(hours=3))
    world.clock.forward(hours=3, minutes=10)
    assert await world.sweep() == {SENT: 1}


async def test_one_that_may_have_arrived_counts_as_gone_out(world: World) -> None:
    ana = await world.learner()
    world.clock.forward(hours=1)
    world.platform.answers = [Unclear("timeout")]
    await world.sweep()
    await world.store.deliveries.add(ana, snooze_key(99), MONDAY + timedelta(minutes=30))
    assert await world.sweep() == {FOLDED: 1}


async def test_a_trial_is_never_late_and_not_sent_after_an_hour(world: World) -> None:
    ana = await world.learner(rule=Rule(frozenset({3}), time(9), "UTC"))
    await world.store.deliveries.add(ana, trial_key("p1"), MONDAY)
    world.clock.forward(minutes=59)
    assert await world.sweep() == {SENT: 1}
    await world.store.deliveries.add(ana, trial_key("p2"), world.clock.now())
    world.clock.forward(minutes=61)
    assert await world.sweep() == {FOLDED: 1}
    assert not any(title.endswith(" late") for title in _titles(world))


async def test_a_trial_does_not_stand_in_for_a_nudge(world: World) -> None:
    ana = await world.learner()
    world.clock.forward(hours=1)
    await world.store.deliveries.add(ana, trial_key("p1"), world.clock.now())
    assert await world.sweep() == {SENT: 2}


async def test_one_that_is_refused_again_and_again_is_given_up_after_twelve_hours(world: World) -> None:
    world.clock.at = MONDAY.replace(hour=8)
    ana = await world.learner(rule=Rule(frozenset({0}), time(8), "UTC"))
    world.platform.answers = [Refused("busy")] * 100
    for _ in range(24 * 4):
        await world.sweep()
        world.clock.forward(minutes=15)
    assert await world.states(ana) == [(FOLDED, TOO_LATE)]
    assert len(world.platform.calls) <= 20


async def test_a_month_away_leaves_one_nudge_for_each_of_a_thousand_learners_and_none_at_night(world: World) -> None:
    zones = ["Asia/Kolkata", "America/New_York", "Pacific/Auckland", "UTC", "Africa/Cairo"]
    learners = {}
    world.clock.at = MONDAY - timedelta(days=1)
    for number in range(1000):
        days = frozenset(range(7)) if number % 2 else frozenset({number // 2 % 7})
        rule = Rule(days, time(6 + number % 17, number % 60), zones[number % 5])
        learners[str(number)] = await world.learner(str(number), rule)
    back = MONDAY + timedelta(days=29, hours=11)
    world.clock.at = back
    sent_at: dict[str, list[datetime]] = {}

    def note(nudge: Nudge) -> Message:
        sent_at.setdefault(nudge.learner.person, []).append(world.clock.now())
        return Message(Reply("late" if nudge.late else "on time"))

    world.compose = note
    await world.sweep()
    assert max(Counter(world.platform.people()).values()) == 1
    assert len(world.platform.calls) > 150
    for person, moments in sent_at.items():
        rule = (await world.rule(learners[person])).rule
        local = only(moments).astimezone(ZoneInfo(rule.zone)).time()
        assert time(8) <= local <= time(21) or not time(8) <= rule.at <= time(21)
    for _ in range(26):
        world.clock.forward(hours=1)
        await world.sweep()
    await _all_accounted_for(world, back)


async def _all_accounted_for(world: World, back: datetime) -> None:
    """See that every date of every rule has its row, and that only recent ones went out."""
    for person in map(str, range(0, 1000, 7)):
        learner = await world.store.learners.find(_who(person))
        assert learner
        rows = await world.deliveries(learner)
        rule = await world.rule(learner)
        assert rule.due
        dates = [row.day for row in rows if row.day]
        wanted = [
            day
            for offset in range((rule.due.day - dates[0]).days)
            if (day := dates[0] + timedelta(days=offset)).weekday() in rule.rule.days
        ]
        assert dates == wanted
        assert all(row.reason for row in rows if row.state is not SENT)
        assert all(row.due_at > back - timedelta(hours=12) for row in rows if row.state is SENT)


def _who(person: str) -> Learner:
    return Learner("terminal", person)
