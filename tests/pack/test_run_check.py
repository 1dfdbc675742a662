"""`waymark check`, `explain` and `schema` print what was found, and their exit codes are kept."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.check import run_answers, run_check, run_explain, run_schema
from tests.pack.conftest import MINIMAL, TODAY, Edit

LATER = TODAY.replace(year=2027, month=5, day=20)


TIES = "fit: roles stay tied on 38% of 16 sheets of the first questions, and on 38% of 16 of all."


def test_a_clean_pack_says_so_and_how_often_its_questionnaire_ties_and_is_exit_code_0() -> None:
    said: list[str] = []

    assert run_check(MINIMAL, today=TODAY, say=said.append) == 0
    assert said == [TIES, f"{MINIMAL}: no mistakes."]


def test_a_questionnaire_in_which_a_role_cannot_win_is_a_mistake(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("fit.yaml", "roles: [ai-engineer, ml-engineer]", "roles: [ai-engineer, ml-engineer, data-scientist]")

    assert run_check(folder, today=TODAY, say=said.append) == 1
    assert "KB042 `data-scientist` never leads alone" in said[1]


def test_the_answers_that_change_between_two_versions_are_shown_line_by_line(edit: Edit) -> None:
    said: list[str] = []
    old = edit("roles/ai-engineer.yaml", "name: AI engineer", "name: AI builder")

    assert run_answers(old, MINIMAL, at=datetime(2026, 11, 21, tzinfo=UTC), say=said.append) == 0
    assert "compare ai-engineer:" in said
    assert "    -AI builder" in said
    assert "    +AI engineer" in said
    said.clear()
    assert run_answers(MINIMAL, MINIMAL, at=datetime(2026, 11, 21, tzinfo=UTC), say=said.append) == 0
    assert said == ["No answer changes."]


def test_a_finding_is_two_lines_that_an_editor_can_follow(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("sources.yaml", "kind: vendor", "kind: vendro")

    assert run_check(folder, today=TODAY, say=said.append) == 1
    assert said[1:] == [
        f"{folder}/sources.yaml:4:9: KB011 `vendro` is not known here.\n    Did you mean `vendor`?",
        f"{folder}: 1 mistake.",
    ]


def test_what_is_due_or_noted_does_not_fail_unless_it_is_due_and_strict(edit: Edit) -> None:
    noted = edit("roles/baker.yaml", "", "name: Baker\n")
    said: list[str] = []

    assert run_check(noted, today=LATER, say=said.append) == 0
    assert said[-1] == f"{noted}: 1 review due, 1 note."
    assert run_check(noted, today=TODAY, strict=True, say=said.append) == 0
    assert run_check(noted, today=LATER, strict=True, say=said.append) == 1


def test_no_pack_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    said: list[str] = []

    assert run_check(tmp_path, today=TODAY, say=said.append) == 2
    assert run_check(MINIMAL, today=TODAY, against=tmp_path / "old", say=said.append) == 2
    assert said == [
        f"{tmp_path} is not a knowledge pack: it has no pack.yaml.",
        f"There is no folder {tmp_path / 'old'}.",
    ]


def test_json_holds_every_field_and_how_much_it_weighs(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("sources.yaml", "kind: vendor", "kind: vendro")

    run_check(folder, today=LATER, form="json", say=said.append)

    (first, second) = json.loads("\n".join(said))
    assert first == {
        "file": "sources.yaml",
        "line": 4,
        "column": 9,
        "code": "KB011",
        "message": "`vendro` is not known here.",
        "remedy": "Did you mean `vendor`?",
        "weight": "mistake",
    }
    assert (second["code"], second["weight"]) == ("KB037", "due")


def test_github_gets_commands_that_nothing_in_a_pack_can_forge(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("pack.yaml", "name: Two careers", 'name: "100% sure"\n"::error title=x\\n::stop": y')

    run_check(folder, today=TODAY, form="github", say=said.append)

    (line,) = said
    assert line.startswith(f"::error file={folder}/pack.yaml,line=3,col=1,title=KB006::The key `::error title=x%0A")
    assert "\n" not in line


def test_an_id_that_an_older_version_had_fails_the_check(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("roadmaps/short.yaml", "all-in-one:", "everything:")

    assert run_check(folder, today=TODAY, against=MINIMAL, say=said.append) == 1
    assert "KB039 The step `all-in-one`" in said[1]


def test_a_pack_that_cannot_be_used_is_not_compared(edit: Edit) -> None:
    said: list[str] = []
    folder = edit("roadmaps/short.yaml", "steps:", "stps:")

    assert run_check(folder, today=TODAY, against=MINIMAL, say=said.append) == 1
    assert [line for line in said if "KB039" in line] == []


def test_links_are_tried_only_when_asked_for(edit: Edit) -> None:
    folder = edit("sources.yaml", "https://guide.example/careers", "http://127.0.0.1:9/")
    edit("roadmaps/ai-engineer.yaml", "https://docs.python.org/3/tutorial/", "http://127.0.0.1:9/")
    said: list[str] = []

    assert run_check(folder, today=TODAY, say=said.append) in {0, 1}
    assert not [line for line in said if "KB041" in line]
    assert run_check(folder, today=TODAY, links=True, say=said.append) == 1
    assert len([line for line in said if "KB041" in line]) == 1


def test_a_code_is_explained_in_either_case() -> None:
    said: list[str] = []

    assert run_explain("kb011", say=said.append) == 0
    assert said[0].startswith("KB011 A word that is not known here")
    assert "      kind: vendro" in said[0]


def test_a_code_that_there_is_not_is_exit_code_2() -> None:
    said: list[str] = []

    assert run_explain("KB0111", say=said.append) == 2
    assert said == ["There is no KB0111. Did you mean `KB011`?"]


@pytest.mark.parametrize("kind", ["role", "fit"])
def test_the_schema_of_one_kind_or_of_all_is_printed(kind: str) -> None:
    said: list[str] = []

    assert run_schema(kind, say=said.append) == 0
    assert run_schema(say=said.append) == 0
    assert json.loads(said[1])[kind] == json.loads(said[0])


def test_a_kind_of_file_that_there_is_not_is_exit_code_2() -> None:
    said: list[str] = []

    assert run_schema("roles", say=said.append) == 2
    assert said == ["There is no kind of file `roles`. Did you mean `role`?"]
