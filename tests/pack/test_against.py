"""An id on which somebody's progress or button hangs cannot go away without a word."""

import pytest

from bot.pack.against import against
from bot.pack.load import load_pack
from tests.pack.conftest import MINIMAL, Edit

RENAMED = [
    ("statement", "roles/ai-engineer.yaml", "  level:", "  amount:", "ai-engineer.maths.level"),
    ("statement", "topics/both.yaml", "  edge:", "  more:", "both.maths.edge"),
    ("step", "roadmaps/short.yaml", "all-in-one:", "everything:", "all-in-one"),
    ("task", "roadmaps/ai-engineer.yaml", "read-file:", "open-file:", "read-file"),
    ("question", "fit.yaml", "  e:", "  x:", "fit.e"),
    ("choice", "fit.yaml", "      a:", "      x:", "fit.e.a"),
]


@pytest.mark.parametrize("renamed", RENAMED, ids=[each[0] for each in RENAMED])
def test_an_id_that_vanished_is_a_finding(renamed: tuple[str, str, str, str, str], edit: Edit) -> None:
    kind, file, old, new, id_ = renamed
    if id_ == "both.maths.edge":
        edit("roadmaps/ai-engineer.yaml", "both.maths.edge", "both.maths.more")
    before, after = load_pack(MINIMAL), load_pack(edit(file, old, new))

    messages = [each.message for each in against(before, after)]

    assert f"The {kind} `{id_}` of version {before.version} is gone without a word." in messages
    assert all(id_ in message for message in messages)


@pytest.mark.parametrize("fate", ["{renamed-to: open-file}", "{retired: too easy}"])
def test_an_id_with_a_tombstone_may_go(fate: str, edit: Edit) -> None:
    edit("roadmaps/ai-engineer.yaml", "read-file:", "open-file:")
    after = load_pack(edit("gone.yaml", "old-script:", f"read-file: {fate}\nold-script:"))

    assert against(load_pack(MINIMAL), after) == []


def test_what_is_new_or_said_in_other_words_is_no_finding(edit: Edit) -> None:
    edit("roles/ml-engineer.yaml", "A lot.", "Very much.")
    after = load_pack(edit("topics/more.yaml", "", "maths: {says: Some., from: guide}\n"))

    assert against(load_pack(MINIMAL), after) == []


def test_a_role_a_roadmap_and_a_skill_are_promises_too(edit: Edit) -> None:
    folder = edit("skills.yaml", "python: {name: Python}\n", "python: {name: Python}\nspark: {name: Spark}\n")
    before = load_pack(folder)
    edit("skills.yaml", "spark: {name: Spark}\n", "")
    edit("fit.yaml", "", "roles: [ai-engineer, ml-engineer]\nquestions: {}\n")
    (folder / "fit.yaml").unlink()
    (folder / "roles" / "data-scientist.yaml").unlink()
    (folder / "roadmaps" / "short.yaml").unlink()

    kinds = {each.message.split(" of ")[0] for each in against(before, load_pack(folder))}

    assert {"The role `data-scientist`", "The roadmap `short`", "The skill `spark`"} <= kinds
