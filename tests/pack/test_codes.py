"""What `explain` shows is true: the wrong example gives that code and nothing else, the right one gives nothing."""

from pathlib import Path

import pytest

from bot.errors import Finding
from bot.pack.against import against
from bot.pack.codes import CODES, explanation
from bot.pack.draft import read_folder
from bot.pack.instrument import breaches, proof_of
from bot.pack.links import check_links
from bot.pack.lint import check
from bot.pack.load import load_pack
from tests.pack.conftest import MINIMAL, TODAY, Edit

ONE_PACK = [code for code in CODES if code not in {"KB005", "KB039", "KB041", "KB042"}]


@pytest.mark.parametrize("code", ONE_PACK)
def test_the_wrong_example_gives_its_code_and_the_right_one_none(code: str, edit: Edit) -> None:
    each = CODES[code]
    wrong = check(edit(each.file, each.right, each.wrong), today=TODAY)
    right = check(edit(each.file, each.wrong, each.right), today=TODAY)

    assert [finding.code for finding in wrong] == [code]
    assert right == []


def test_the_wrong_example_of_a_file_that_no_pack_has_gives_its_code(edit: Edit) -> None:
    each = CODES["KB005"]

    assert [finding.code for finding in check(edit(each.file, "", each.wrong), today=TODAY)] == ["KB005"]


def test_the_wrong_example_of_an_id_that_vanished_gives_its_code(folder: Path, edit: Edit) -> None:
    each = CODES["KB039"]
    edit(each.file, each.right, each.wrong)
    now = load_pack(folder)
    for file in ("roadmaps/ai-engineer.yaml", "roadmaps/short.yaml"):
        edit(file, "first-script", "old-script")

    vanished = against(load_pack(folder), now)

    assert [finding.code for finding in vanished] == ["KB039"]
    assert vanished[0].remedy == "Write `old-script: {renamed-to: first-script}` or `old-script: {retired: WHY}`."
    assert against(load_pack(folder), load_pack(MINIMAL)) == []


def test_the_wrong_example_of_a_dead_link_gives_its_code(edit: Edit) -> None:
    each = CODES["KB041"]

    def tried(folder: Path) -> list[Finding]:
        texts = read_folder(folder).texts
        return check_links(texts, lambda url: "it answers 404" if "no-such" in url else "")

    assert [finding.code for finding in tried(edit(each.file, each.right, each.wrong))] == ["KB041"]
    assert tried(edit(each.file, each.wrong, each.right)) == []


def test_the_wrong_example_of_a_questionnaire_that_cannot_be_trusted_gives_its_code(edit: Edit) -> None:
    each = CODES["KB042"]

    def broken(folder: Path) -> list[Finding]:
        draft = read_folder(folder)
        proof = proof_of(draft, check(folder, today=TODAY))
        assert proof is not None
        return breaches(draft, proof)

    found = broken(edit(each.file, each.right, each.wrong))
    assert [(finding.line, finding.column, finding.code) for finding in found] == [(1, 35, "KB042")]
    assert found[0].message == "`data-scientist` never leads alone, whatever is answered."
    assert broken(edit(each.file, each.wrong, each.right)) == []


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_shows_the_code_its_title_and_both_examples(code: str) -> None:
    text, each = explanation(code), CODES[code]

    assert text.startswith(f"{code} {each.title}\n")
    assert all(line in text for line in (*each.wrong.splitlines(), *each.right.splitlines()))


def test_codes_are_numbered_without_a_hole() -> None:
    assert list(CODES) == [f"KB{number:03}" for number in range(1, len(CODES) + 1)]
