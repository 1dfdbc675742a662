"""A pack that is read means what its files say; one that cannot be read says why in a sentence."""

import gc
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import PackError
from bot.pack.load import fingerprint, load_pack, shipped_pack
from bot.pack.model import Claim, Disagreement, Figure, Gap, Tombstone, Unit
from tests.pack.conftest import MINIMAL, Edit


def test_a_claim_keeps_its_words_sources_place_and_questions() -> None:
    statement = load_pack(MINIMAL).statements["ai-engineer.maths.level"]

    assert statement.content == Claim("Applied, not theoretical.", ("guide",), where="table, row 3")
    assert (statement.aspect, statement.roles, statement.degree) == ("maths", ("ai-engineer",), 2)
    assert statement.also_asked == ("kitna maths",)


def test_a_single_entry_is_named_by_file_and_aspect() -> None:
    statement = load_pack(MINIMAL).statements["ml-engineer.maths"]

    assert statement.content == Claim("A lot.", ("guide",))


def test_a_disagreement_keeps_its_views_and_a_gap_its_words() -> None:
    statements = load_pack(MINIMAL).statements

    assert statements["ai-engineer.salary"].content == Disagreement(
        "Who is paid more",
        (
            Claim("Slightly less than the other.", ("guide",), region="india", year=2025),
            Claim("The same.", ("letter",)),
        ),
    )
    assert statements["ml-engineer.salary.not-said"].content == Gap("Nobody says it.")


def test_a_topic_speaks_of_its_roles_or_of_the_whole_field() -> None:
    statements = load_pack(MINIMAL).statements

    assert statements["both.maths.edge"].roles == ("ai-engineer", "ml-engineer")
    assert statements["field.mistakes"].roles == ()


def test_names_stand_in_place_of_a_text() -> None:
    content = load_pack(MINIMAL).statements["ai-engineer.maths.tools"].content

    assert content == Claim("", ("guide", "letter"), names=("docker", "git"))


@pytest.mark.parametrize(
    ("id_", "low", "high"),
    [
        ("pay-india.ai-engineer.fresher", Decimal(6), Decimal(10)),
        ("pay-india.any.senior", None, None),
        ("pay-us.ml-engineer.fresher", Decimal(90000), None),
        ("pay-us.ml-engineer.senior", Decimal(141000), Decimal(141000)),
    ],
)
def test_a_figure_is_a_range_a_number_at_least_or_not_said(id_: str, low: Decimal, high: Decimal) -> None:
    _, role, level = id_.split(".")
    figures = load_pack(MINIMAL).figures[id_.split(".", maxsplit=1)[0]].figures

    assert Figure(id_, None if role == "any" else role, level, low, high) in figures


def test_a_unit_of_money_knows_currency_period_and_scale() -> None:
    figures = load_pack(MINIMAL).figures

    assert figures["pay-india"].unit == Unit("lakh INR a year", "INR", "year", 100_000)
    assert figures["pay-us"].unit == Unit("USD a year", "USD", "year", 1)


def test_not_said_and_none_become_nothing() -> None:
    pack = load_pack(MINIMAL)

    assert (pack.sources["letter"].printed, pack.sources["letter"].interest) == (None, None)
    assert (pack.figures["pay-india"].describes, pack.figures["pay-us"].year) == (None, None)
    assert pack.sources["guide"].read_on == date(2026, 11, 21)


def test_a_variant_borrows_the_tasks_of_its_roadmap() -> None:
    roadmaps = load_pack(MINIMAL).roadmaps
    original = [task for step in roadmaps["ai-engineer"].steps for task in step.tasks]

    assert roadmaps["short"].progress_key == "ai-engineer"
    assert list(roadmaps["short"].steps[0].tasks) == [original[0], original[3], original[4]]


def test_the_questionnaire_keeps_the_order_of_its_questions_and_choices() -> None:
    fit = load_pack(MINIMAL).fit

    assert fit is not None
    assert "".join(question.key for question in fit.questions) == "efght"
    assert [choice.key for choice in fit.questions[0].choices] == ["a", "b"]
    assert fit.questions[4].choices[0].means == {"ml-engineer": Claim("It takes longer.", ("guide",))}
    assert fit.asks_for == {"ml-engineer": "ml-engineer.maths"}


def test_each_fate_of_an_id_is_told_apart() -> None:
    assert list(load_pack(MINIMAL).gone.values()) == [
        Tombstone("old-script", "renamed-to", "first-script"),
        Tombstone("old-step", "merged-into", "foundations"),
        Tombstone("crypto-task", "retired", None),
    ]


