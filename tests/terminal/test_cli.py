"""The `waymark` command through pipes, as scripts and hosts run it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.pack.load import shipped_pack
from tests.terminal.conftest import COMMAND, Run

DEAR = ("sqlalchemy", "alembic", "prompt_toolkit", "slack_bolt", "slack_sdk", "discord", "apscheduler")


def test_ask_prints_one_answer_and_exits_with_0(run: Run) -> None:
    ended = run("ask", "compare", "ai", "ml", "salary")
    assert ended.stdout.startswith("Pay: AI engineer / ML engineer\n")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_ask_prints_no_escape_sequence_into_a_pipe(run: Run) -> None:
    assert "\x1b" not in run("ask", "compare ai").stdout


def test_ask_as_json_gives_the_meaning_of_the_answer(run: Run) -> None:
    read = json.loads(run("ask", "compare ai ml salary", "--json").stdout)
    assert read["title"] == "Pay: AI engineer / ML engineer"
    assert read["blocks"][-1]["type"] == "sources"


def test_an_answer_imports_nothing_that_it_does_not_need(tmp_path: Path, environment: dict[str, str]) -> None:
    code = (
        "import sys; from adapters.cli import main; main(['ask', 'compare ai ml salary']); "
        f"print('loaded:', [name for name in {DEAR} if name in sys.modules])"
    )
    ended = subprocess.run(
        (COMMAND[0], "-c", code), capture_output=True, text=True, cwd=tmp_path, env=environment, check=True
    )
    assert ended.stdout.endswith("loaded: []\n")


def test_a_chat_answers_each_line_of_a_pipe_and_ends_with_it(run: Run) -> None:
    ended = run("chat", typed="compare ai\n\n99\nneed a phd?")
    assert (ended.returncode, ended.stderr) == (0, "")
    places = [
        ended.stdout.index(part)
        for part in ("AI engineer\n", "Type a question", "There is no number 99", "What our sources say")
    ]
    assert places == sorted(places)


def test_a_chat_through_a_pipe_shows_the_nudge_that_its_last_line_asks_for(run: Run) -> None:
    ended = run("chat", typed="nudge ai mon 9am Lisbon\nnudge test\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.index("One is on its way.") < ended.stdout.index("A trial, as you asked.")
    assert ended.stdout.count("A trial, as you asked.") == 1


def test_a_chat_without_input_says_nothing(run: Run) -> None:
    ended = run("chat")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_what_was_done_in_one_chat_is_known_in_the_next(run: Run) -> None:
    first = run("chat", typed="compare home india ai salary\n")
    assert "From now on I show India first" in first.stdout
    assert "United States," not in run("ask", "compare ai salary").stdout


def test_bytes_that_are_no_text_are_answered_too(run: Run) -> None:
    ended = run("chat", typed=b"\xff\xfe\x00\ncompare ai\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "AI engineer" in ended.stdout


def test_an_encoding_without_our_letters_still_gets_an_answer(run: Run) -> None:
    ended = run("ask", "compare ai ml salary", PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Fresher: AI 6-10 | ML 7-12" in ended.stdout


@pytest.mark.parametrize("command", ["run", "check", "ops trace", "slack manifest", "discord sync"])
def test_the_help_of_a_command_begins_with_what_it_does(run: Run, command: str) -> None:
    ended = run(*command.split(), "--help")
    listed = " ".join(run(*command.split()[:-1], "--help").stdout.split())
    does = " ".join(ended.stdout.partition("\n\n")[2].partition("\n\n")[0].split())
    assert ended.returncode == 0
    assert f"{command.rsplit(maxsplit=1)[-1]} {does[:1].lower()}{does[1:].removesuffix('.')}" in listed


def test_without_an_output_an_answer_goes_nowhere(tmp_path: Path, environment: dict[str, str]) -> None:
    line = f"{shlex.join((*COMMAND, 'ask', 'compare ai'))} >&-"
    ended = subprocess.run(("/bin/sh", "-c", line), stderr=subprocess.PIPE, cwd=tmp_path, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_full_disk_is_told_in_the_words_of_the_system(tmp_path: Path, environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            (*COMMAND, "ask", "compare ai"),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (2, b"waymark: No space left on device\n")


def test_a_reader_who_leaves_early_gets_no_complaint(tmp_path: Path, environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        (*COMMAND, "ask", "compare ai"),
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def _missing(folder: Path) -> None:
    folder.rmdir()


def _a_file(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("id: x\n")


def _folders_only(folder: Path) -> None:
    (folder / "roles").mkdir()


def _half_written(folder: Path) -> None:
    shutil.copytree(shipped_pack(), folder, dirs_exist_ok=True)
    written = (folder / "sources.yaml").read_text()
    (folder / "sources.yaml").write_text(written[: len(written) // 2] + "\n  x: [")


def _a_loop(folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to(folder)


@pytest.mark.parametrize("command", [("ask", "compare ai"), ("chat",)])
@pytest.mark.parametrize("spoil", [_missing, _a_file, _folders_only, _half_written, _a_loop, lambda _: None])
def test_a_pack_that_cannot_be_used_is_one_sentence_and_exit_code_2(
    run: Run, tmp_path: Path, command: tuple[str, ...], spoil: object
) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    spoil(folder)
    ended = run(*command, typed="compare ai\n", WAYMARK_PACK=str(folder))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("waymark: ")
    assert ended.stderr.count("\n") == 1


def test_a_bad_setting_is_one_sentence_that_names_it(run: Run) -> None:
    ended = run("ask", "compare ai", PORT="many")
    assert ended.returncode == 2
    assert ended.stderr == "waymark: PORT cannot be used as it is. Set it to a number from 1 to 65535, such as 8080.\n"


@pytest.mark.parametrize("url", ["sqlite:////proc/nothing/here.sqlite3", "foo", "mysql://localhost/x"])
def test_a_database_that_cannot_be_used_is_one_sentence(run: Run, url: str) -> None:
    migrated = run("migrate", DATABASE_URL=url)
    assert (migrated.returncode, migrated.stderr.count("\n")) == (2, 1)
    asked = run("ask", "compare home india ai salary", DATABASE_URL=url)
    assert "Traceback" not in asked.stderr


def test_migrate_says_what_it_did_and_does_it_once(run: Run) -> None:
    assert run("migrate").stdout.startswith("Applied: 0001")
    assert run("migrate").stdout == "Nothing to do: the database is up to date.\n"


def test_an_edit_shows_with_the_next_answer_and_a_bad_one_changes_nothing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(shipped_pack(), pack)
    role = pack / "roles" / "ai-engineer.yaml"
    good = role.read_text()
    chat = subprocess.Popen(
        (*COMMAND, "chat"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment | {"WAYMARK_PACK": str(pack)},
    )
    assert chat.stdin
    assert chat.stdout

    with chat:
        chat.stdin.write("compare ai-engineer\n")
        chat.stdin.flush()
        assert chat.stdout.readline() == "AI engineer\n"
        role.write_text(good.replace("name: AI engineer", "name: Artificial engineer", 1))
        chat.stdin.write("compare ai-engineer\n")
        chat.stdin.flush()
        while (line := chat.stdout.readline()) not in {"Artificial engineer\n", ""}:
            assert line != "AI engineer\n"
        assert line
        role.write_text("name: [\n")
        rest, warned = chat.communicate("compare ai-engineer\n")
    assert rest.count("Artificial engineer\n") == 1
    assert "pack.kept" in warned
    assert "ai-engineer.yaml" in warned
    assert "Traceback" not in warned


def test_the_commands_on_packs_are_reached(run: Run) -> None:
    assert run("check", str(shipped_pack())).returncode == 0
    assert run("explain", "KB001").stdout.startswith("KB001")
    assert "role" in json.loads(run("schema").stdout)


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").stdout.startswith("waymark 0.")


def test_no_command_at_all_says_which_there_are(run: Run) -> None:
    ended = run()
    assert ended.returncode == 2
    assert "COMMAND" in ended.stderr


@pytest.mark.parametrize("arguments", [("chat", "--as", "slack"), ("ask", "--as", "slack", "compare ai ml salary")])
def test_an_answer_can_be_seen_as_slack_is_sent_it(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, typed="compare ai ml salary\n")
    assert ended.returncode == 0
    sent = json.loads(ended.stdout)
    assert sent["text"].startswith("Pay")
    assert sent["blocks"][0]["type"] == "header"
