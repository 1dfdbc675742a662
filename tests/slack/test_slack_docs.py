"""docs/slack.md names every setting and every right, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.slack.manifest import SCOPES
from adapters.slack.settings import SlackSettings

TEXT = (Path(__file__).parents[2] / "docs" / "slack.md").read_text()


def test_every_setting_of_slack_is_explained_and_no_other() -> None:
    rows = "\n".join(line for line in TEXT.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`((?:SLACK|WAYMARK)_[A-Z_]+)`", rows))
    assert named == {name.upper() for name in SlackSettings.model_fields}


def test_every_right_is_explained_and_no_other() -> None:
    named = set(re.findall(r"^\| `([a-z_]+:?[a-z]*)` \|", TEXT, re.MULTILINE))
    assert named == set(SCOPES)
