"""One nudge worker at a time on a SQLite file, and any number on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.store.alone import alone

HOLDING = """
import sys
from bot.store.alone import alone
with alone(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def test_a_second_worker_on_one_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'way.sqlite3'}"
    with (
        alone(url) as first,
        pytest.raises(SettingsError, match="Another process sends the nudges of this SQLite file already"),
        alone(url),
    ):
        pass
    assert first


def test_two_files_have_a_worker_each(tmp_path: Path) -> None:
    with alone(f"sqlite:///{tmp_path / 'one.sqlite3'}") as one, alone(f"sqlite:///{tmp_path / 'two.sqlite3'}") as two:
        assert one
        assert two


def test_a_worker_that_has_ended_makes_room(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'way.sqlite3'}"
    with alone(url):
        pass
    with alone(url) as again:
        assert again


def test_a_worker_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'way.sqlite3'}"
    holder = subprocess.Popen((sys.executable, "-c", HOLDING, url), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SettingsError), alone(url):
            pass
        holder.kill()
        holder.wait()
        with alone(url) as after:
            assert after


def test_nobody_is_alone_on_postgresql() -> None:
    with alone("postgres://db/way") as one, alone("postgres://db/way") as other:
        assert not one
        assert not other
