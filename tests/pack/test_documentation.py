"""The examples of docs/pack.md are read as a pack is, and what it calls needed is what is needed."""

import re
from pathlib import Path

import pytest

from bot.pack.containers import Keyed, Record
from bot.pack.format import FILES
from bot.pack.shapes import Reading
from bot.pack.yaml_nodes import compose

TEXT = (Path(__file__).parents[2] / "docs" / "pack.md").read_text(encoding="utf-8")
SHORTENED = {"KB022"}  # an example shows one question, one task: fewer than belong there
SECTIONS = {
    "pack": "pack.yaml",
    "sources": "sources.yaml",
    "aspects": "aspects.yaml",
    "skills": "skills.yaml and tools.yaml",
    "tools": "skills.yaml and tools.yaml",
    "role": "roles/ROLE.yaml",
    "topic": "topics/TOPIC.yaml",
    "figures": "figures/TABLE.yaml",
    "roadmap": "roadmaps/ROADMAP.yaml",
    "fit": "fit.yaml",
    "gone": "gone.yaml",
}


def section(kind: str) -> str:
    """Return what stands under the heading of a kind of file."""
    return TEXT.partition(f"### {SECTIONS[kind]}\n")[2].partition("\n##")[0]


def record(kind: str) -> Record:
    shape = FILES[kind].shape
    found = shape.value if isinstance(shape, Keyed) else shape
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize("kind", FILES)
def test_the_example_of_a_file_is_read_without_a_mistake(kind: str) -> None:
    example = re.findall(r"```yaml\n(.*?)```", section(kind), re.DOTALL)[0]
    node, reading = compose("docs/pack.md", example), Reading("docs/pack.md", "example")
    assert node is not None

    FILES[kind].shape.read(node, reading, "example")

    assert [str(each) for each in reading.findings if each.code not in SHORTENED] == []
    assert [line for line in example.splitlines() if len(line.partition("  #")[0]) > 100] == []


@pytest.mark.parametrize("kind", FILES)
def test_what_is_needed_is_said(kind: str) -> None:
    needed = [name for name, field in record(kind).fields.items() if field.required]
    told = re.findall(r"`([a-z-]+)`", section(kind).partition("Needed: ")[2].partition(".")[0])

    assert told == needed
