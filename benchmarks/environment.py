"""The peers' own virtual environment, made when it is first needed and again when its pinned versions change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = HERE / "peers" / "requirements.txt"


def peers_python(folder: Path = HERE / ".venv", pins: Path = PINS) -> Path:
    """Return the peers' interpreter. Raises CalledProcessError where the environment cannot be made."""
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    wanted = pins.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps", "-r", pins)
        subprocess.run([python, *install], check=True)
        stamp.write_text(wanted, "utf-8")
    return python