def test_a_text_folded_over_lines_is_one_line(edit: Edit) -> None:
    pack = load_pack(
        edit(
            "roles/ml-engineer.yaml",
            "{says: A lot., from: guide, degree: 4}",
            "\n  says: >\n    A\n    lot.\n  from: guide",
        )
    )

    assert pack.statements["ml-engineer.maths"].content == Claim("A lot.", ("guide",))


@pytest.mark.parametrize("word", ["no", "yes", "null", "~", "0x1f", "1_000", "09:00", "2026-11-21", "1e3", "on"])
def test_words_that_yaml_likes_to_turn_into_other_things_stay_text(word: str, edit: Edit) -> None:
    assert load_pack(edit("pack.yaml", "Two careers", word)).name == word


def test_only_pack_yaml_is_needed(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("id: small\nname: Small\nreport-to: me\n")

    pack = load_pack(tmp_path)

    assert (pack.id, pack.roles, pack.fit) == ("small", {}, None)


def test_the_version_follows_the_content_and_nothing_else(folder: Path, edit: Edit) -> None:
    before = load_pack(folder).version
    os.utime(folder / "tools.yaml", (1, 1))
    touched = load_pack(folder).version
    edit("tools.yaml", "Git", "git")

    assert before == touched != load_pack(folder).version


def test_the_fingerprint_notices_an_edit_a_new_file_and_a_lost_one(folder: Path) -> None:
    seen = [fingerprint(folder), fingerprint(folder)]
    os.utime(folder / "tools.yaml", (1, 1))
    seen.append(fingerprint(folder))
    (folder / "topics" / "more.yaml").write_text("")
    seen.append(fingerprint(folder))
    (folder / "gone.yaml").unlink()
    seen.append(fingerprint(folder))

    assert seen[0] == seen[1]
    assert len(set(map(str, seen))) == 4


def test_a_fingerprint_of_nothing_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="There is no folder"):
        fingerprint(tmp_path / "nowhere")
    (tmp_path / "pack.yaml").write_text("id: x")
    (tmp_path / "lost.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(PackError, match="cannot be read: No such file"):
        fingerprint(tmp_path)


def test_a_missing_an_empty_and_a_wrong_folder_are_each_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    said = []
    for name in ("nowhere", "empty", "file"):
        with pytest.raises(PackError) as caught:
            load_pack(tmp_path / name)
        said.append(caught.value.sentence.replace(str(tmp_path), ""))

    assert said == [
        "There is no folder /nowhere.",
        "/empty is not a knowledge pack: it has no pack.yaml.",
        "There is no folder /file.",
    ]


def test_a_half_written_file_is_named_with_its_line_and_what_is_wrong(edit: Edit) -> None:
    folder = edit("pack.yaml", "[usa]", "[usa")

    with pytest.raises(PackError) as caught:
        load_pack(folder)

    assert caught.value.sentence == (
        f"The pack in {folder} cannot be used. pack.yaml, line 9: "
        "This is not YAML: this bracket is not closed, or a comma is missing."
    )


def test_an_error_counts_the_other_findings_and_carries_them_all(edit: Edit) -> None:
    edit("tools.yaml", "Git", "[Git]")
    folder = edit("aspects.yaml", "[math]", "math")

    with pytest.raises(PackError, match=r"aspects.yaml, line 3: A list belongs here. \(1 more\)") as caught:
        load_pack(folder)

    assert [each.file for each in caught.value.findings] == ["aspects.yaml", "tools.yaml"]


def test_a_reference_that_leads_nowhere_keeps_a_pack_from_loading(edit: Edit) -> None:
    with pytest.raises(PackError, match="There is no source `gide`"):
        load_pack(edit("topics/field.yaml", "letter", "gide"))


def test_what_only_a_check_finds_does_not_keep_a_pack_from_loading(edit: Edit) -> None:
    assert load_pack(edit("tools.yaml", "{name: Git}", "{name: Git}" + " " * 100 + "# wide")).tools["git"].name == "Git"


@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_left_as_it_was(*, was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    try:
        load_pack(MINIMAL)
        assert (gc.isenabled(), gc.get_freeze_count()) == (was_on, 0)
    finally:
        gc.enable()


def test_the_shipped_pack_is_found_and_has_no_mistake() -> None:
    assert load_pack(shipped_pack()).id == "ai-careers"


def test_an_aspect_that_resembles_a_field_is_no_slip(edit: Edit) -> None:
    edit("aspects.yaml", "maths:", "notes:\n  name: Notes\n  also-called: [hints]\n  review-months: 1\nmaths:")
    folder = edit("roles/ml-engineer.yaml", "maths:", "notes: {says: Briefly., from: guide}\nmaths:")

    assert load_pack(folder).statements["ml-engineer.notes"].aspect == "notes"
