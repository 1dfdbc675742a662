"""/nudge as people type and press it: from nothing to a saved rule, through every state, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from life import Life
from platforms import Clock, World

from bot.app import Bot
from bot.command import LINE_LIMIT
from bot.commands.nudge_clock import clock_menu
from bot.commands.nudge_state import Wish
from bot.line import Understood, canonical
from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.model import Ending, RuleState
from bot.nudges.outcome import Refused, Sent, Unclear
from bot.nudges.zones import cities
from bot.pack.load import shipped_pack
from bot.reading import parse
from bot.reply import Menu, Reply, buttons
from bot.request import Learner
from bot.store.engine import Store
from tests.conftest import words

FIT = "fit .eamatcsbwb"
KOLKATA = "Asia/Kolkata"
START = "nudge ai mon 9am Asia/Kolkata"


async def test_from_the_end_of_fit_a_nudge_is_saved_in_three_presses_without_typing(life: Life) -> None:
    await life.say(FIT)
    await life.press("Study nudges")
    await life.press("17:20 Lahore · 17:50 Mumbai")
    await life.press("Mumbai")
    assert life.presses == 3
    rule = await life.rule()
    assert rule.state is RuleState.ACTIVE
    assert rule.rule == Rule(frozenset({0}), time(9), KOLKATA)
    assert "Monday 23 November at 09:00" in words(life.last)


async def test_where_the_platform_knows_the_zone_it_takes_two(life: Life) -> None:
    life.elsewhere(zone="Europe/Lisbon")
    await life.say(FIT)
    await life.press("Study nudges")
    assert "Lisbon, now 12:20" in words(life.last)
    await life.press("Saturdays at 10:00")
    assert (await life.rule()).rule == Rule(frozenset({5}), time(10), "Europe/Lisbon")


async def test_the_roadmap_that_the_button_named_becomes_the_learners_own(life: Life) -> None:
    await life.say("roadmap ml")
    await life.press("Study nudges")
    await life.say(f"{life.button('17:20').line.rpartition(' +')[0].rpartition(' +')[0]} {KOLKATA}")
    stored = await life.world.store.learners.find(life.learner)
    assert stored
    assert (stored.roadmap, stored.zone) == ("ml-engineer", KOLKATA)


@pytest.mark.parametrize(
    "line", ["nudge", "nudge ai", "nudge Lisbon", "nudge zone Lisbon", "nudge clock", "nudge change"]
)
async def test_looking_and_naming_a_clock_opt_nobody_in(life: Life, line: str) -> None:
    await life.say(line)
    assert await life.world.store.learners.find(life.learner) is None


async def test_without_a_roadmap_it_asks_towards_what(life: Life) -> None:
    await life.say("nudge mon 9am Lisbon")
    assert life.last.title == "Study nudges: towards what?"
    await life.press("ML engineer")
    assert (await life.rule()).rule.zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("typed", "days", "at", "zone"),
    [
        ("nudge ai mon 9am Asia/Kolkata", {0}, time(9), KOLKATA),
        ("/nudge ai tue,fri 21:30 Mumbai", {1, 4}, time(21, 30), KOLKATA),
        ("nudge ai weekdays 7 lisbon", {0, 1, 2, 3, 4}, time(7), "Europe/Lisbon"),
        ("remind me on mondays at 9 in New York about ai", {0}, time(9), "America/New_York"),
        ("nudge ai lisbon 21.30 sat and sun", {5, 6}, time(21, 30), "Europe/Lisbon"),
        ("nudge ml-engineer mon 9am Lisbon", {0}, time(9), "Europe/Lisbon"),
        ("nudge ai daily noon uk", set(range(7)), time(12), "Europe/London"),
    ],
)
async def test_a_rule_is_read_as_people_write_it(life: Life, typed: str, days: set[int], at: time, zone: str) -> None:
    await life.say(typed)
    assert (await life.rule()).rule == Rule(frozenset(days), at, zone)


async def test_what_is_left_out_stays_as_it_was(life: Life) -> None:
    await life.say(START)
    await life.say("nudge fri")
    await life.say("nudge 21:30")
    await life.say("nudge zone Lisbon")
    assert (await life.rule()).rule == Rule(frozenset({4}), time(21, 30), "Europe/Lisbon")


async def test_saying_the_same_twice_changes_nothing(life: Life) -> None:
    await life.say(START)
    before = await life.rule()
    assert "already" in words(await life.say(START))
    assert await life.rule() == before


async def test_an_ambiguous_abbreviation_is_asked_back_with_what_clocks_show(life: Life) -> None:
    await life.say("nudge ai mon 9am IST")
    assert life.labels()[:3] == ["Kolkata: Sat 17:50", "Jerusalem: Sat 14:20", "Dublin: Sat 12:20"]
    await life.press("Dublin")
    assert (await life.rule()).rule == Rule(frozenset({0}), time(9), "Europe/Dublin")


async def test_a_slip_is_asked_back_and_nonsense_leads_to_the_clock(life: Life) -> None:
    await life.say("nudge ai mon 9am lisbn")
    assert life.labels()[0] == "Lisbon, Portugal: Sat 12:20"
    await life.say("nudge ai mon 9am xyzzy")
    assert "xyzzy" in life.last.title
    await life.press("12:20 London")
    await life.press("Lisbon")
    assert (await life.rule()).rule.zone == "Europe/Lisbon"


async def test_a_clock_that_no_place_has_is_answered_with_those_there_are(life: Life) -> None:
    assert "No place" in (await life.say("nudge ai mon 9 +99:59")).title
    assert any(isinstance(action, Menu) for action in life.last.actions)


async def test_every_state_has_its_own_buttons(life: Life) -> None:
    await life.say(START)
    change = ["Change day or time", "Stop nudges"]
    assert life.shown() == [
        "Send one now",
        "Not the week of Monday 23 November",
        "Pause until…",
        "Change day or time",
        "Make them discreet",
        "Stop nudges",
    ]
    await life.say("nudge pause 5 jan")
    assert (life.last.title, life.shown()) == ("Paused until Tuesday 5 January", ["Go on now", *change])
    await life.say("nudge pause")
    assert life.shown() == ["Go on", *change, "Pause until…"]
    await life.say("nudge stop")
    assert life.shown() == ["Start again", "Change day or time", "My roadmap"]
    kept = await life.rule()
    for state in (RuleState.SUSPENDED, RuleState.WAITING):
        await life.world.store.rules.halt(
            kept.learner_id, Ending(state, "direct messages are off"), life.world.clock.at
        )
        await life.say("nudge")
        assert life.shown() == ["Try again", *change]
        await life.press("Try again")
        assert (await life.rule()).state is RuleState.ACTIVE


async def test_a_pause_until_a_day_ends_by_itself_on_the_first_day_after_it(life: Life) -> None:
    await life.say(START)
    await life.say("nudge pause until 5 jan")
    rule = await life.rule()
    assert rule.due
    assert rule.due.day == date(2027, 1, 11)
    assert "already" in words(await life.say("nudge pause until 5 jan"))
    await life.say("nudge tue")
    assert (await life.rule()).due == Occurrence(date(2027, 1, 5), datetime(2027, 1, 5, 3, 30, tzinfo=UTC))
    await life.say("nudge resume")
    assert (await life.rule()).paused_until is None


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("pause until tomorrow", "Paused until Sunday 22 November"),
        ("pause until next week", "Paused until Monday 23 November"),
        ("holiday until january", "Paused until Friday 1 January"),
        ("snooze for two weeks", "Paused until Saturday 5 December"),
    ],
)
async def test_a_pause_ends_on_a_day_as_people_say_it(life: Life, typed: str, title: str) -> None:
    await life.say(START)
    assert (await life.say(typed)).title == title


async def test_what_is_no_date_is_answered_with_an_example_of_one(life: Life) -> None:
    await life.say(START)
    assert "a date, such as 5 jan" in (await life.say("nudge pause until 05/01")).title
    assert (await life.rule()).paused_until is None


async def test_words_around_a_place_name_none_and_a_single_date_is_declined(life: Life) -> None:
    await life.say(START)
    for line in ("nudge mon 9am my time", "nudge mon 9am local time", "nudge once a week at 9"):
        assert "already" in words(await life.say(line))
    assert "days of the week" in (await life.say("remind me tomorrow at 9")).title


@pytest.mark.parametrize(
    ("until", "wrong"),
    [
        ("30 feb", "There is no 30 February."),
        ("31 feb 2027", "There is no 31 February 2027."),
        ("2026-02-31", "There is no 2026-02-31."),
        ("yesterday", "Friday 20 November 2026 has come already"),
        ("today", "Saturday 21 November 2026 has come already"),
        ("last week", "Saturday 14 November 2026 has come already"),
        ("5 jan 2020", "Sunday 5 January 2020 has come already"),
        ("2040-01-01", "Sunday 1 January 2040 is more than a year away."),
    ],
)
async def test_a_day_that_is_none_or_over_or_too_far_pauses_nothing_and_says_what_is_wrong(
    life: Life, until: str, wrong: str
) -> None:
    await life.say(START)
    told = words(await life.say(f"pause until {until}"))
    assert wrong in told
    assert "pause until 5 jan, or pause 2 weeks" in told
    kept = await life.rule()
    assert (kept.state, kept.paused_until) == (RuleState.ACTIVE, None)


async def test_not_this_week_leaves_out_one_week_however_often_it_is_pressed(life: Life) -> None:
    await life.say("nudge ai daily 9 Asia/Kolkata")
    line = "nudge skip 2026-11-21"
    for _ in range(2):
        await life.say(line)
        rule = await life.rule()
        assert rule.due
        assert rule.due.day == date(2026, 11, 23)
    life.pass_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert "over, so nothing changed" in words(await life.say(line))
    await life.say("nudge not this week")
    assert (await life.rule()).due == Occurrence(date(2026, 11, 30), datetime(2026, 11, 30, 3, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "line", ["nudge pause", "nudge later", "nudge stop", "nudge skip", "nudge discreet on", "nudge weeks on"]
)
async def test_who_has_no_nudges_is_led_to_them(life: Life, line: str) -> None:
    assert (await life.say(line)).title == "You have no nudges yet."
    assert life.shown() == ["Study nudges"]


async def test_a_changed_weekly_rule_leaves_four_days_and_says_so(life: Life) -> None:
    await life.say(START)
    await life.to_next()
    await life.say("nudge tue")
    rule = await life.rule()
    assert rule.due
    assert rule.due.day == date(2026, 12, 1)
    assert "at least four days" in words(life.last)
    await life.say("nudge fri")
    assert "four days" not in words(life.last)
    assert (await life.rule()).due == Occurrence(date(2026, 11, 27), datetime(2026, 11, 27, 3, 30, tzinfo=UTC))


async def test_a_rule_changed_after_todays_nudge_does_not_send_a_second_one_today(life: Life) -> None:
    await life.say("nudge ai daily 9 Asia/Kolkata")
    await life.to_next()
    await life.say("nudge daily 21:00")
    rule = await life.rule()
    assert rule.due
    assert rule.due.day == date(2026, 11, 23)


async def test_a_trial_comes_once_a_press_and_moves_nothing(life: Life) -> None:
    await life.say(START)
    before = await life.rule()
    line = life.button("Send one now").line
    await life.say(line)
    await life.say(line)
    (nudge,) = await life.sweep()
    assert "A trial, as you asked." in words(nudge)
    assert await life.rule() == before
    await life.say("nudge test")
    assert len(await life.sweep()) == 1


async def test_discreet_is_switched_on_and_off(life: Life) -> None:
    await life.say(START)
    for wanted in ("on", "on", "off", "off"):
        await life.say(f"nudge discreet {wanted}")
        assert (await life.rule()).discreet is (wanted == "on")


async def test_active_weeks_are_counted_for_who_switches_them_on_and_for_nobody_else(life: Life) -> None:
    await life.say("nudge ai mon 9am Asia/Kolkata")
    await life.press("Send one now")
    await life.sweep()
    await life.press("Done")
    assert "Active weeks" not in words(await life.say("nudge"))
    await life.say("nudge change")
    await life.press("Show my active weeks")
    assert "this one" in words(life.last)
    assert "already" in words(await life.say("nudge weeks on"))
    life.pass_to(datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert "1 of the last 2" in words(await life.say("nudge"))
    await life.say("roadmap undo")
    assert "each week in which you do something" in words(await life.say("nudge"))
    assert "active, active weeks shown" in words(await life.say("waymark privacy"))
    await life.say("nudge change")
    await life.press("Show no active weeks")
    assert "Active weeks\n" not in words(await life.say("nudge"))


async def test_active_weeks_begin_with_the_learner_and_reach_back_eight_weeks_by_their_own_clock(life: Life) -> None:
    await life.say("nudge ai mon 9am Asia/Kolkata")
    await life.say("nudge weeks on")
    tasks = [task.id for step in life.bot.pack.roadmaps["ai-engineer"].steps for task in step.tasks]
    for week in range(10):  # on Sundays at 20:00 UTC it is Monday in Kolkata
        life.pass_to(datetime(2026, 11, 22, 20, tzinfo=UTC) + timedelta(weeks=week))
        if week in {0, 1, 4, 9}:
            await life.say(f"roadmap done ai-engineer {tasks[week]}")
    assert "2 of the last 8" in words(await life.say("nudge"))


async def test_where_others_may_read_along_it_is_said_before_anything_is_stored(life: Life) -> None:
    life.elsewhere(zone=KOLKATA, overseen=True)
    await life.say("nudge ai mon 9am")
    assert "export messages" in words(life.last)
    assert await life.world.store.learners.find(life.learner) is None
    assert life.labels()[:2] == ["Mondays at 09:00", "Mondays at 09:00, discreet"]
    await life.press("Mondays at 09:00, discreet")
    assert (await life.rule()).discreet
    await life.say("nudge tue")
    assert (await life.rule()).rule.days == {1}


@pytest.mark.parametrize("refusal", [Refused("direct messages are off", permanent=True), Unclear("timeout")])
async def test_an_opt_in_waits_until_a_direct_message_has_arrived(store: Store, refusal: Refused | Unclear) -> None:
    answers: list[Refused | Unclear | Sent] = [refusal, Sent("1")]
    heard: list[Reply] = []

    async def direct(learner: Learner, reply: Reply) -> Refused | Unclear | Sent:
        assert learner.person == "ben"
        heard.append(reply)
        return answers.pop(0)

    async def opened() -> Store:
        return store

    bot = Bot(shipped_pack(), opened, direct=direct)
    life = Life(bot, World(store, Clock(datetime(2026, 11, 21, 12, tzinfo=UTC))), Learner("discord", "ben"))
    await life.say(START)
    assert refusal.reason in words(life.last)
    assert (await life.rule()).state is RuleState.WAITING
    assert await life.sweep() == []
    await life.press("Try again")
    assert (await life.rule()).state is RuleState.ACTIVE
    assert "Monday 23 November at 09:00" in heard[1].title
    await life.say("nudge tue")
    assert len(heard) == 2


def test_the_menu_of_clocks_fits_a_menu_and_every_line_a_button(bot: Bot) -> None:
    widest = Wish("ai-engineer-short", frozenset(range(6)), time(21, 30), consent="discreet")
    for month in range(1, 13):
        menu = clock_menu(widest, datetime(2026, month, 10, 12, 20, tzinfo=UTC))
        assert len(menu.options) <= 24
        for option in menu.options:
            assert 0 < len(option.label) <= 75
            assert len(option.line) <= LINE_LIMIT
            read = parse(option.line, bot.commands, bot.vocabulary)
            assert isinstance(read, Understood)
            assert canonical(read.call) == option.line


def test_the_longest_rule_in_every_zone_fits_a_button(bot: Bot) -> None:
    for zone in {city.zone for city in cities()}:
        line = Wish("ai-engineer-short", frozenset(range(6)), time(21, 30), zone, "discreet").line()
        assert len(line) <= LINE_LIMIT
        read = parse(line, bot.commands, bot.vocabulary)
        assert isinstance(read, Understood)
        assert canonical(read.call) == line


def test_no_citys_name_is_taken_for_a_roadmap_or_anything_but_a_place(bot: Bot) -> None:
    taken = {}
    for city in cities()[:1500]:
        if "’" in city.name:  # Tai’an is read as two words, and one of them is a career
            continue
        read = parse(f"nudge mon 9am {city.name}", bot.commands, bot.vocabulary)
        if not isinstance(read, Understood) or read.heard or len(read.call.given("days")) != 1:
            taken[city.name] = read
    assert taken == {}


async def test_every_button_of_every_view_is_canonical_and_leads_somewhere(life: Life) -> None:
    for start in (
        "nudge",
        "nudge ai",
        "nudge clock",
        START,
        "nudge",
        "nudge change",
        "nudge pause 5 jan",
        "nudge stop",
    ):
        reply = await life.say(start)
        lines = [button.line for button in buttons(reply)]
        assert len(lines) == len(set(lines)), start
        for line in lines:
            read = parse(line, life.bot.commands, life.bot.vocabulary)
            assert isinstance(read, Understood), line
            assert canonical(read.call) == line


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.sampled_from("monday tufri 0129:.,-+/ampIST"), max_size=30))
def test_anything_typed_behind_nudge_is_read_into_a_line_that_reads_back(bot: Bot, typed: str) -> None:
    read = parse(f"nudge {typed}", bot.commands, bot.vocabulary)
    if isinstance(read, Understood) and not read.call.words:
        again = parse(canonical(read.call), bot.commands, bot.vocabulary)
        assert isinstance(again, Understood)
        assert again.call == read.call


async def test_privacy_shows_the_rule_and_what_was_sent_and_forgetting_ends_it(life: Life) -> None:
    await life.say(START)
    await life.to_next()
    shown = words(await life.say("waymark privacy"))
    assert "Mondays at 09:00, Asia/Kolkata, active" in shown
    assert "1, each with its time, its task and your answer" in shown
    due = (await life.rule()).due
    assert due
    await life.say("waymark forget yes")
    life.pass_to(due.at)
    assert await life.sweep() == []
