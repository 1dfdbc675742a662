"""Every kind of mistake is reported once, at its place, with what to type instead."""

from pathlib import Path

import pytest
import yaml
from yaml import ScalarNode

from bot.pack.codes import CODES
from bot.pack.draft import read_folder
from bot.pack.lint import check
from bot.pack.references import dangling
from tests.pack.conftest import MINIMAL, TODAY, Edit

CASES = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text(encoding="utf-8"))
ELSEWHERE = {"KB004", "KB038", "KB039", "KB041", "KB042"}  # not one edit of one file; each has tests of its own


def test_the_small_pack_has_no_mistake() -> None:
    assert check(MINIMAL, today=TODAY) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mistake_is_reported_once_with_place_and_remedy(case: dict[str, str], edit: Edit) -> None:
    findings = check(edit(case["file"], case["find"], case["put"]), today=TODAY)

    said = [
        {
            "at": f"{each.file}:{each.line}:{each.column}",
            "code": each.code,
            "message": each.message,
            "remedy": each.remedy,
        }
        for each in findings
    ]
    assert said == [{key: case[key] for key in ("at", "code", "message", "remedy")}]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_pack_that_is_only_loaded_keeps_no_node_and_finds_the_same(case: dict[str, str], edit: Edit) -> None:
    folder = edit(case["file"], case["find"], case["put"])
    loaded, checked = read_folder(folder, to_check=False), read_folder(folder)

    assert [*loaded.findings, *dangling(loaded)] == [*checked.findings, *dangling(checked)]
    assert checked.roots
    assert not loaded.roots
    assert not loaded.texts
    assert all(isinstance(spot.value, ScalarNode) for ids in loaded.declared.values() for spot in ids.values())


def test_every_code_is_met_by_a_broken_pack() -> None:
    assert {case["code"] for case in CASES} | ELSEWHERE == set(CODES)


def test_ten_mistakes_in_one_file_and_in_others_are_all_found_in_one_run(edit: Edit) -> None:
    picked = [
        *("a missing key", "a kind of source that there is not", "a day that there is not", "a long title"),
        *("a circle of steps", "a shop", "four first questions", "a choice with a title", "a degree over four"),
        "a reversed range",
    ]
    cases = [case for case in CASES if case["name"] in picked]
    for case in cases:
        folder = edit(case["file"], case["find"], case["put"])

    assert sorted(each.code for each in check(folder, today=TODAY)) == sorted(case["code"] for case in cases)


def test_findings_are_sorted_by_file_and_line(edit: Edit) -> None:
    edit("sources.yaml", "kind: vendor", "kind: shop")
    edit("sources.yaml", "interest: none", "intrest: none")
    folder = edit("aspects.yaml", "[math]", "math")

    findings = check(folder, today=TODAY)

    assert [(each.file, each.line) for each in findings] == [
        ("aspects.yaml", 3),
        ("sources.yaml", 4),
        ("sources.yaml", 13),
    ]


@pytest.mark.parametrize("file", ["sources.yaml", "aspects.yaml", "skills.yaml", "tools.yaml", "pack.yaml"])
def test_what_a_file_that_cannot_be_read_declares_is_not_called_missing(file: str, edit: Edit) -> None:
    findings = check(edit(file, "", "broken: ["), today=TODAY)

    assert [(each.file, each.code) for each in findings] == [(file, "KB001")]


def test_a_role_whose_file_cannot_be_read_is_still_a_role(edit: Edit) -> None:
    findings = check(edit("roles/ai-engineer.yaml", "", "name: ["), today=TODAY)

    assert [(each.file, each.code) for each in findings] == [("roles/ai-engineer.yaml", "KB001")]


def test_a_role_about_which_nothing_is_written_is_noted(edit: Edit) -> None:
    folder = edit("roles/baker.yaml", "", "name: Baker\n")

    (finding,) = check(folder, today=TODAY)

    assert (finding.code, finding.message) == ("KB038", "Nobody has looked yet at: maths, salary.")


def test_a_review_is_due_on_the_day_and_not_before(folder: Path) -> None:
    before = check(folder, today=TODAY.replace(year=2027, month=5, day=19))
    after = check(folder, today=TODAY.replace(year=2027, month=5, day=20))

    assert before == []
    assert [(each.code, each.line) for each in after] == [("KB037", 15)]


def test_a_chain_of_tombstones_may_end_at_something_alive_or_retired(edit: Edit) -> None:
    folder = edit(
        "gone.yaml",
        "old-script:",
        "older-script: {renamed-to: old-script}\nold-coin: {merged-into: crypto-task}\nold-script:",
    )

    assert check(folder, today=TODAY) == []


def test_a_list_of_questions_short_of_a_broken_one_is_not_counted(edit: Edit) -> None:
    findings = check(edit("fit.yaml", "about: interest", "about: intrest"), today=TODAY)

    assert [each.code for each in findings] == ["KB011"]
