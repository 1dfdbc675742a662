"""How /nudge asks for a zone: by what a clock shows, or back after a name that was not plain. Changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.unclear import echo
from bot.nudges.clocks import Clock, Face, cities_at, clocks, local
from bot.nudges.kinds import offset_text
from bot.nudges.zones import country_of
from bot.present import MENU_LIMIT
from bot.reply import Button, Cited, Menu, Note, Paragraph, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from bot.commands.nudge_state import Wish
    from bot.nudges.zones import City

QUESTION = "What does your clock show?"
_LABEL = 75  # characters


def clock_menu(wish: Wish, at: datetime) -> Menu:
    """Offer what clocks show around the world now, each with two cities or more."""
    return Menu(QUESTION, tuple(Button(_label(clock), wish.line(*_offsets(clock))) for clock in clocks(at)))


def clock_view(wish: Wish, at: datetime) -> Reply:
    """Ask what the clock shows, on its own."""
    hint = "Or type a city: /nudge zone Lisbon."
    return Reply(QUESTION, (Note(Cited(hint)),), (clock_menu(wish, at), Button("Leave it", "nudge")))


def cities_view(wish: Wish, offsets: Iterable[timedelta], at: datetime) -> Reply:
    """Ask for the nearest city among those whose clocks show the same now."""
    found = cities_at(offsets, at, MENU_LIMIT)
    if not found:
        return Reply("No place has that clock.", (), (clock_menu(wish, at),))
    hint = "Yours is not there? Take any with the same clock all year, or type it: /nudge zone Lisbon."
    options = sorted(found, key=lambda city: city.name)
    return Reply(
        "Which city is nearest?",
        (Note(Cited(hint)),),
        (
            Menu(
                "Nearest city", tuple(Button(_city(city, at), replace(wish, zone=city.zone).line()) for city in options)
            ),
            Button("Another clock", "nudge clock"),
        ),
    )


def which_zone(words: str, found: tuple[City, ...], wish: Wish, at: datetime) -> Reply:
    """Ask back which place was meant, with what its clock shows now."""
    if not found:
        return Reply(
            f"I don’t know {echo(words)} as a place or a time.",
            (Paragraph(Cited("A larger city nearby will do. Or tell me by the clock:")),),
            (clock_menu(wish, at), Button("Leave it", "nudge")),
        )
    return Reply(
        f"{echo(words)}: which one do you mean?",
        (),
        (
            *(Button(_city(city, at), replace(wish, zone=city.zone).line()) for city in found),
            Button("None of these", "nudge clock"),
        ),
    )


def _label(clock: Clock) -> str:
    """Write `17:20 Lahore · 17:50 Mumbai`; where one time stands alone, two cities behind it."""
    faces = clock.faces
    texts = [_face(face, 2 if len(faces) == 1 else 1) for face in faces]
    label = " · ".join(texts)
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


def _face(face: Face, count: int) -> str:
    return f"{face.shows:%H:%M} {', '.join(city.name for city in face.cities[:count])}"


def _offsets(clock: Clock) -> tuple[str, ...]:
    return tuple(offset_text(face.offset) for face in clock.faces)


def _city(city: City, at: datetime) -> str:
    place = ", ".join(part for part in (city.name, country_of(city)) if part)
    return f"{place[:60]}: {local(city.zone, at):%a %H:%M}"
