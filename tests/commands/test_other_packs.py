"""A pack of somebody's own: what is offered and given as an example is what that pack can answer."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.discord.greeting import greeting as welcome
from adapters.discord.greeting import to_pin
from adapters.terminal.keyboard import greeting
from bot.app import Bot
from bot.pack.load import load_pack
from bot.plain import plain
from bot.request import Learner, Request

MINIMAL = Path(__file__).parents[1] / "pack" / "minimal"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA = Learner("terminal", "ana")
FIT = "Which one fits me?"


async def no_store() -> object:
    raise LookupError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy a small pack and take its questionnaire away."""
    made = Path(shutil.copytree(MINIMAL, tmp_path / "pack"))
    (made / "fit.yaml").unlink()
    return made


async def told(folder: Path, line: str) -> str:
    return plain(await Bot(folder, no_store, lambda: False).answer(Request(line, NOW, ANA)))


async def test_examples_name_the_roles_and_the_frame_of_the_pack_itself(folder: Path) -> None:
    assert "compare ai data scientist salary india senior" in await told(folder, "help")
    assert "compare ai data scientist salary" in await told(folder, "compare")
    assert "Try: compare ai data scientist" in await told(folder, "how many dragons")
    for line in ("compare ai data scientist salary india senior", "compare ai data scientist"):
        assert (await told(folder, line)).startswith(("Pay: AI engineer / Data", "AI engineer / Data scientist"))


@pytest.mark.parametrize("line", ["help", "compare ml ai", "roadmap", "nudge", "how many dragons"])
async def test_a_questionnaire_is_offered_where_there_is_one(line: str, folder: Path) -> None:
    assert FIT in await told(MINIMAL, line)
    assert FIT not in await told(folder, line)


async def test_what_is_said_of_the_bot_itself_names_the_pack_and_offers_only_what_it_has(folder: Path) -> None:
    yaml = folder / "pack.yaml"
    yaml.write_text(re.sub(r"(?m)^name: .*$", "name: KI-Berufe", yaml.read_text()))
    whole, small = load_pack(MINIMAL), load_pack(folder)

    for said in (greeting, welcome):
        assert "KI-Berufe" in plain(said(small))
    assert (await told(folder, "help")).startswith("Waymark: KI-Berufe")
    assert "/fit" in to_pin(whole)
    assert "/fit" not in to_pin(small)


async def test_roles_that_no_degree_sets_apart_stand_side_by_side_in_what_is_said_of_most(folder: Path) -> None:
    for role in ("ai-engineer", "ml-engineer"):
        path = folder / "roles" / f"{role}.yaml"
        path.write_text(re.sub(r",? *degree: \d", "", path.read_text()))

    answer = await told(folder, "compare ml ai")

    assert "Side by side:\n\nMaths\n" in answer
    assert "Where they lie farthest apart" not in answer
    assert "do not say" not in answer  # of pay there are figures, which have their own button
    assert "[Pay]" in answer


async def test_roles_of_which_only_figures_are_known_are_said_to_have_nothing_side_by_side(folder: Path) -> None:
    for role in ("ai-engineer", "ml-engineer"):
        (folder / "roles" / f"{role}.yaml").write_text(f"name: {role}\n")
    for path in (*(folder / "roadmaps").iterdir(), *(folder / "topics").iterdir()):
        path.unlink()

    answer = await told(folder, "compare ml-engineer ai-engineer")

    assert "Our sources say nothing of them that could stand side by side." in answer


async def test_a_place_that_is_the_only_one_is_not_offered_again(folder: Path) -> None:
    (folder / "figures" / "pay-us.yaml").unlink()

    assert "[India]" not in await told(folder, "pay ai")
    assert "[India]" in await told(MINIMAL, "pay ai us")


async def test_what_rests_on_a_source_counts_its_tables_of_figures(folder: Path) -> None:
    assert re.search(
        r"\d in this pack rest on it, and 1 table of figures\n", await told(folder, "waymark source letter")
    )
