"""Load a knowledge pack: a folder of YAML in, a Pack out, or a PackError that says where it is wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.errors import PackError
from bot.pack.draft import Draft, file_names, read_folder
from bot.pack.making import Head, Said, WrittenRoadmap
from bot.pack.model import Pack, Roadmap, Role
from bot.pack.references import dangling

if TYPE_CHECKING:
    from bot.pack.model import Task


def load_pack(folder: Path) -> Pack:
    """Read a pack from its folder.

    Raises PackError: with a sentence alone where there is no pack, else with all findings, sorted by place.
    """
    return pack_of(read_folder(folder, to_check=False))


def pack_of(draft: Draft) -> Pack:
    """Make the pack of a draft; raise PackError with every finding where something could not be read or found."""
    findings = tuple(sorted({*draft.findings, *dangling(draft)}))
    if findings:
        first = findings[0]
        more = f" ({len(findings) - 1} more)" if findings[1:] else ""
        where = f"{first.file}, line {first.line}"
        raise PackError(f"The pack in {draft.folder} cannot be used. {where}: {first.message}{more}", findings)
    return assemble(draft)


def fingerprint(folder: Path) -> object:
    """Return something that changes when a file of the pack is added, removed or edited; reads no file.

    Raises PackError where there is no pack, or a file goes away meanwhile.
    """
    try:
        facts = [(name, (folder / name).stat()) for name in file_names(folder)]
    except OSError as error:
        raise PackError(f"{folder} cannot be read: {error.strerror}.") from error
    return tuple([(name, fact.st_size, fact.st_mtime_ns) for name, fact in facts])


def shipped_pack() -> Path:
    """Find the pack that comes with the bot: beside the packages in a checkout, inside `bot` in a wheel."""
    bot = Path(__file__).resolve().parents[1]
    places = (bot / "knowledge" / "ai-careers", bot.parent / "knowledge" / "ai-careers")
    return next((place for place in places if place.is_dir()), places[0])


def assemble(draft: Draft) -> Pack:
    """Put together what could be read; references are taken as they stand."""
    made = cast("dict[str, dict[str, Any]]", draft.made)
    head: Head = made["pack"].get("pack") or Head("", "", "")
    said: list[Said] = [*made["role"].values(), *made["topic"].values()]
    statements = chain.from_iterable(each.statements for each in said)
    return Pack(
        id=head.id,
        name=head.name,
        version=draft.version,
        report_to=head.report_to,
        about=head.about,
        not_covered=head.not_covered or {},
        regions=head.regions or {},
        levels=head.levels or {},
        aspects=made["aspects"].get("aspects", {}),
        sources=made["sources"].get("sources", {}),
        skills=made["skills"].get("skills", {}),
        tools=made["tools"].get("tools", {}),
        roles=_in_order({each.role.id: each.role for each in said if each.role}, head.roles),
        statements={each.id: each for each in statements},
        figures=made["figures"],
        roadmaps=_roadmaps(made["roadmap"]),
        fit=made["fit"].get("fit"),
        gone=made["gone"].get("gone", {}),
    )


def _in_order(roles: dict[str, Role], order: tuple[str, ...]) -> dict[str, Role]:
    """Put roles into the order in which pack.yaml offers them; those that it leaves out follow."""
    return {name: roles[name] for name in dict.fromkeys((*order, *roles)) if name in roles}


def _roadmaps(written: dict[str, WrittenRoadmap]) -> dict[str, Roadmap]:
    """Give every roadmap its steps; a variant's steps borrow their tasks by id."""
    steps = [step for each in written.values() for step in each.steps]
    tasks: dict[str, Task] = {task.id: task for each in steps for task in each.step.tasks}
    return {name: _with_steps(each, tasks) for name, each in written.items()}


def _with_steps(written: WrittenRoadmap, tasks: dict[str, Task]) -> Roadmap:
    steps = [
        replace(each.step, tasks=tuple(tasks[name] for name in each.borrows if name in tasks))
        if each.borrows
        else each.step
        for each in written.steps
    ]
    return replace(written.roadmap, steps=tuple(steps))
