"""A small pack without a mistake, and copies of it with one edit."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

MINIMAL = Path(__file__).parent / "minimal"
TODAY = date(2026, 11, 21)

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the small pack."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "pack"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Put one text for another in a file of the copy; the whole file, or a new one, for no text."""

    def edited(file: str, find: str, put: str) -> Path:
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        text = path.read_text() if path.exists() else ""
        assert find in text, f"{file} does not hold {find!r}"
        path.write_text(text.replace(find, put, 1) if find else put)
        return folder

    return edited
