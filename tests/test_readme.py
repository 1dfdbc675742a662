"""The README tells the truth: its transcript is replayed, and its commands exist."""

from __future__ import annotations

import re

from record_readme import PICTURE, README, ROOT, picture, pictured, recorded, typed

TEXT = README.read_text()


def test_the_transcript_is_what_a_chat_answers_now() -> None:
    assert len(typed(TEXT)) > 10
    assert recorded(TEXT) == TEXT


async def test_the_picture_shows_what_a_chat_answers_now() -> None:
    drawn = picture(await pictured())
    shown, now = (re.findall(r"<text[^>]*>([^<]*)<", svg) for svg in (PICTURE.read_text(), drawn))
    assert shown == now  # as words: how rich draws them is its own affair
    assert "Fresher" in str(shown)


def test_every_target_of_make_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = TEXT + (ROOT / "CONTRIBUTING.md").read_text()
    assert set(re.findall(r"`make (\w+)`", documents)) | {"chat"} <= targets


def test_every_file_that_the_documents_link_to_exists() -> None:
    for document in (README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / link).exists(), (document.name, link)
