"""/roadmap as people press through it: looking, going to the end, and what is known counting everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from bot.app import Bot
from bot.command import LINE_LIMIT, Effect
from bot.commands.journey import whole_roadmaps
from bot.line import Understood, find_command
from bot.pack.load import load_pack, shipped_pack
from bot.pack.model import Pack
from bot.progress import tasks_of
from bot.reading import parse
from bot.reply import Facts, Note, Reply, Steps, StepState, cited
from bot.request import Place
from tests.conftest import Say, words
from tests.presses import lines, press_to_the_end

SHIPPED = load_pack(shipped_pack())
PAIRS = list(permutations([roadmap.id for roadmap in whole_roadmaps(SHIPPED)], 2))


def files_in(folder: Path) -> list[Path]:
    """List what a folder holds."""
    return list(folder.iterdir())


async def test_looking_around_stores_nothing_and_opens_no_store(say: Say, tmp_path: Path) -> None:
    for line in (
        "roadmap",
        "roadmap ai",
        "roadmap steps ai",
        "roadmap task ai-engineer git",
        "roadmap have",
        "roadmap undo",
    ):
        await say(line)
    assert files_in(tmp_path) == []


async def test_bare_roadmap_lets_one_choose_until_one_is_ticked(say: Say, pack: Pack) -> None:
    reply = await say("roadmap")
    assert {f"roadmap {roadmap}" for roadmap in pack.roadmaps} < set(lines(reply))
    await say("roadmap ml")
    assert (await say("roadmap")).title == "Which roadmap?"
    await say("roadmap done ml-engineer average-without-library")
    assert (await say("roadmap")).title.startswith("ML engineer")


async def test_the_next_task_stands_in_full_with_the_steps_around_it(say: Say, pack: Pack) -> None:
    roadmap = pack.roadmaps["ai-engineer"]
    step, task = roadmap.steps[0], roadmap.steps[0].tasks[0]
    reply = await say("roadmap ai")
    shown = words(reply)
    assert all(
        part in shown for part in (task.title, f"{task.minutes} minutes", task.done_when, task.tip or "", step.title)
    )
    (listed,) = [block for block in reply.blocks if isinstance(block, Steps)]
    assert [item.label for item in listed.items] == [each.title for each in roadmap.steps]
    assert [item.state for item in listed.items] == [StepState.NEXT, *[StepState.OPEN] * (len(roadmap.steps) - 1)]
    assert lines(reply)[0] == f"roadmap done ai-engineer {task.id}"


async def test_our_hours_are_marked_ours_beside_the_articles_total_with_its_source(say: Say, pack: Pack) -> None:
    reply = await say("roadmap ml 10 hours a week")
    hours = sum(step.hours for step in pack.roadmaps["ml-engineer"].steps)
    (ours,) = [block for block in reply.blocks if isinstance(block, Note)]
    assert ours.kind == "ours"
    assert ours.text.text == f"Our estimate: about {hours} hours left, {-(-hours // 10)} weeks at 10 hours a week."
    total = pack.roadmaps["ml-engineer"].total[0]
    assert [text.sources for text in cited(reply.blocks) if text.text == total.text] == [total.sources]


async def test_a_roadmap_without_a_printed_total_claims_none(say: Say) -> None:
    assert not [text for text in cited((await say("roadmap ai short")).blocks) if text.sources]


async def test_no_hours_a_week_are_refused_with_a_way_out(say: Say) -> None:
    reply = await say("roadmap ml 0h")
    assert "at least one" in reply.title
    assert lines(reply) == ["roadmap"]


@pytest.mark.parametrize("name", SHIPPED.roadmaps)
async def test_the_first_button_alone_leads_through_every_task_to_the_end(say: Say, pack: Pack, name: str) -> None:
    roadmap = pack.roadmaps[name]
    tasks, last = await press_to_the_end(say, roadmap)
    assert {task.id for task in tasks} == {task.id for task in tasks_of(roadmap)}
    assert last.title == f"{roadmap.name}: you are through"
    assert f"{len(tasks)} done" in words(last)
    assert f"compare {roadmap.role} projects" in lines(last)
    assert any(line.startswith("roadmap ") and name not in line for line in lines(last))


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_after_one_roadmap_the_other_asks_for_no_skill_again(
    say: Say, pack: Pack, first: str, second: str
) -> None:
    done, _ = await press_to_the_end(say, pack.roadmaps[first])
    asked_then, _ = await press_to_the_end(say, pack.roadmaps[second])
    assert {task.skill for task in done}.isdisjoint(task.skill for task in asked_then)
    assert asked_then


async def test_a_skill_one_has_is_asked_by_no_roadmap(say: Say, pack: Pack) -> None:
    reply = await say("roadmap have python, git")
    assert "You have: Python basics, Git" in words(reply)
    assert "Noted already" in words(await say("roadmap have git python"))
    for roadmap in whole_roadmaps(pack):
        tasks, _ = await press_to_the_end(say, roadmap)
        assert {"python", "git"}.isdisjoint(task.skill for task in tasks)


async def test_have_behind_a_role_marks_the_skill_and_shows_that_roadmap(say: Say) -> None:
    reply = await say("roadmap ml have python git")
    assert reply.title.startswith("ML engineer")
    assert "You have: Python basics, Git. From now on this is your roadmap." in words(reply)


async def test_the_menu_of_skills_offers_only_what_is_not_known(say: Say) -> None:
    before = await say("roadmap have ai-engineer")
    await say("roadmap have ai-engineer git")
    after = await say("roadmap have ai-engineer")
    assert set(lines(before)) - set(lines(after)) == {"roadmap have ai-engineer git"}
    assert "Known so far" in words(after)


async def test_a_variant_shares_its_ticks_and_stays_the_one_that_opens(say: Say) -> None:
    await say("roadmap done ai-engineer-short run-first-script")
    assert (await say("roadmap")).title.startswith("AI engineer, in five steps")
    assert "Already done" in words(await say("roadmap done ai-engineer run-first-script"))
    assert (await say("roadmap")).title.startswith("AI engineer, in five steps")


async def test_following_makes_a_roadmap_the_one_that_opens(say: Say) -> None:
    assert "from now on" in words(await say("roadmap follow ml"))
    assert "already" in words(await say("roadmap follow ml"))
    assert (await say("roadmap")).title.startswith("ML engineer")
    assert "roadmap follow ml-engineer" not in lines(await say("roadmap"))
    assert "roadmap follow ai-engineer" in lines(await say("roadmap ai"))


@pytest.mark.parametrize(("role", "nearest"), [("ml-researcher", "ml-engineer"), ("data science", "ml-engineer")])
async def test_a_role_without_a_roadmap_says_what_it_asks_for_and_the_nearest(
    say: Say, role: str, nearest: str
) -> None:
    reply = await say(f"roadmap {role}")
    assert reply.title.endswith("no roadmap in our sources")
    assert lines(reply)[0] == f"roadmap {nearest}"
    (asks,) = [block for block in reply.blocks if isinstance(block, Facts)]
    assert all(row.value.sources for row in asks.rows)


async def test_what_decides_the_way_in_is_told_first(say: Say, pack: Pack) -> None:
    assert pack.fit is not None
    (asks,) = [block for block in (await say("roadmap researcher")).blocks if isinstance(block, Facts)]
    assert asks.rows[0].value.statements == (pack.fit.asks_for["ml-researcher"],)


async def test_in_public_there_is_only_the_door(say: Say) -> None:
    reply = await say("roadmap done numpy", Place.PUBLIC)
    assert reply.blocks == ()
    assert lines(reply) == ["roadmap done"], "what was typed goes into no button"


async def test_nobody_in_particular_is_told_where_to_ask(say: Say) -> None:
    assert "who you are" in (await say("roadmap done numpy", who=None)).title


def _reading(reply: Reply, bot: Bot) -> Iterator[str]:
    """Yield the lines that only look, of /roadmap and what stands around it."""
    for line in lines(reply):
        read = parse(line, bot.commands, bot.vocabulary)
        command = find_command(read.call.path, bot.commands) if isinstance(read, Understood) else None
        if (
            command
            and command.effect is Effect.READ
            and line.startswith(("roadmap ", "compare "))
            and " task " not in line
        ):
            yield line


async def test_all_of_a_roadmap_is_within_four_presses(bot: Bot, say: Say, pack: Pack) -> None:
    answers: dict[str, Reply] = {}
    fresh = ["roadmap"]
    for _ in range(5):
        for line in fresh:
            answers[line] = await say(line)
        fresh = list(dict.fromkeys(n for line in fresh for n in _reading(answers[line], bot) if n not in answers))
    shown = [text for reply in answers.values() for text in cited(reply.blocks)]
    told = "\n".join(text.text for text in shown)
    statements = {identifier for text in shown for identifier in text.statements}
    for step in (step for roadmap in pack.roadmaps.values() for step in roadmap.steps):
        assert {each for each in (step.mistake, step.project, *step.see) if each} <= statements
        assert all(claim.text.removesuffix(".") in told for claim in step.learn)
        assert all(resource.url in told for resource in step.resources)
        assert all(task.done_when in told for task in step.tasks)
    around = {s.id for s in pack.statements.values() if pack.aspects[s.aspect].shown_in == "roadmap"}
    own = [(), *{(roadmap.role,) for roadmap in pack.roadmaps.values()}]
    assert {each for each in around if pack.statements[each].roles in own} <= statements


@pytest.mark.parametrize("seed", range(3))
async def test_no_way_of_pressing_buttons_breaks_it(bot: Bot, say: Say, seed: int) -> None:
    draw, reply = Random(seed), await say("roadmap")
    for _ in range(40):
        pressed = [line for line in lines(reply) if line.startswith("roadmap")] or ["roadmap"]
        line = draw.choice(pressed)
        reply = await say(line)
        assert "Something broke" not in reply.title, line
        assert len(lines(reply)) == len(set(lines(reply))), line
        for each in lines(reply):
            assert len(each) <= LINE_LIMIT
            assert isinstance(parse(each, bot.commands, bot.vocabulary), Understood), each
