"""Read the files of a pack folder into a draft: all that could be read, with every mistake met on the way."""

from __future__ import annotations

import gc
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Finding, PackError
from bot.pack.format import FILES
from bot.pack.shapes import ID, Reading, Reference, Spot, nearest, stem
from bot.pack.yaml_nodes import MAX_BYTES, Trap, compose, decode, too_big

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Node

SUFFIXES = (".yaml", ".yml")


@dataclass(slots=True)
class Draft:
    """What was read of a folder.

    `made` holds what became of each file by its kind and stem; `texts` and `roots` hold the text and the root node of
    every file by its name, where the draft is `to_check`; `declared` holds the spot of every id by its kind. Of the
    kinds in `unread` some file could not be read, so that ids may be unknown.
    """

    folder: Path
    to_check: bool = True
    texts: dict[str, str] = field(default_factory=dict)
    roots: dict[str, Node] = field(default_factory=dict)
    made: dict[str, dict[str, object]] = field(default_factory=lambda: {kind: {} for kind in FILES})
    declared: dict[str, dict[str, Spot]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    version: str = ""


def read_folder(folder: Path, *, to_check: bool = True) -> Draft:
    """Read every file of a pack; raise PackError where there is no folder, no file or no pack.yaml to read.

    Unless it is `to_check`, what is written in a file is let go of as soon as it has been read.
    """
    draft = Draft(folder, to_check)
    digest = hashlib.sha256()
    with _collector_paused():
        for name in file_names(folder):
            try:
                data = _bytes(folder, name)
                digest.update(f"{name}\0{len(data)}\0".encode() + data)
                _read(name, data, draft)
            except Trap as trap:
                draft.findings += trap.findings
                draft.unread.update(_holds(name))
            if not to_check:
                draft.texts.clear()
                draft.roots.clear()
    draft.version = digest.hexdigest()[:10]
    return draft


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: on a big pack half of the time of loading would be its.

    Freezing and unfreezing hands what was read to the oldest generation without searching it.
    """
    was_on, was_frozen = gc.isenabled(), gc.get_freeze_count() > 0
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if not was_frozen:
            gc.unfreeze()
        if was_on:
            gc.enable()


def file_names(folder: Path) -> list[str]:
    """List the YAML files of a pack, sorted, as paths in the folder with `/`; raise PackError where it is none."""
    try:
        if not folder.is_dir():
            raise PackError(f"There is no folder {folder}.")
        if not (folder / "pack.yaml").is_file():
            raise PackError(f"{folder} is not a knowledge pack: it has no pack.yaml.")
        return sorted(_walk(folder))
    except OSError as error:
        raise PackError(f"{folder} cannot be read: {error.strerror}.") from error


def _walk(folder: Path) -> Iterator[str]:
    """Yield the YAML files below a folder, and links to folders, which are never followed."""

    def fail(error: OSError) -> None:
        raise error

    for where, folders, files in os.walk(folder, onerror=fail):
        here = Path(where)
        folders[:] = [each for each in folders if not each.startswith(".")]
        links = [each for each in folders if (here / each).is_symlink()]
        sheets = [each for each in files if _looks_like_yaml(each) and not each.startswith(".")]
        yield from ((here / each).relative_to(folder).as_posix() for each in (*links, *sheets))


def _looks_like_yaml(name: str) -> bool:
    """Tell whether a file is meant to be read: some editors write `.YAML`, or `.yaml.txt` and hide its end."""
    return name.lower().removesuffix(".txt").endswith(SUFFIXES)


def _bytes(folder: Path, name: str) -> bytes:
    """Return what a file holds, or raise Trap where it is not a plain file of the pack."""
    path = folder / name
    if not name.isprintable():
        raise _no_file(ascii(name), "The name holds what cannot be printed.", "Give it a plain name.")
    try:
        if not Path(realpath(path)).is_relative_to(realpath(folder)):  # Path.resolve raises on a circle of links
            raise _no_file(name, "The link leads out of the pack.", "Put the file itself here.")
        if not path.is_file():
            raise _no_file(name, "This is not a plain file.", "Put a file here, or delete it.")
        if path.stat().st_size > MAX_BYTES:
            raise Trap(too_big(name, path.stat().st_size))
        return path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
        raise _no_file(name, message, "Check who may read it.") from None


def _no_file(name: str, message: str, remedy: str) -> Trap:
    return Trap(Finding(name, 1, 1, "KB005", message, remedy))


def _kind(name: str) -> str | None:
    """Return the kind of file that a name stands for."""
    for kind, each in FILES.items():
        if fnmatchcase(name, each.pattern) and name.count("/") == each.pattern.count("/"):
            return kind
    return None


def _holds(name: str) -> tuple[str, ...]:
    """Return the kinds of id that a file would have declared."""
    kind = _kind(name)
    return FILES[kind].holds if kind else ()


def _read(name: str, data: bytes, draft: Draft) -> None:
    """Read one file into the draft."""
    kind = _kind(name)
    id_ = stem(name)
    if kind is None:
        remedy = nearest(name, [each.pattern.replace("*", id_.partition(".")[0]) for each in FILES.values()])
        raise _no_file(name, "A pack has no such file.", remedy)
    text = decode(name, data)
    draft.texts[name] = text
    root = compose(name, text)
    if root is None:
        raise Trap(Finding(name, 1, 1, "KB007", "The file is empty.", "Write it, or delete it."))
    draft.roots[name] = root
    reading = Reading(name, id_, draft.to_check, draft.declared)
    each = FILES[kind]
    if each.declares:
        reading.declare(each.declares, id_, root, root)
        if not ID.fullmatch(id_):
            remedy = "Name it with small letters, digits and hyphens."
            reading.wrong(root, "KB010", f"`{id_}` cannot be an id.", remedy)
            reading.unsure.add(each.declares)
    made = each.shape.read(root, reading, id_)
    if made is not None:
        draft.made[kind][id_] = made
    else:
        draft.unread.update(each.holds)
    _collect(reading, draft)


def _collect(reading: Reading, draft: Draft) -> None:
    """Add what was met in one file to the draft; an id that another file has declared is a mistake."""
    for kind, name, spot in reading.declared:
        first = draft.declared.setdefault(kind, {}).setdefault(name, spot)
        if first is not spot:
            line = first.name.start_mark.line + 1
            message = f"The {kind} `{name}` stands already in {first.file}, line {line}."
            reading.wrong(spot.name, "KB019", message, "Give one of the two another id.")
    draft.references += reading.references
    draft.unread |= reading.unsure
    draft.findings += reading.findings
