"""The wheel: it holds the pack and the migrations, and works away from the checkout, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def waymark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it into an empty environment, and return the command that this makes.

    The packages that it needs are borrowed from the environment of the tests, so that nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    subprocess.run(build, check=True, capture_output=True, cwd=folder)
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "empty", symlinks=True)
    python = folder / "empty" / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    subprocess.run(install, check=True, capture_output=True, cwd=folder)
    return folder / "empty" / "bin" / "waymark"


def run(command: Path, home: Path, *arguments: str) -> str:
    """Run the installed command in an empty folder; return what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    ended = subprocess.run((command, *arguments), check=True, capture_output=True, text=True, cwd=home, env=environment)
    return ended.stdout


def test_an_installed_waymark_answers_from_the_pack_inside_it(waymark: Path, tmp_path: Path) -> None:
    assert run(waymark, tmp_path, "ask", "compare ai ml salary").startswith("Pay: AI engineer / ML engineer\n")


def test_an_installed_waymark_makes_its_own_database(waymark: Path, tmp_path: Path) -> None:
    assert run(waymark, tmp_path, "migrate").startswith("Applied: 0001")
    assert (tmp_path / ".local" / "share" / "waymark" / "waymark.sqlite3").is_file()


def test_an_installed_waymark_knows_its_version(waymark: Path, tmp_path: Path) -> None:
    assert run(waymark, tmp_path, "--version").startswith("waymark ")
