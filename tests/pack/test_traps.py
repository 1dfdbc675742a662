"""Files that are no plain text of a pack: each is refused with a finding, never followed and never blown up."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from bot.pack.lint import check
from tests.pack.conftest import TODAY

BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefghij")
)


def codes(folder: Path) -> list[tuple[str, int, int, str]]:
    return [(each.file, each.line, each.column, each.code) for each in check(folder, today=TODAY)]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xef\xbb\xbfgit: {name: Git}\n", (1, 1, "KB003")),
        ("git: {name: Git}\n".encode("utf-16"), (1, 1, "KB003")),
        ("git: {name: Git}\n".encode("utf-16-le"), (1, 2, "KB003")),
        ("git: {name: Gît}\n".encode("latin-1"), (1, 14, "KB003")),
        (b"git:\n  name: G\xffit\n", (2, 10, "KB003")),
        (b"git: {name: G\x00it}\n", (1, 14, "KB003")),
        (b"git: {name: G\x1b[31mit}\n", (1, 14, "KB003")),
        (b"git:\n\tname: Git\n", (2, 1, "KB003")),
        (b"git: {name: Git}\rdocker: {name: Docker}\n", (1, 17, "KB003")),
        ("git: {name: Git\u2028}\n".encode(), (1, 16, "KB003")),
        ("git: {name: \u2066Git}\n".encode(), (1, 13, "KB003")),
        ("git: {name: G\u200bit}\n".encode(), (1, 14, "KB003")),
        ("git: {name: \ufffe}\n".encode(), (1, 13, "KB003")),
        (b"git: {name: Git}\n" + b"#" * (1 << 20), (1, 1, "KB004")),
        (b"[" * 50_000, (1, 1, "KB004")),
        (b"- " * 50_000 + b"x", (1, 1, "KB004")),
        (b"{a: " * 50_000, (1, 1, "KB004")),
        (b"".join(b" " * depth + b"a:\n" for depth in range(300)), (1, 1, "KB004")),
        (b"", (1, 1, "KB007")),
        (b"# nothing but this\n\n", (1, 1, "KB007")),
        (b"%YAML 1.2\n---\ngit: {name: Git}\n---\ndocker: {name: Docker}\n", (4, 1, "KB002")),
        (b"git: {name: Git}\n...\n---\n", (3, 1, "KB002")),
        (b"git: {name: !!python/object/apply:os.system [date]}\n", (1, 13, "KB002")),
        (b"git: {name: *lost}\n", (1, 13, "KB002")),
        (b"just words\n", (1, 1, "KB008")),
        (b"git: {name: Git}}\n", (1, 17, "KB001")),
        (b"git: {name: 'Git}\n", (1, 13, "KB001")),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_at_its_place(
    data: bytes, place: tuple[int, int, str], folder: Path
) -> None:
    (folder / "tools.yaml").write_bytes(data)

    assert codes(folder) == [("tools.yaml", *place)]


def test_a_bomb_of_aliases_is_refused_before_it_is_unfolded(folder: Path) -> None:
    (folder / "tools.yaml").write_text(BOMB)

    assert {each[3] for each in codes(folder)} == {"KB002"}


@pytest.mark.parametrize(
    "text",
    [
        "git: {name: R&D}\ndocker: {name: Docker}\n",
        "git: {name: 5 * 3!}\ndocker: {name: Docker}\n",
        "git: {name: '&Git', also-called: ['*', '!', '<<', '---']}\ndocker: {name: Docker}\n",
        "---\ngit: {name: Git}\ndocker: {name: Docker}\n",
        "git: {name: Git}\r\ndocker: {name: Docker}\r\n",
        "git: {name: गिट 😀 क्\u200dष}\ndocker: {name: Docker}",
    ],
)
def test_what_only_looks_like_a_trap_is_read(text: str, folder: Path) -> None:
    (folder / "tools.yaml").write_bytes(text.encode())

    assert codes(folder) == []


def test_a_link_out_of_the_pack_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("git: {name: Git}\ndocker: {name: Docker}\n")
    (folder / "tools.yaml").unlink()
    (folder / "tools.yaml").symlink_to(tmp_path / "secret.yaml")

    assert codes(folder) == [("tools.yaml", 1, 1, "KB005")]


def test_a_link_within_the_pack_is_a_file_like_others(folder: Path) -> None:
    (folder / ".held").mkdir()
    (folder / "tools.yaml").rename(folder / ".held" / "tools.yaml")
    (folder / "tools.yaml").symlink_to(Path(".held", "tools.yaml"))

    assert codes(folder) == []


def test_a_link_in_a_circle_a_lost_link_and_a_linked_folder_are_each_reported(folder: Path, tmp_path: Path) -> None:
    (folder / "topics" / "circle.yaml").symlink_to(folder / "topics" / "circle.yaml")
    (folder / "topics" / "lost.yaml").symlink_to(folder / "nowhere.yaml")
    (tmp_path / "elsewhere").mkdir()
    (folder / "more").symlink_to(tmp_path / "elsewhere")

    assert codes(folder) == [
        ("more", 1, 1, "KB005"),
        ("topics/circle.yaml", 1, 1, "KB005"),
        ("topics/lost.yaml", 1, 1, "KB005"),
    ]


def test_a_pipe_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "topics" / "pipe.yaml")

    assert codes(folder) == [("topics/pipe.yaml", 1, 1, "KB005")]


def test_a_name_that_cannot_be_printed_is_reported_escaped(folder: Path) -> None:
    (folder / "topics" / "a\nb.yaml").write_text("")
    Path(os.fsdecode(os.fsencode(folder / "topics") + b"/\xff.yaml")).write_text("")

    assert [each[0] for each in codes(folder)] == ["'topics/\\udcff.yaml'", "'topics/a\\nb.yaml'"]


def test_hidden_files_and_other_kinds_of_file_are_passed_over(folder: Path) -> None:
    (folder / "README.md").write_text("# read me")
    (folder / ".draft.yaml").write_text("[")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.yaml").write_text("[")

    assert codes(folder) == []


def test_an_end_of_a_name_that_some_editors_hide_is_told(folder: Path) -> None:
    (folder / "roles" / "baker.yaml.txt").write_text("name: Baker\n")

    (finding,) = check(folder, today=TODAY)

    assert (finding.file, finding.remedy) == ("roles/baker.yaml.txt", "Did you mean `roles/baker.yaml`?")


@pytest.mark.parametrize(
    "file", ["topics/old/maths.yaml", "Sources.yaml", "rodmaps/x.yaml", "sources.yml", "topics/x.YAML"]
)
def test_a_yaml_file_in_the_wrong_place_is_not_passed_over(file: str, folder: Path) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("name: X\n")

    assert codes(folder) == [(file, 1, 1, "KB005")]
