"""`waymark check`, `explain` and `schema`: what bot.pack finds, printed for people, for programs and for GitHub."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from bot.errors import PackError
from bot.pack.against import against as compare
from bot.pack.codes import CODES, explanation, weight
from bot.pack.draft import read_folder
from bot.pack.instrument import breaches, proof_of, ties
from bot.pack.links import check_links
from bot.pack.lint import findings_of
from bot.pack.load import load_pack, pack_of
from bot.pack.schema import json_schema
from bot.pack.shapes import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from bot.errors import Finding
    from bot.pack.codes import Weight
    from bot.pack.draft import Draft
    from bot.pack.model import Pack
    from bot.store.engine import Store

Form = Literal["text", "json", "github"]
CLEAN, FOUND, UNREADABLE = 0, 1, 2
_GITHUB = {"mistake": "error", "due": "warning", "note": "notice"}


def run_check(  # noqa: PLR0913 - one argument an option
    folder: Path,
    *,
    today: date,
    form: Form = "text",
    strict: bool = False,
    against: Path | None = None,
    links: bool = False,
    say: Callable[[str], object] = print,
) -> int:
    """Check the pack in a folder and say what was found; return the exit code.

    0: no mistake (with `strict`, no review due either), 1: some, 2: there is no pack to read. `against` is the folder
    of an older version, `links` tries the links too.
    """
    try:
        draft = read_folder(folder)
        findings = findings_of(draft, today=today)
        proof = proof_of(draft, findings)
        findings += breaches(draft, proof) if proof else []
        if against:
            findings += _vanished(load_pack(against), draft)
        if links:
            findings += check_links(draft.texts)
    except PackError as error:
        say(error.sentence)
        return UNREADABLE
    findings = sorted(findings)
    if proof and form == "text":
        say(ties(proof))
    for line in _FORMS[form](folder, findings):
        say(line)
    fails = {"mistake", "due"} if strict else {"mistake"}
    return FOUND if any(weight(each.code) in fails for each in findings) else CLEAN


def _vanished(old: Pack, draft: Draft) -> list[Finding]:
    """Compare an older pack with a draft; one that is not whole would miss ids for other reasons."""
    try:
        return compare(old, pack_of(draft))
    except PackError:
        return []


def run_answers(old: Path, new: Path, *, at: datetime, say: Callable[[str], object] = print) -> int:
    """Say which answers change from an older pack to a newer one, and how; return the exit code."""
    from bot.answers import all_answers, changes  # noqa: PLC0415 - the whole bot, which no other check needs
    from bot.app import Bot  # noqa: PLC0415

    async def both() -> tuple[dict[str, str], dict[str, str]]:
        return await all_answers(Bot(old, no_store, never), at), await all_answers(Bot(new, no_store, never), at)

    try:
        told = list(changes(*asyncio.run(both())))
    except PackError as error:
        say(error.sentence)
        return UNREADABLE
    for line in told or ["No answer changes."]:
        say(line)
    return CLEAN


async def no_store() -> Store:
    """Refuse to open a store: what is asked here is the same for everybody."""
    raise LookupError("no learner is asked about")


def never() -> bool:
    """Say that nothing is stored."""
    return False


def run_explain(code: str, say: Callable[[str], object] = print) -> int:
    """Say what a code means, with a wrong and a right example; return the exit code."""
    known = CODES.get(code.upper())
    if known is None:
        say(f"There is no {code}. {nearest(code.upper(), CODES)}")
        return UNREADABLE
    say(explanation(code.upper()))
    return CLEAN


def run_schema(kind: str | None = None, say: Callable[[str], object] = print) -> int:
    """Say the JSON Schema of one kind of file, or of all kinds as one object; return the exit code."""
    schemas = json_schema()
    if kind is not None and kind not in schemas:
        say(f"There is no kind of file `{kind}`. {nearest(kind, schemas)}")
        return UNREADABLE
    say(json.dumps(schemas[kind] if kind else schemas, indent=2))
    return CLEAN


def _text(folder: Path, findings: Sequence[Finding]) -> Iterable[str]:
    """Yield two lines a finding, and what there is in all."""
    for each in findings:
        yield f"{folder.as_posix()}/{each}"
    counts = Counter(weight(each.code) for each in findings)
    told = [_counted(counts[name], *words) for name, words in _WORDS.items() if counts[name]]
    yield f"{folder.as_posix()}: {', '.join(told) or 'no mistakes'}."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _json(folder: Path, findings: Sequence[Finding]) -> Iterable[str]:
    """Yield one JSON list."""
    del folder
    yield json.dumps([asdict(each) | {"weight": weight(each.code)} for each in findings], indent=2)


def _github(folder: Path, findings: Sequence[Finding]) -> Iterable[str]:
    """Yield one workflow command a finding, which GitHub shows beside the line."""
    for each in findings:
        place = f"file={_property(f'{folder.as_posix()}/{each.file}')},line={each.line},col={each.column}"
        text = _data(f"{each.message} {each.remedy}")
        yield f"::{_GITHUB[weight(each.code)]} {place},title={each.code}::{text}"


def _data(text: str) -> str:
    """Escape what ends a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what ends a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_FORMS: dict[Form, Callable[[Path, Sequence[Finding]], Iterable[str]]] = {
    "text": _text,
    "json": _json,
    "github": _github,
}
_WORDS: dict[Weight, tuple[str, str]] = {
    "mistake": ("mistake", "mistakes"),
    "due": ("review due", "reviews due"),
    "note": ("note", "notes"),
}
