"""Plain questions: the best matching statements of the pack, or that it does not cover this and the nearest command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.forbidden import hidden
from bot.commands.unclear import uncovered
from bot.line import Call
from bot.pack.find import words_of
from bot.pack.questions import answers, is_recorded, says_more_than
from bot.present import bullets, figures, fit_button, pair, sources_of
from bot.reply import Block, Button, Reply

if TYPE_CHECKING:
    from bot.pack.find import Name, Vocabulary
    from bot.pack.model import Pack, Statement
    from bot.pack.questions import Index

_NAMED = frozenset({"role", "aspect", "region", "level", "uncovered"})
_ECHO = 20  # characters of a command that is none
_SMALL_TALK = (
    "ok okay okk k cool nice great good fine wow super thanks thank thx lot hello hi hey there you hmm hm huh oh ah "
    "yes yeah no nope maybe sure bye goodbye morning evening night day sorry lol haha"
).split()


def closest(text: str, vocabulary: Vocabulary) -> Call | None:
    """Read a question as a call to compare, if it names an aspect of the pack."""
    named = [name for _, name in names_in(text, vocabulary)]
    given = {kind: tuple(dict.fromkeys(name.id for name in named if name.kind == kind)) for kind in _NAMED}
    taken = (("roles", given["role"][:4]), *((kind, given[kind][:1]) for kind in ("aspect", "region", "level")))
    return Call(("compare",), tuple((name, values) for name, values in taken if values)) if given["aspect"] else None


def is_about_names_alone(text: str, vocabulary: Vocabulary, index: Index) -> bool:
    """Say whether a question has no more in it than roles and aspects: then all that is said on them answers it."""
    named = names_in(text, vocabulary)
    covered = all(name.kind != "uncovered" for _, name in named)
    said = (*(words for words, _ in named), *_SMALL_TALK)
    return covered and not says_more_than(text, said) and not is_recorded(text, index)


def answer_question(text: str, pack: Pack, shown: Pack, vocabulary: Vocabulary, index: Index) -> Reply | None:
    """Answer a plain question with at most three statements or tables of the pack, each with the way to more.

    None means that nothing in the pack answers it; UserError is raised if what does so best is not `shown` here.
    """
    named = tuple(name for _, name in names_in(text, vocabulary))
    missing = next((name.id for name in named if name.kind == "uncovered"), None)
    if missing is not None:
        return uncovered(missing, pack)
    every = answers(text, index)
    if not every or _is_small_talk(text):
        return None
    found = [each for each in every if each in shown.statements or each in shown.figures]
    if found[:1] != every[:1]:  # what answers it best decides: the next best would answer something else
        raise hidden(((pack.statements.get(each) or pack.figures[each]).aspect for each in every), pack, shown)
    blocks = tuple(block for identifier in found for block in _told(identifier, named, pack))
    lines = dict.fromkeys(_line(identifier, pack) for identifier in found)
    onward = tuple(Button(_label(line, pack), line) for line in lines)
    return Reply("What our sources say", (*blocks, *sources_of(blocks, pack)), (*onward, Button("Help", "waymark")))


def _is_small_talk(text: str) -> bool:
    return says_more_than(text, ()) and not says_more_than(text, _SMALL_TALK)


def names_in(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, Name], ...]:
    """Find what a text names that can be compared, and roles left out, in order, each with the words that name it."""
    words = words_of(text)
    found: list[tuple[str, Name]] = []
    position = 0
    while position < len(words):
        match = vocabulary.match(words, position, _NAMED)
        if match:
            found.append((" ".join(words[position : position + match[0]]), match[1]))
        position += match[0] if match else 1
    return tuple(dict.fromkeys(found))


def _told(identifier: str, named: tuple[Name, ...], pack: Pack) -> tuple[Block, ...]:
    statement = pack.statements.get(identifier)
    if statement is not None:
        return bullets((statement,), pack, _about(statement, pack))
    table = pack.figures[identifier]
    roles = tuple(name.id for name in named if name.kind == "role")
    shown = figures(table, pack, roles) or figures(table, pack, tuple(pack.roles))
    return (shown,) if shown else ()


def _about(statement: Statement, pack: Pack) -> str | None:
    """Name what a statement is about, since here it stands apart from its like; one with a title does so itself."""
    if statement.title:
        return None
    names = " / ".join(pack.roles[role].name for role in statement.roles)
    return f"{pack.aspects[statement.aspect].name}{f': {names}' if names else ''}"


def _line(identifier: str, pack: Pack) -> str:
    """Write the line whose answer holds a statement or table, with what belongs to it."""
    statement = pack.statements.get(identifier)
    aspect = statement.aspect if statement else pack.figures[identifier].aspect
    roles = statement.roles if statement else ()
    return " ".join(("compare", *roles, aspect))


def _label(line: str, pack: Pack) -> str:
    *roles, aspect = line.removeprefix("compare ").split(" ")
    names = " / ".join(pack.roles[role].short for role in roles)
    return f"{pack.aspects[aspect].name}{f': {names}' if names else ''}"


def _starts(pack: Pack) -> tuple[Button, ...]:
    return (Button("Compare careers", "compare"), *fit_button(pack), Button("Help", "waymark"))


def not_covered(text: str, pack: Pack, vocabulary: Vocabulary) -> Reply:
    """Say that nothing here answers a text, and what would be understood."""
    starts, compared = _starts(pack), " ".join(("compare", *pair(pack)))
    roles = list(dict.fromkeys(name.id for _, name in names_in(text, vocabulary) if name.kind == "role"))[:4]
    if roles:
        button = Button(" / ".join(pack.roles[role].name for role in roles)[:75], " ".join(("compare", *roles)))
        return Reply("Our sources do not answer that. This comes closest:", actions=(button, *starts))
    if not says_more_than(text, _SMALL_TALK):
        found = " — or let five questions find one: fit" if pack.fit else ""
        return Reply(f"Tell me two careers, such as: {compared}{found}", actions=starts)
    if text.startswith("/"):
        return Reply(f"There is no {text.split(maxsplit=1)[0][:_ECHO]} here. Help lists what there is.", actions=starts)
    letters = [character for character in text if character.isalpha()]
    if letters and not any(map(str.isascii, letters)):
        return Reply(f"I read English, and some Hindi in Latin letters. Try: {compared}", actions=starts)
    sentence = f"I only know what our sources say about {pack.name}, and they do not answer that. Try: {compared}"
    return Reply(sentence, actions=starts)
