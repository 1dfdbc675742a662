"""Every scenario on every platform, and the same facts, sources and buttons as the core gives."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.record_platforms import PAGE, PATHS, cell, columns, recorded
from tests.scenarios.playing import STAGES, Playing, playing
from tests.scenarios.seat import Way
from tests.scenarios.stories import STORIES, Story

RENEW = "run: PYTHONPATH=tests .venv/bin/python -m tests.record_platforms"
TYPED = {Way.TYPED, Way.COMMAND, Way.MESSAGE, Way.MENTION}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STAGES))
async def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Playing]:
    async with playing(request.param, tmp_path_factory.mktemp("scenarios")) as started:
        yield started


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.tell.__name__)
async def test_a_scenario_goes_as_in_the_core(here: Playing, story: Story) -> None:
    if here.stage.name not in story.without:
        await here.play(story)


async def test_the_table_of_platforms_says_what_the_runs_did(here: Playing) -> None:
    taken, _ = await here.play_all()
    page = PAGE.read_text("utf-8")
    made = {path: cell(path, taken) for path in PATHS}
    assert columns(page)[here.stage.name] == made, RENEW
    assert recorded(page, columns(page)) == page, RENEW


async def test_every_command_was_typed_and_every_button_leads_to_one_that_was_pressed(here: Playing) -> None:
    taken, doors = await here.play_all()
    typed = {path for path, way in taken if way in TYPED}
    pressed = {path for path, way in taken if way not in TYPED}
    assert set(PATHS) - typed == set()
    assert doors - pressed == set()
