"""What a workspace's admins can do from the App Home, and nobody else; what then holds for everybody there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.people import is_admin
from bot.house import Freedom
from bot.nudges.message import compose
from bot.nudges.model import DeliveryState
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.pack.model import Pack
from bot.request import Learner
from tests.doubles.slack import Message, People, Team, playing_slack
from tests.doubles.slack_bench import AT, Bench, on_slack
from tests.slack.shown import shown
from tests.slack.test_installs import ONE, install, many

MONDAY = timedelta(days=1, hours=15, minutes=31)  # from Saturday noon in UTC to Monday nine in Kolkata
ONLY = "Only the admins of a workspace or server can do that, and I could not see that you are one."
HIDDEN = "The admins here have hidden “Pay”."


@pytest.fixture(params=["http", "socket"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    more = {"slack_app_token": "xapp-one"} if request.param == "socket" else {}
    async with on_slack(tmp_path, request.param, **more) as started:
        started.slack.users["UADMIN"] = {"is_admin": True}
        yield started


async def home(bench: Bench, user: str = "UADMIN") -> str:
    await bench.people.open_home(user)
    await bench.settled()
    return shown(bench.slack.homes[user][-1])


async def press(bench: Bench, label: str, user: str = "UADMIN", value: str | None = None) -> str:
    await bench.people.press(user, label, user, value)
    await bench.settled()
    return shown(bench.slack.homes[user][-1])


async def ask(bench: Bench, name: str, text: str = "", user: str = "U1") -> Message:
    seen = await bench.people.command(name, text, user)
    assert seen is not None
    return seen


async def test_an_admin_has_a_section_of_their_own_and_nobody_else_sees_it(bench: Bench) -> None:
    assert "For admins" in await home(bench)
    assert "For admins" not in await home(bench, "U1")


@pytest.mark.parametrize("user", ["UADMIN", "U1"])
async def test_a_home_asks_slack_about_its_person_once(bench: Bench, user: str) -> None:
    await home(bench, user)
    assert [method for method, _ in bench.slack.calls].count("users.info") == 1
    await home(bench, user)
    assert [method for method, _ in bench.slack.calls].count("users.info") == 1


async def test_counts_under_five_are_not_told(bench: Bench) -> None:
    for number in range(5):
        await ask(bench, "/roadmap", "follow ml-engineer", f"U{number}")
    seen = await home(bench)
    assert "With a roadmap:\n 5" in seen
    assert "With study nudges:\n fewer than five" in seen


async def test_a_hidden_aspect_is_gone_from_every_answer_and_named_where_it_is_asked_for(bench: Bench) -> None:
    before = await ask(bench, "/compare", "ai ml")
    assert "Pay" in before.labels()
    await home(bench)
    assert "“Pay” is hidden." in await press(bench, "Pay")
    assert "Pay" not in (await ask(bench, "/compare", "ai ml")).labels()
    assert "Pay" not in (await ask(bench, "/compare")).labels()
    for line in ("ai ml salary", "ai ml india senior", "why ai pay"):
        assert (await ask(bench, "/compare", line)).text.startswith(HIDDEN)
    await bench.people.write("ml engineer salary?")
    assert (await bench.settled())[-1].text.startswith(HIDDEN)
    await bench.people.mention("compare ai ml salary")
    assert (await bench.settled())[-1].text.startswith(HIDDEN)
    assert "“Pay” is shown." in await press(bench, "Pay", value="waymark show pay")
    assert (await ask(bench, "/compare", "ai ml salary")).text.startswith("Pay")


async def test_where_sharing_is_forbidden_there_is_no_button_and_an_old_one_says_why(bench: Bench) -> None:
    old = await ask(bench, "/compare", "ai ml salary")
    assert "Share here" in old.labels()
    await home(bench)
    await press(bench, "Sharing answers: switch off")
    assert "Share here" not in (await ask(bench, "/compare", "ai ml salary")).labels()
    await bench.people.press(old, "Share here")
    *_, last = await bench.settled()
    assert (last.to, last.text) == ("U1", "The admins here have switched sharing off.")


async def swept(bench: Bench, pack: Pack, later: timedelta) -> dict[DeliveryState, int]:
    store = await bench.assembly.bot.store()
    worker = Worker(
        "w", store, bench.assembly.sender.platform(), lambda nudge: compose(pack, nudge), lambda: AT + later
    )
    return dict(await sweep(worker))


async def test_forbidden_nudges_are_kept_unsent_told_and_go_on_without_a_burst(bench: Bench, pack: Pack) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer")
    await ask(bench, "/nudge", "mon 9:00 yes")
    await home(bench)
    assert "Study nudges:\n off" in await press(bench, "Study nudges: switch off")
    assert await swept(bench, pack, MONDAY) == {}
    told = await ask(bench, "/nudge")
    assert told.text.startswith("The admins here have switched study nudges off. If you have any, they are kept")
    assert "switched study nudges off" in await home(bench, "U1")
    store = await bench.assembly.bot.store()
    await store.houses.allow("slack:T1", Freedom.NUDGES, AT + MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(hours=2)
    assert await swept(bench, pack, later) == {DeliveryState.FOLDED: 1}
    assert await swept(bench, pack, MONDAY + timedelta(days=7)) == {DeliveryState.SENT: 1}


async def test_nudges_can_be_stopped_for_good_while_they_are_off(bench: Bench) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer")
    await ask(bench, "/nudge", "mon 9:00 yes")
    await home(bench)
    await press(bench, "Study nudges: switch off")
    assert "No more nudges" in (await ask(bench, "/nudge", "stop")).text


@pytest.mark.parametrize(
    "line", ["waymark hide pay", "waymark forbid nudges", "waymark erase @U2 yes", "waymark admin", "waymark show pay"]
)
async def test_a_forged_press_of_somebody_else_is_refused_and_does_nothing(bench: Bench, line: str) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer", "U2")
    await home(bench, "U1")
    assert ONLY in await press(bench, "Help", "U1", line)
    store = await bench.assembly.bot.store()
    assert (await store.houses.find("slack:T1")).hidden == frozenset()
    assert await store.learners.find(Learner("slack:T1", "U2")) is not None


async def test_an_admin_who_is_one_no_more_is_refused_at_the_next_press(bench: Bench) -> None:
    await home(bench)
    bench.slack.users["UADMIN"] = {"is_admin": True, "deleted": True}
    assert ONLY in await press(bench, "Study nudges: switch off")


async def test_a_persons_data_is_erased_after_one_more_question(bench: Bench) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer", "U2")
    await home(bench)
    assert "Erase all that is kept of this person?" in await press(bench, "Choose a person", value="U2")
    assert "'user_id': 'U2'" in str(bench.slack.homes["UADMIN"][-1])
    store = await bench.assembly.bot.store()
    assert await store.learners.find(Learner("slack:T1", "U2")) is not None
    assert "Erased: 1 entry." in await press(bench, "Yes, erase it all")
    assert await store.learners.find(Learner("slack:T1", "U2")) is None


@pytest.mark.parametrize(
    ("user", "workspace", "organisation"),
    [
        ({"is_admin": True}, True, False),
        ({"is_owner": True}, True, False),
        ({"is_primary_owner": True}, True, False),
        ({"enterprise_user": {"is_admin": True}}, True, True),
        ({"is_admin": True, "deleted": True}, False, False),
        ({}, False, False),
    ],
)
def test_who_is_an_admin(user: dict[str, object], *, workspace: bool, organisation: bool) -> None:
    assert is_admin(user, of_organisation=False) is workspace
    assert is_admin(user, of_organisation=True) is organisation


async def test_erasing_during_a_sweep_leaves_nothing_and_breaks_nothing(bench: Bench, pack: Pack) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer", "U2")
    await ask(bench, "/nudge", "mon 9:00 yes", "U2")
    await home(bench)
    bench.slack.slow["chat.postMessage"] = 0.1
    sweeping = asyncio.create_task(swept(bench, pack, MONDAY))
    async with asyncio.timeout(5):
        while bench.slack.calls[-1][0] != "chat.postMessage":  # noqa: ASYNC110 - it is Slack that is called
            await asyncio.sleep(0.01)
    await press(bench, "Choose a person", value="U2")
    assert "Erased:" in await press(bench, "Yes, erase it all")
    await sweeping
    store = await bench.assembly.bot.store()
    assert await store.learners.find(Learner("slack:T1", "U2")) is None
    assert await swept(bench, pack, MONDAY + timedelta(days=7)) == {}


async def test_two_workspaces_do_not_see_each_others_rules(tmp_path: Path) -> None:
    async with playing_slack() as slack, many(tmp_path, slack) as bench:
        two = Team(token="xoxb-second", id="T2")  # noqa: S106 - of a Slack that is played
        await install(bench, ONE)
        await install(bench, two)
        slack.users["UADMIN"] = {"is_admin": True}
        first, second = (People(slack, bench.people.deliver, team) for team in (ONE, two))
        await first.open_home("UADMIN")
        await bench.settled()
        await first.press("UADMIN", "Pay", "UADMIN")
        await bench.settled()
        hidden, seen = [await people.command("/compare", "ai ml salary") for people in (first, second)]
        assert hidden is not None
        assert seen is not None
        assert hidden.text.startswith(HIDDEN)
        assert seen.text.startswith("Pay")
        await first.event({"type": "app_uninstalled"})
        await bench.settled()
        store = await bench.assembly.bot.store()
        assert (await store.houses.find("slack:T1")).hidden == frozenset()
