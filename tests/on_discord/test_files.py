"""What somebody is to keep comes as a file: one that opens on a phone, whole, to them alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from doubles.discord import Discord, Sent, error
from doubles.discord_limits import FILE, nested
from doubles.discord_people import BOT_DM, Person, labels, text

from adapters.discord.preview import preview
from adapters.discord.send import Sender
from bot.reply import Cited, Document, Reply
from bot.request import Learner

if TYPE_CHECKING:
    from aiohttp import web
    from doubles.discord import Call

    from adapters.discord.app import Listener

pytestmark = pytest.mark.usefixtures("listener")
KEPT = "<@9> *_[x](y)_* @everyone " + "x" * 9000


@pytest.fixture
def ana(discord: Discord) -> Person:
    return Person(discord)


def files(message: Sent) -> dict[str, str]:
    """Return what the files hold that a message shows, by the addresses that they have in it."""
    shown = [part["file"]["url"] for part in nested(message.components) if part["type"] == FILE]
    return {url: message.body["files"][url] for url in shown}


def stored(message: Sent) -> Any:  # noqa: ANN401 - JSON
    (document,) = files(message).values()
    return json.loads(document)


async def export(person: Person) -> Sent:
    await person.command("roadmap", destination="ml-engineer")
    help_ = await person.command("waymark")
    return await person.press(await person.press(help_, "What is stored of me"), "Hand it out")


async def test_all_that_is_stored_is_handed_out_as_a_file_and_is_gone_with_the_next_press(ana: Person) -> None:
    task = await ana.command("roadmap", destination="ml-engineer")
    await ana.press(task, "Done")
    handed = await export(ana)
    assert list(files(handed)) == ["attachment://waymark.json"]
    assert stored(handed)["learner"][0]["person"] == "42"
    assert len(stored(handed)["progress"]) == 1
    assert handed.ephemeral
    assert "Page" not in "".join(labels(handed))
    assert files(await ana.press(handed, "What it means")) == {}
    assert handed.body["attachments"] == [], "the file goes with what showed it"


async def test_in_the_bots_own_conversation_it_is_a_file_too(ana: Person) -> None:
    await ana.press(await ana.command("roadmap", destination="ml-engineer"), "Done")
    assert stored(await replace(ana, context=BOT_DM).write("waymark export"))["learner"]


async def test_a_file_whose_connection_was_cut_is_sent_whole_the_second_time(ana: Person, discord: Discord) -> None:
    await ana.press(await ana.command("roadmap", destination="ml-engineer"), "Done")
    privacy = await ana.press(await ana.command("waymark"), "What is stored of me")

    async def once(call: Call) -> web.Response | None:
        if not call.path.startswith("/interactions"):
            return None
        discord.answers.clear()
        return error(429, 0, retry_after=0.01, **{"global": False})

    discord.answers.append(once)
    assert stored(await ana.press(privacy, "Hand it out"))["learner"]


async def test_nothing_in_a_file_is_changed_or_parted(listener: Listener, discord: Discord) -> None:
    reply = Reply("All", (Document(Cited(KEPT), "kept.txt"),))
    await Sender(listener._client).direct(Learner("discord", "42"), reply)
    (message,) = discord.messages.values()
    assert files(message) == {"attachment://kept.txt": KEPT}
    assert text(message).startswith("All\n")


def test_who_builds_a_command_sees_which_files_come_with_an_answer() -> None:
    shown = json.loads(preview(Reply("All", (Document(Cited(KEPT), "kept.txt"),))))
    assert shown["attachments"] == [{"filename": "kept.txt"}]
    assert KEPT not in json.dumps(shown)
