"""What a learner sees of what is kept about them, and what is left when they have it deleted."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from bot.pack.model import Named, Pack, Roadmap
from bot.privacy import export, forget, show
from bot.progress import SKILL, Change
from bot.reply import Block, Facts, Paragraph, StepState, cited
from bot.request import Learner
from bot.store.engine import Store, open_store

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA = Learner("slack:T1", "U1")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with aclosing(await open_store("sqlite://")) as opened:
        yield opened


@pytest.fixture
def pack() -> Pack:
    regions = {"india": Named("india", "India")}
    skills = {"git": Named("git", "Git")}
    roadmaps = {"ml": Roadmap("ml", "ML engineer", "ml", (), ())}
    return Pack("p", "P", "1", "", (), {}, regions, {}, {}, {}, skills, {}, {}, {}, {}, roadmaps, None, {})


def _rows(blocks: tuple[Block, ...]) -> dict[str, str]:
    (facts,) = blocks
    assert isinstance(facts, Facts)
    return {row.label: row.value.text for row in facts.rows}


async def _keep_everything(store: Store) -> None:
    ana = await store.learners.ensure(ANA, NOW)
    await store.learners.set_region(ana.id, "india")
    await store.learners.set_zone(ana.id, "Asia/Kolkata")
    await store.learners.set_roadmap(ana.id, "ml")
    changes = [Change("ml", f"task-{number}", StepState.DONE) for number in range(3)]
    await store.progress.record(ana.id, [*changes, Change("ml", "other", StepState.SKIPPED)], NOW)
    await store.progress.record(
        ana.id, [Change(SKILL, "git", StepState.KNOWN), Change(SKILL, "cobol", StepState.KNOWN)], NOW
    )
    await store.fits.keep(ana.id, "ea", "v1", NOW)


async def test_who_never_asked_for_anything_to_be_kept_is_told_that_nothing_is(store: Store, pack: Pack) -> None:
    blocks = await show(store, ANA, pack)
    assert [text.text for text in cited(blocks)] == ["Nothing is kept about you now."]
    assert isinstance(blocks[0], Paragraph)
    assert await export(store, ANA) == {}
    assert await forget(store, ANA) == "Nothing is kept about you now."


async def test_looking_at_what_is_kept_keeps_nothing(store: Store, pack: Pack) -> None:
    await show(store, ANA, pack)
    assert await store.learners.find(ANA) is None


async def test_all_that_is_kept_is_shown_by_the_names_that_people_know(store: Store, pack: Pack) -> None:
    await _keep_everything(store)
    assert _rows(await show(store, ANA, pack)) == {
        "You": "U1 on slack:T1",
        "Kept since": "21 November 2026",
        "Last here": "21 November 2026",
        "Region": "India",
        "Time zone": "Asia/Kolkata",
        "Roadmap": "ML engineer",
        "Tasks": "3 done, 1 skipped",
        "Skills you have": "Git, cobol",
        "Presses": "2, each with its time, so that it can be undone",
        "Fit": "your answers of 21 November 2026",
    }


async def test_what_is_not_kept_has_no_row(store: Store, pack: Pack) -> None:
    await store.learners.ensure(ANA, NOW)
    assert _rows(await show(store, ANA, pack)).keys() == {"You", "Kept since", "Last here"}


async def test_an_id_that_the_pack_lost_is_shown_as_it_is(store: Store, pack: Pack) -> None:
    ana = await store.learners.ensure(ANA, NOW)
    await store.learners.set_region(ana.id, "atlantis")
    await store.learners.set_roadmap(ana.id, "alchemist")
    rows = _rows(await show(store, ANA, pack))
    assert (rows["Region"], rows["Roadmap"]) == ("atlantis", "alchemist")


async def test_presses_that_were_all_undone_are_still_shown_as_kept(store: Store, pack: Pack) -> None:
    ana = await store.learners.ensure(ANA, NOW)
    await store.progress.record(ana.id, [Change("ml", "numpy", StepState.DONE)], NOW)
    await store.progress.undo(ana.id, NOW)
    assert "Presses" in _rows(await show(store, ANA, pack))


async def test_an_export_names_the_learner_and_every_tick(store: Store) -> None:
    await _keep_everything(store)
    exported = await export(store, ANA)
    assert exported["learner"][0]["person"] == "U1"
    assert len(exported["progress"]) == 6


async def test_after_a_deletion_there_is_nothing_to_show(store: Store, pack: Pack) -> None:
    await _keep_everything(store)
    kept = sum(len(rows) for rows in (await export(store, ANA)).values())
    assert await forget(store, ANA) == f"Deleted: {kept} entries, all there was. Nothing is kept about you now."
    assert await export(store, ANA) == {}
    assert isinstance((await show(store, ANA, pack))[0], Paragraph)
