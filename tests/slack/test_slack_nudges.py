"""Nudges over Slack: one message each, whatever goes wrong on the way; the opt-in; every refusal by its table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from adapters.slack.errors import IN_DOUBT, LATER, OF_PERSON, OF_WORKSPACE, outcome_of
from adapters.slack.names import names
from adapters.slack.run import sending
from adapters.slack.send import EVENT, Sender
from bot.nudges.message import compose
from bot.nudges.model import DeliveryState, RuleState
from bot.nudges.outcome import Absent, CannotTell, Envelope, Found, Outcome, Refused, Sent, Unclear
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.pack.model import Pack
from bot.reply import Button, Reply
from bot.request import Learner
from bot.store.engine import Store, open_store
from tests.doubles.slack import BOT_TOKEN, Fault, Slack, Team, direct_of, playing_slack
from tests.doubles.slack_bench import AT, Bench, on_slack, settings_for

NUDGE = Reply("Learn NumPy", (), (Button("Done", "nudge done #7"),))


def envelope(number: int = 7, dm: str | None = "DU1", reply: Reply | None = NUDGE) -> Envelope:
    return Envelope(number, 1, "slack:T1", "U1", dm, AT - timedelta(days=30), reply)


@asynccontextmanager
async def sender_to(slack: Slack, token: str | None = BOT_TOKEN) -> AsyncIterator[Sender]:
    async def token_of(_lane: str, _secret: bytes | None) -> str | None:
        return token

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield Sender(session, slack.address, token_of, names({}))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with playing_slack() as played:
        yield played
        assert played.violations == []


async def sent(slack: Slack, *faults: Fault, dm: str | None = "DU1") -> Outcome:
    slack.faults["chat.postMessage"] = list(faults)
    async with sender_to(slack) as sender:
        return await sender.send(envelope(dm=dm))


async def test_a_nudge_arrives_with_its_buttons_and_its_mark(slack: Slack) -> None:
    outcome = await sent(slack)
    (message,) = slack.messages
    assert outcome == Sent(message.ts, "DU1")
    assert message.labels()["Done"][2] == "nudge done #7"
    assert message.payload["metadata"] == {"event_type": EVENT, "event_payload": {"delivery": "7"}}


async def test_without_a_known_conversation_the_person_is_addressed_and_it_is_learned(slack: Slack) -> None:
    outcome = await sent(slack, dm=None)
    assert isinstance(outcome, Sent)
    assert outcome.dm == direct_of("U1")


@pytest.mark.parametrize(
    "fault",
    [Fault(drop=True, after=True), Fault(status=500, after=True), Fault(error="internal_error", after=True)],
)
async def test_what_may_have_arrived_is_never_sent_again_but_looked_for_and_found(slack: Slack, fault: Fault) -> None:
    assert isinstance(await sent(slack, fault), Unclear)
    assert len(slack.messages) == 1
    async with sender_to(slack) as sender:
        assert await sender.look(envelope()) == Found(slack.messages[0].ts)
        assert await sender.look(envelope(8)) == Absent()


async def test_a_connection_dropped_before_anything_was_posted_is_in_doubt_and_then_surely_absent(slack: Slack) -> None:
    assert isinstance(await sent(slack, Fault(drop=True)), Unclear)
    async with sender_to(slack) as sender:
        assert await sender.look(envelope()) == Absent()


async def test_nobody_listening_means_that_nothing_was_sent(slack: Slack) -> None:
    async with sender_to(slack) as sender:
        slack.address = "http://127.0.0.1:1/api/"
        nowhere = Sender(sender.session, slack.address, sender.token_of, sender.names)
        outcome = await nowhere.send(envelope())
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


async def test_a_rate_limit_goes_for_the_whole_workspace_and_for_as_long_as_slack_says(slack: Slack) -> None:
    limited = Fault(error="ratelimited", status=429, headers={"Retry-After": "17"})
    assert await sent(slack, limited) == Refused("ratelimited", retry_after=timedelta(seconds=17), of_lane=True)
    assert slack.messages == []


@pytest.mark.parametrize("code", sorted(OF_PERSON))
async def test_who_cannot_be_reached_is_not_tried_again(slack: Slack, code: str) -> None:
    assert await sent(slack, Fault(error=code)) == Refused(code, permanent=True)


@pytest.mark.parametrize("code", sorted(OF_WORKSPACE))
async def test_a_workspace_that_cannot_be_reached_stops(slack: Slack, code: str) -> None:
    assert await sent(slack, Fault(error=code)) == Refused(code, permanent=True, of_lane=True)


def test_every_code_stands_in_one_table_and_an_unknown_one_is_tried_again() -> None:
    tables = (OF_PERSON, OF_WORKSPACE, frozenset(LATER), IN_DOUBT)
    assert len(frozenset().union(*tables)) == sum(map(len, tables))
    assert outcome_of(200, "never_heard_of", None) == Refused("never_heard_of")
    assert outcome_of(503, None, None) == Unclear("status 503")
    assert all(isinstance(outcome_of(200, code, None), Unclear) for code in IN_DOUBT)
    assert all(
        outcome_of(200, code, None) == Refused(code, retry_after=wait, of_lane=True) for code, wait in LATER.items()
    )


def test_no_error_that_slack_documents_for_a_message_is_missing_from_the_table() -> None:
    documented = (
        "channel_not_found user_not_found user_disabled is_archived restricted_action messages_tab_disabled "
        "cannot_dm_bot account_inactive token_revoked token_expired invalid_auth not_authed missing_scope "
        "no_permission team_access_not_granted org_login_required team_added_to_org ekm_access_denied access_denied "
        "ratelimited rate_limited service_unavailable message_limit_exceeded internal_error fatal_error"
    )
    assert set(documented.split()) <= OF_PERSON | OF_WORKSPACE | set(LATER) | IN_DOUBT


async def test_without_a_token_the_lane_stops_and_nobody_is_called(slack: Slack) -> None:
    async with sender_to(slack, token=None) as sender:
        assert await sender.send(envelope()) == Refused("no token for this workspace", permanent=True, of_lane=True)
        assert isinstance(await sender.look(envelope()), CannotTell)
    assert slack.calls == []


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (Fault(error="ratelimited", status=429, headers={"Retry-After": "90"}), timedelta(seconds=90)),
        (Fault(error="missing_scope"), None),
        (Fault(status=500), timedelta(minutes=2)),
        (Fault(drop=True), timedelta(minutes=2)),
        (Fault(drop=True, after=True), timedelta(minutes=2)),
    ],
)
async def test_a_look_that_fails_says_whether_another_one_is_worth_it(
    slack: Slack, fault: Fault, again: timedelta | None
) -> None:
    slack.faults["conversations.history"] = [fault, fault]  # a dropped look is tried once more at once: it only reads
    async with sender_to(slack) as sender:
        looked = await sender.look(envelope())
    assert isinstance(looked, CannotTell)
    assert looked.again_in == again


@pytest.mark.parametrize(("since", "found"), [(20, Found), (70, Found), (80, CannotTell)])
async def test_a_look_goes_some_pages_back_and_never_takes_for_absent_what_it_did_not_reach(
    slack: Slack, since: int, found: type
) -> None:
    await sent(slack)
    async with sender_to(slack) as sender:
        for _ in range(since):
            await sender.direct("slack:T1", None, "DU1", Reply("More"))
        slack.calls.clear()
        looked = await sender.look(envelope())
        assert isinstance(looked, found)
        assert len(slack.calls) == min(since // 15 + 1, 5)


async def test_a_delivery_without_a_message_sends_nothing(slack: Slack) -> None:
    async with sender_to(slack) as sender:
        assert isinstance(await sender.send(envelope(reply=None)), Refused)
    assert slack.calls == []


# The whole way: opt in, be nudged, press


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with on_slack(tmp_path) as started:
        yield started


async def opted_in(bench: Bench) -> None:
    await bench.people.command("/roadmap", "follow ml-engineer")
    await bench.people.command("/nudge", "mon 9:00 yes")
    await bench.settled()


async def swept(bench: Bench, pack: Pack, later: timedelta) -> dict[DeliveryState, int]:
    """Sweep as a worker does, some time after the opt-in."""
    store = await bench.assembly.bot.store()
    began = monotonic()

    def now() -> datetime:
        return AT + later + timedelta(seconds=monotonic() - began)

    worker = Worker("w", store, bench.assembly.sender.platform(), lambda nudge: compose(pack, nudge), now)
    return dict(await sweep(worker))


MONDAY = timedelta(days=1, hours=15, minutes=31)  # from Saturday noon in UTC to Monday nine in Kolkata


async def test_before_anything_is_stored_who_could_read_along_is_told(bench: Bench) -> None:
    await bench.people.command("/roadmap", "follow ml-engineer")
    seen = await bench.people.command("/nudge")
    assert seen is not None
    assert "may be able to export messages" in seen.text
    assert "Kolkata" in seen.text  # Slack knows the zone, and it is shown
    assert any("discreet" in label for label in seen.labels())


async def test_the_opt_in_is_complete_when_its_message_has_arrived(bench: Bench, pack: Pack) -> None:
    await opted_in(bench)
    confirmation = next(message for message in bench.slack.messages if message.channel == direct_of("U1"))
    assert "Your nudges are on" in confirmation.text
    store = await bench.assembly.bot.store()
    learner = await store.learners.find(Learner("slack:T1", "U1"))
    assert learner is not None
    assert (learner.dm, learner.zone) == (direct_of("U1"), "Asia/Kolkata")
    assert await swept(bench, pack, MONDAY) == {DeliveryState.SENT: 1}
    nudge = bench.slack.messages[-1]
    await bench.people.press(nudge, "Done")
    await bench.settled()
    assert nudge.edits == 1
    assert await swept(bench, pack, MONDAY) == {}


async def test_an_opt_in_that_cannot_reach_its_person_waits_and_says_what_to_change(bench: Bench) -> None:
    bench.slack.faults["chat.postMessage"] = [Fault(error="messages_tab_disabled")]
    await bench.people.command("/roadmap", "follow ml-engineer")
    seen = await bench.people.command("/nudge", "mon 9:00 yes")
    assert seen is not None
    assert "I can’t write to you directly yet" in seen.text
    store = await bench.assembly.bot.store()
    learner = await store.learners.find(Learner("slack:T1", "U1"))
    assert learner is not None
    rule = await store.rules.of(learner.id)
    assert rule is not None
    assert rule.state is RuleState.WAITING
    await bench.people.press(seen, "Try again")
    await bench.settled()
    assert "Your nudges are on" in seen.text


async def test_a_token_revoked_in_the_middle_of_a_sweep_stops_the_lane_and_loses_nothing(
    bench: Bench, pack: Pack
) -> None:
    await opted_in(bench)
    bench.slack.faults["chat.postMessage"] = [Fault(error="token_revoked")]
    assert await swept(bench, pack, MONDAY) == {DeliveryState.PENDING: 1}
    store = await bench.assembly.bot.store()
    lane = await store.lanes.find("slack:T1")
    assert lane is not None
    assert lane.stopped == "token_revoked"
    await store.lanes.resume("slack:T1", AT + MONDAY)
    assert await swept(bench, pack, MONDAY + timedelta(minutes=1)) == {DeliveryState.SENT: 1}


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_nudge_in_doubt_is_looked_for_again_after_a_look_that_was_cut_off(
    bench: Bench, pack: Pack, *, arrived: bool
) -> None:
    await opted_in(bench)
    before = len(bench.slack.messages)
    bench.slack.faults |= {
        "chat.postMessage": [Fault(drop=True, after=arrived)],
        "conversations.history": [Fault(drop=True), Fault(drop=True)],
    }
    bench.slack.clock = (AT + MONDAY + timedelta(seconds=5)).timestamp
    for minutes in (0, 3):
        assert await swept(bench, pack, MONDAY + timedelta(minutes=minutes)) == {DeliveryState.UNCLEAR: 1}
    assert (await swept(bench, pack, MONDAY + timedelta(minutes=6)))[DeliveryState.SENT] == 1
    assert len(bench.slack.messages) == before + 1
    assert [method for method, _ in bench.slack.calls].count("conversations.history") == 3


async def test_somebody_who_was_deactivated_is_held_with_the_reason(bench: Bench, pack: Pack) -> None:
    await opted_in(bench)
    bench.slack.faults["chat.postMessage"] = [Fault(error="channel_not_found")]
    assert await swept(bench, pack, MONDAY) == {DeliveryState.REFUSED: 1}
    seen = await bench.people.command("/nudge")
    assert seen is not None
    assert "Held: I could not reach you (channel_not_found)" in seen.text


async def test_removing_the_app_in_the_middle_of_a_sweep_leaves_nothing(bench: Bench, pack: Pack) -> None:
    await opted_in(bench)
    bench.slack.slow["chat.postMessage"] = 0.2
    sweeping = asyncio.create_task(swept(bench, pack, MONDAY))
    await asyncio.sleep(0.1)
    await bench.people.event({"type": "app_uninstalled"})
    await sweeping
    await bench.assembly.desk.drain()
    store = await bench.assembly.bot.store()
    assert await store.lanes.ids() == ()
    assert await store.learners.find(Learner("slack:T1", "U1")) is None


async def test_a_worker_of_its_own_needs_neither_a_listener_nor_a_socket(tmp_path: Path, slack: Slack) -> None:
    settings, chosen = settings_for(slack, tmp_path)
    store: Store = await open_store(settings.database_url.get_secret_value())
    async with aiohttp.ClientSession() as session:
        sender, _ = await sending(settings, chosen, session, store, lambda: AT)
        assert isinstance(await sender.send(envelope()), Sent)
        stranger = Envelope(8, 1, "slack:T2", "U1", None, AT, NUDGE)
        assert isinstance(await sender.send(stranger), Refused)
    await store.aclose()
    assert slack.teams == {BOT_TOKEN: Team()}
