"""The JSON Schemas for editors are those in docs/schema, take what is right and mark what is wrong."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.pack.format import FILES
from bot.pack.load import shipped_pack
from bot.pack.schema import json_schema
from tests.pack.conftest import MINIMAL, Edit

COMMITTED = Path(__file__).parents[2] / "docs" / "schema"
CASES = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text(encoding="utf-8"))
SEEN_BY_AN_EDITOR = {
    "KB006",
    "KB007",
    "KB008",
    "KB010",
    "KB011",
    "KB012",
    "KB013",
    "KB014",
    "KB018",
    "KB021",
    "KB022",
    "KB023",
}
UNSEEN = {"a list for a key", "a large letter in a file's name"}  # no JSON, and not in the file
MARKED = [case for case in CASES if case["code"] in SEEN_BY_AN_EDITOR and case["name"] not in UNSEEN]


def as_editors_see(node: object) -> object:
    """Turn texts into what YAML 1.2's core schema makes of them, which is what editors check."""
    if isinstance(node, dict):
        return {key: as_editors_see(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_editors_see(each) for each in node]
    text = str(node)
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return {"true": True, "false": False, "": None}.get(text, text)


def files(folder: Path) -> list[tuple[str, Path]]:
    return [(kind, path) for kind, each in FILES.items() for path in sorted(folder.glob(each.pattern))]


def marks(kind: str, text: str) -> list[str]:
    """Return what an editor would mark in a file."""
    seen = as_editors_see(yaml.load(text, yaml.BaseLoader))  # noqa: S506 - makes texts and nothing else
    return [error.message for error in Draft202012Validator(json_schema()[kind]).iter_errors(seen)]


@pytest.mark.parametrize("kind", json_schema())
def test_a_schema_is_valid_and_equals_the_one_for_editors(kind: str) -> None:
    schema = json_schema()[kind]

    Draft202012Validator.check_schema(schema)
    assert json.loads((COMMITTED / f"{kind}.json").read_text()) == schema


def test_there_is_no_schema_of_a_kind_that_is_gone() -> None:
    assert {path.stem for path in COMMITTED.iterdir()} == set(json_schema())


@pytest.mark.parametrize("folder", [MINIMAL, shipped_pack()], ids=["minimal", "shipped"])
def test_an_editor_marks_nothing_in_a_pack_without_mistakes(folder: Path) -> None:
    marked = {path.name: marks(kind, path.read_text(encoding="utf-8")) for kind, path in files(folder)}

    assert len(marked) > 10
    assert not [name for name, messages in marked.items() if messages]


@pytest.mark.parametrize("case", MARKED, ids=lambda case: case["name"])
def test_an_editor_marks_what_can_be_seen_in_one_file(case: dict[str, str], edit: Edit) -> None:
    folder = edit(case["file"], case["find"], case["put"])
    kind = next(kind for kind, path in files(folder) if path == folder / case["file"])

    assert marks(kind, (folder / case["file"]).read_text(encoding="utf-8"))
