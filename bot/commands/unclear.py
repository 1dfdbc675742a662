"""What is answered where a line was not plain: what was guessed, what was not understood, what has to be private."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.command import LINE_LIMIT, NUMBER, QUESTION, ROLE, SHEET, Command
from bot.line import Call, TooMany, Unclear, Understood, call_of, canonical
from bot.pack.find import Name
from bot.present import capitalised, claim_cited, noted
from bot.reply import Button, Cited, Note, Reply

if TYPE_CHECKING:
    from bot.line import Heard
    from bot.pack.model import Aspect, Named, Pack, Roadmap, Role

_CARRIED = (NUMBER, SHEET, QUESTION)  # what buttons alone carry
_ECHO = 40  # characters of what was typed that are repeated


def echo(words: str) -> str:
    """Repeat what somebody typed, short enough and in quotes."""
    return f"“{words if len(words) <= _ECHO else words[: _ECHO - 1] + '…'}”"


def label_of(name: Name, pack: Pack) -> str:
    """Return the name that people read for something of the pack."""
    things: dict[str, Mapping[str, Role | Aspect | Named | Roadmap]] = {
        "role": pack.roles,
        "aspect": pack.aspects,
        "region": pack.regions,
        "level": pack.levels,
        "skill": pack.skills,
        "roadmap": pack.roadmaps,
        "destination": {**pack.roles, **pack.roadmaps},
    }
    thing = things.get(name.kind, {}).get(name.id)
    return thing.name if thing else _title_of(name, pack) or name.id


def _title_of(name: Name, pack: Pack) -> str | None:
    """Return the title of a step or task."""
    steps = [step for roadmap in pack.roadmaps.values() for step in roadmap.steps]
    titled = steps if name.kind == "step" else [task for step in steps for task in step.tasks]
    return next((thing.title for thing in titled if thing.id == name.id), None)


def remarks(line: Understood, pack: Pack, reply: Reply) -> Reply:
    """Put in front of an answer how the words were read, where that was a guess or a name with a note."""
    guesses = [f"{echo(heard.words)} as {label_of(heard.name, pack)}" for heard in line.heard if heard.guessed]
    notes = [Note(Cited(f"I read {', '.join(guesses)}."))] if guesses else []
    named = [heard.name for heard in line.heard if heard.name.kind == "role"]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice and line.call.path == ("compare",):
        words = " and ".join(dict.fromkeys(echo(heard.words) for heard in line.heard if heard.name == twice))
        notes.append(Note(Cited(f"{words}: one and the same here, {label_of(twice, pack)}.")))
    notes += [note for heard in line.heard for note in _alias_note(heard, pack)]
    return noted(reply, notes, pack)


def _alias_note(heard: Heard, pack: Pack) -> tuple[Note, ...]:
    """Tell what is special about the name that was used, where the pack says something on it."""
    if heard.name.kind != "role" or heard.guessed:
        return ()
    note = pack.roles[heard.name.id].alias_notes.get(heard.words)
    return (Note(claim_cited(note, pack, f"{heard.name.id}.alias-notes.{heard.words}")),) if note else ()


def misread(line: Unclear, pack: Pack) -> Reply:
    """Say which words name nothing, and offer the nearest lines; name a role that the pack leaves out as left out."""
    nearest = tuple(
        Button(label, canonical(call))
        for label, call in line.suggestions
        if set(call.given("aspect")) <= pack.aspects.keys()
    )
    if line.uncovered is not None:
        return uncovered(line.uncovered, pack)
    typed = [parameter.kind for parameter in line.command.parameters if parameter.kind not in _CARRIED]
    labels = [kind.label for kind in typed if not kind.pattern] or [kind.label for kind in typed]
    *most, last = dict.fromkeys(labels) or ("",)
    kinds = f"{', '.join(most)} or {last}" if most else last
    if not kinds:
        sentence = f"/{' '.join(line.path)} needs nothing after it; I could not use {echo(line.words)}."
    else:
        sentence = f"I don’t know {echo(line.words)} as {kinds}."
    if not nearest and any(p.kind is ROLE for p in line.command.parameters):
        nearest = tuple(Button(role.name, f"{line.path[0]} {role.id}") for role in pack.roles.values())
        hint = "These careers are in our sources:"
    else:
        hint = "Did you mean one of these?"
    return Reply(
        sentence,
        (Note(Cited(hint)),) if nearest else (),
        (*nearest, Button(f"/{line.path[0]}", line.path[0]), Button("Help", "waymark")),
    )


def uncovered(term: str, pack: Pack) -> Reply:
    """Say that a role is not in the pack, and which of its roles comes closest."""
    role = pack.roles[pack.not_covered[term]]
    return Reply(
        f"{capitalised(term)} is not covered: our sources say nothing about it.",
        (Note(Cited(f"The closest career we do have is {role.name}.")),),
        (Button(role.name, f"compare {role.id}"), Button("All careers", "compare")),
    )


def too_many(line: TooMany, pack: Pack) -> Reply:
    """Say how many values a command takes, and offer it with the first ones."""
    most, kind = line.parameter.most, line.parameter.kind
    calls = [
        call_of(line.command, line.path, {**line.beside, line.parameter.name: given})
        for given in ((line.given[:most],) if most > 1 else [(value,) for value in line.given[:3]])
    ]
    count = {1: "one", 2: "two", 3: "three", 4: "four"}.get(most, str(most))
    named = ", ".join(label_of(Name(kind.name, value), pack) for value in line.given)
    plural = "s" if most > 1 else ""
    return Reply(
        f"/{line.path[0]} takes {count} {kind.name}{plural} at a time; you named {len(line.given)}: {named}.",
        actions=tuple(
            Button(
                " / ".join(label_of(Name(kind.name, v), pack) for v in call.given(line.parameter.name))[:75],
                canonical(call),
            )
            for call in calls
        ),
    )


def doorway(call: Call, command: Command) -> Reply:
    """Answer a personal command in a public place: one line, with a button that opens it privately."""
    line = canonical(call)
    return Reply(
        f"/{call.path[0]} is between you and me.",
        actions=(Button(f"Open {command.name} privately", line if len(line) <= LINE_LIMIT else call.path[0]),),
    )
