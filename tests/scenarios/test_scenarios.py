"""Every scenario on every platform, and the same facts, sources and buttons as the core gives."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenarios.playing import STAGES, Playing, playing
from tests.scenarios.stories import STORIES, Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STAGES))
async def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Playing]:
    async with playing(request.param, tmp_path_factory.mktemp("scenarios")) as started:
        yield started


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.tell.__name__)
async def test_a_scenario_goes_as_in_the_core(here: Playing, story: Story) -> None:
    if here.stage.name not in story.without:
        await here.play(story)
