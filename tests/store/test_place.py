"""Where a database is, for people: never with its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.place import place_of


def test_a_file_is_new_until_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "way.sqlite3"
    place = place_of(f"sqlite:///{file}")
    assert (place.is_file, place.is_new) == (True, True)
    file.touch()
    assert not place.is_new
    assert str(place) == f"SQLite, {file}"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://ana:secret@db.example/way", "PostgreSQL, way on db.example"),
        ("postgres:///way", "PostgreSQL, way on this machine"),
    ],
)
def test_a_database_on_a_server_is_named_without_user_and_password(url: str, said: str) -> None:
    place = place_of(url)
    assert (place.is_file, place.is_new, str(place)) == (False, False, said)
    assert "secret" not in repr(place)
