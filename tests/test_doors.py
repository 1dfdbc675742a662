"""Everything in the pack has a door: from the bare commands, each statement is at most four presses away."""

from __future__ import annotations

from bot.app import Bot
from bot.command import LINE_LIMIT, Effect
from bot.line import Understood, canonical, find_command
from bot.pack.model import Pack
from bot.plain import body
from bot.reading import parse
from bot.reply import Menu, Note, Reply, buttons, cited
from bot.request import Place
from tests.conftest import Say

PRESSES = 4
LABEL_LIMIT = 75


async def walk(bot: Bot, say: Say) -> dict[str, Reply]:
    """Press every button that only reads, from the bare commands on; return each line's answer.

    Of the fit only first answers are pressed: further ones lead to no more of the pack than those.
    """
    answers: dict[str, Reply] = {}
    lines = list(bot.commands)
    for _ in range(PRESSES + 1):
        fresh = list(dict.fromkeys(line for line in lines if line not in answers))
        for line in fresh:
            answers[line] = await say(line)
        pressed = (button.line for line in fresh for button in buttons(answers[line]))
        lines = [line for line in pressed if _reads(line, bot)]
    return answers


def _reads(line: str, bot: Bot) -> bool:
    read = parse(line, bot.commands, bot.vocabulary)
    assert isinstance(read, Understood), line
    command = find_command(read.call.path, bot.commands)
    assert command is not None
    sheet = next((word for word in line.split() if word.startswith(".")), "")
    return command.effect is Effect.READ and len(sheet) <= len(".ab")


def everything(pack: Pack) -> set[str]:
    """List the ids of all statements, figures and notes on names of a pack."""
    aliases = {f"{role.id}.alias-notes.{alias}" for role in pack.roles.values() for alias in role.alias_notes}
    return set(pack.statements) | {f.id for table in pack.figures.values() for f in table.figures} | aliases


async def test_every_statement_is_within_four_presses_of_a_bare_command(bot: Bot, say: Say, pack: Pack) -> None:
    answers = await walk(bot, say)
    shown = {identifier for reply in answers.values() for text in cited(reply.blocks) for identifier in text.statements}
    assert sorted(everything(pack) - shown) == []


async def test_every_button_of_every_answer_is_a_short_canonical_line_of_its_own(bot: Bot, say: Say) -> None:
    for line, reply in (await walk(bot, say)).items():
        pressed = [button.line for button in buttons(reply)]
        assert len(pressed) == len(set(pressed)), (line, sorted(pressed))
        assert len(reply.actions) <= 25, line
        for button in buttons(reply):
            assert 0 < len(button.label) <= LABEL_LIMIT, (line, button)
            assert len(button.line) <= LINE_LIMIT, (line, button)
            read = parse(button.line, bot.commands, bot.vocabulary)
            assert isinstance(read, Understood), (line, button)
            assert canonical(read.call) == button.line, (line, button)
        for menu in (action for action in reply.actions if isinstance(action, Menu)):
            assert 0 < len(menu.options) <= 25, line


async def test_no_sentence_occurs_twice_in_an_answer_and_caveats_stay_small(bot: Bot, say: Say) -> None:
    for line, reply in (await walk(bot, say)).items():
        if line.startswith(("compare why", "fit rules")):
            continue  # reference views: they list one place or reason beside each thing that rests on it
        told = [text.text for text in cited(reply.blocks) if len(text.text) > 30]
        assert len(told) == len(set(told)), (line, [text for text in told if told.count(text) > 1])
        caveats = [block for block in reply.blocks if isinstance(block, Note) and block.kind == "caveat"]
        assert len(caveats) <= 1, line
        size, whole = len(body(Reply("", tuple(caveats)))), len(body(reply))
        assert size * 3 <= whole or not caveats[0].views, (line, size, whole)


async def test_a_public_answer_knows_no_learner(say: Say) -> None:
    await say("compare home india ai ml salary")
    public = await say("compare ai ml salary", Place.PUBLIC)
    private = await say("compare ai ml salary")
    assert public.asks_for == "region"
    assert private.asks_for is None
    assert (await say("roadmap ai", Place.PUBLIC)).blocks == ()
