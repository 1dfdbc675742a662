"""What goes wrong between Slack and the bot: forged, replayed, long and slow ones, lost answers, twins."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.limit import BURST, Limit
from adapters.slack.listener import TOO_MUCH, shared_by
from adapters.slack.presses import read_press
from adapters.slack.run import assembled
from adapters.slack.typed import typed
from adapters.slack.web import BODY_LIMIT, Web
from bot.command import Ask, command
from bot.reply import Reply
from tests.doubles.slack import Fault, HttpWay, People, signed
from tests.doubles.slack_bench import AT, Bench, on_slack, served, settings_for

FORM = "application/x-www-form-urlencoded"
BODY = urlencode(
    {
        "command": "/compare",
        "text": "ai ml salary",
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "response_url": "http://127.0.0.1:1/",
    }
)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with on_slack(tmp_path) as started:
        yield started


def way_of(bench: Bench) -> HttpWay:
    assert bench.way is not None
    return bench.way


@pytest.mark.parametrize(
    "made",  # when the test runs, not when it is collected: a signature is good for five minutes
    [
        dict,
        lambda: signed(BODY, secret="another"),  # noqa: S106 - of nobody
        lambda: signed(BODY, at=time.time() - 301),
        lambda: signed(BODY, at=time.time() + 600),
        lambda: signed(BODY + "x"),
        lambda: {**signed(BODY), "x-slack-request-timestamp": "noon"},
        lambda: {**signed(BODY), "x-slack-request-timestamp": "9" * 400},
        lambda: {**signed(BODY), "x-slack-request-timestamp": "٣"},
        lambda: {**signed(BODY), "x-slack-signature": "v0="},
    ],
    ids=["none", "of another", "old", "of the future", "of another body", "no time", "too long", "other digits", "cut"],
)
async def test_what_slack_did_not_sign_just_now_is_refused(bench: Bench, made: Callable[[], dict[str, str]]) -> None:
    status, text = await way_of(bench).post(BODY, FORM, made())
    assert status == 401
    assert "Pay" not in text


async def test_what_slack_signed_is_answered(bench: Bench) -> None:
    status, text = await way_of(bench).post(BODY, FORM)
    assert (status, "Pay" in text) == (200, True)


async def test_a_signed_request_that_comes_again_tells_nothing_that_is_stored(bench: Bench) -> None:
    await bench.people.command("/roadmap", "follow ml-engineer")
    form = {"command": "/waymark", "text": "privacy", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    body = urlencode({**form, "trigger_id": "1.2.3", "response_url": "http://127.0.0.1:1/"})
    headers = signed(body)
    told = [(await way_of(bench).post(body, FORM, headers))[1] for _ in range(2)]
    assert ["U1 on slack:T1" in each for each in told] == [True, False]
    assert "That was answered already" in told[1]


async def test_an_impersonal_request_that_comes_again_is_answered_again(bench: Bench) -> None:
    headers = signed(BODY)
    told = [await way_of(bench).post(BODY, FORM, headers) for _ in range(2)]
    assert told[0] == told[1]
    assert "Pay" in told[0][1]


async def test_a_command_is_told_when_its_answer_cannot_be_made(bench: Bench, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as file:
        file.execute("DROP TABLE seen")
    seen = await bench.people.command("/nudge")
    assert seen is not None
    assert "Something broke on our side" in seen.text


async def test_a_body_that_is_too_long_is_not_read_to_its_end(bench: Bench) -> None:
    way, body = way_of(bench), BytesIO(b"x" * (BODY_LIMIT + 1))
    headers = {"content-type": FORM, **signed("x")}
    async with way.session.post(f"{way.address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 413


async def test_bytes_that_are_no_text_and_pages_that_are_none_are_refused(bench: Bench) -> None:
    way = way_of(bench)
    headers = {"content-type": FORM, **signed("x")}
    async with way.session.post(f"{way.address}/slack/events", data=b"\xff\xfe", headers=headers) as answer:
        assert answer.status == 401
    for page in ("/", "/slack/install", "/slack/oauth_redirect", "/slack/events"):
        async with way.session.get(f"{way.address}{page}") as answer:
            assert answer.status == 404


async def test_slack_can_prove_that_the_address_is_ours(bench: Bench) -> None:
    told = await bench.people.deliver("events_api", {"type": "url_verification", "challenge": "abc"})
    assert told == {"challenge": "abc"}


async def test_who_hangs_up_before_the_end_of_a_body_is_answered_no_more_and_the_next_is(bench: Bench) -> None:
    way = way_of(bench)
    address, port = way.address.removeprefix("http://").split(":")
    headers = "".join(f"{name}: {value}\r\n" for name, value in {"content-length": "999", **signed(BODY)}.items())
    _, writer = await asyncio.open_connection(address, int(port))
    writer.write(f"POST /slack/events HTTP/1.1\r\nhost: x\r\n{headers}\r\n{BODY}".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await way.post(BODY, FORM))[0] == 200


async def test_a_page_that_breaks_says_so_by_its_status_and_the_next_is_answered(bench: Bench) -> None:
    class Breaking:
        async def async_dispatch(self, _request: object) -> None:
            raise LookupError

    session = way_of(bench).session
    async with served(Web(cast("Any", Breaking()), bench.settled)) as address:
        for _ in range(2):
            async with session.post(f"{address}/slack/events", data=BODY, headers=signed(BODY)) as answer:
                assert (answer.status, await answer.text()) == (500, "Something broke on our side.\n")


async def test_health_says_when_the_store_is_gone(bench: Bench) -> None:
    async def unwell() -> None:
        raise OSError

    session = way_of(bench).session
    async with served(Web(bench.assembly.app, unwell)) as address, session.get(f"{address}/healthz") as answer:
        assert answer.status == 503


async def test_an_answer_that_takes_long_comes_after_its_acknowledgement(tmp_path: Path) -> None:
    async def slow(ask: Ask) -> Reply:
        """Take long."""
        del ask
        await asyncio.sleep(2.2)
        return Reply("At last")

    async with on_slack(tmp_path) as bench:
        bot = bench.assembly.bot
        bot.commands = {**bot.commands, "compare": command(slow, name="compare", personal=True)}
        assert await bench.people.command("/compare") is None
        (late,) = await bench.settled()
        assert (late.text, late.to) == ("At last", "U1")


async def test_two_presses_at_once_are_answered_in_their_order_and_count_once(bench: Bench) -> None:
    seen = await bench.people.command("/roadmap", "follow ml-engineer")
    assert seen is not None
    done = next(value for _, _, value in seen.labels().values() if value.startswith("roadmap done"))
    label = next(label for label, (_, _, value) in seen.labels().items() if value == done)
    await asyncio.gather(*(bench.people.press(seen, label, value=done) for _ in range(2)))
    await bench.settled()
    assert seen.edits == 2
    told = await bench.people.command("/waymark", "privacy")
    assert told is not None
    assert "1 done" in told.text


async def test_one_event_that_comes_to_two_replicas_at_once_is_answered_once(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as bench:
        settings, chosen = settings_for(bench.slack, tmp_path)
        async with assembled(settings, chosen, lambda: AT) as twin, served(Web(twin.app, twin.desk.drain)) as address:
            other = People(bench.slack, HttpWay(address, way_of(bench).session))
            await asyncio.gather(bench.people.write("compare", event_id="Ev1"), other.write("compare", event_id="Ev1"))
            await twin.desk.drain()
            assert len(await bench.settled()) == 1


@pytest.mark.parametrize(
    "fault", [Fault(drop=True, after=True), Fault(status=500, after=True), Fault(error="internal_error", after=True)]
)
async def test_an_answer_whose_fate_is_unknown_is_not_sent_twice(bench: Bench, fault: Fault) -> None:
    bench.slack.faults["chat.postMessage"] = [fault]
    await bench.people.write("compare")
    assert len(await bench.settled()) == 1


async def test_an_answer_that_was_refused_for_its_rate_is_sent_a_little_later(bench: Bench) -> None:
    bench.slack.faults["chat.postMessage"] = [Fault(error="ratelimited", status=429, headers={"Retry-After": "0"})]
    await bench.people.write("compare")
    assert len(await bench.settled()) == 1


@pytest.mark.parametrize("method", ["users.info", "views.publish"])
@pytest.mark.parametrize("fault", [Fault(error="missing_scope"), Fault(drop=True), Fault(status=503)])
async def test_what_slack_does_not_tell_or_take_costs_no_answer(bench: Bench, method: str, fault: Fault) -> None:
    bench.slack.faults[method] = [fault, fault]
    seen = await bench.people.command("/roadmap", "follow ml-engineer")
    assert seen is not None
    assert "ML engineer" in seen.text
    await bench.settled()


async def test_a_response_that_slack_refuses_leaves_the_next_press_alone(bench: Bench) -> None:
    seen = await bench.people.command("/waymark")
    assert seen is not None
    bench.slack.faults["respond"] = [Fault(status=500), Fault(drop=True)]
    for _ in range(3):
        await bench.people.press(seen, "Compare careers")
        await bench.settled()
    assert seen.edits == 1


async def test_who_asks_too_much_is_told_wherever_they_alone_see_it(bench: Bench) -> None:
    seen = await bench.people.command("/waymark")
    assert seen is not None
    for _ in range(BURST):
        last = await bench.people.command("/compare")
    assert last is not None
    await bench.people.press(seen, "Compare careers")
    await bench.people.write("compare")
    await bench.people.mention("compare")
    await bench.people.mention("compare", user="U2")
    await bench.settled()
    pressed, written, of_another = bench.slack.messages[-3:]
    assert [each.text for each in (last, pressed, written)] == [TOO_MUCH["text"]] * 3
    assert (pressed.to, written.channel, of_another.channel) == ("U1", "DU1", "C1")
    assert seen.edits == 0


def test_a_bucket_empties_by_asking_and_fills_with_time() -> None:
    limit, at = Limit(burst=2, per_second=0.5), datetime(2026, 1, 1, tzinfo=UTC)
    assert [limit.allows("a", at) for _ in range(3)] == [True, True, False]
    assert limit.allows("b", at)
    assert not limit.allows("a", at + timedelta(seconds=1))
    assert limit.allows("a", at + timedelta(seconds=3))
    assert not limit.allows("a", at - timedelta(days=1))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<@UBOT> compare ai", "compare ai"),
        ("<@UBOT|waymark>  a &amp; b &lt;c&gt;", "a & b <c>"),
        ("see <https://x.org/a|x.org> <mailto:a@b.c|a@b.c> <#C1|general>", "see x.org a@b.c"),
        ("<!channel> hi &amp;lt;", "hi &lt;"),
    ],
)
def test_what_people_wrote_is_read_as_they_saw_it(written: str, meant: str) -> None:
    assert " ".join(typed(written).split()) == meant


@given(
    st.text(min_size=1, max_size=30),
    st.text(max_size=12),
    st.dictionaries(st.sampled_from(("channel_id", "type", "message_ts")), st.text(max_size=5)),
)
def test_any_value_of_a_press_can_be_read(value: str, action: str, container: dict[str, str]) -> None:
    press = read_press({"actions": [{"action_id": action, "value": value}], "container": container})
    assert press is not None
    assert press.wire.line in value


@pytest.mark.parametrize("body", [{}, {"actions": []}, {"actions": [{}]}, {"actions": [{"value": 3}]}])
def test_a_press_that_carries_nothing_is_none(body: dict[str, object]) -> None:
    assert read_press(body) is None


def test_who_shared_an_answer_stands_above_it() -> None:
    shared = shared_by("U1", {"text": "Pay", "blocks": [{"type": "divider"}]})
    assert shared["text"] == "Shared by <@U1>\n\nPay"
    assert [block["type"] for block in shared["blocks"]] == ["context", "divider", "actions"]
