"""What people do, told once for all platforms. Whatever is shown is held to the core's answer by the visit itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.scenarios import asking, nudging, walking
from tests.scenarios.visit import Visit


@dataclass(frozen=True, slots=True)
class Story:
    """One scenario: what is done, and on which platforms it cannot be, with the reason."""

    tell: Callable[[Visit], Awaitable[None]]
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return (self.tell.__doc__ or "").strip()


ALONE = {"Terminal": "one person sits there, and nobody else reads"}
NO_TEXT_IN_SERVERS = {**ALONE, "Discord": "the bot hears nothing that is said in a server"}

STORIES = (
    Story(asking.every_line),
    Story(asking.mentioned, NO_TEXT_IN_SERVERS),
    Story(asking.questions),
    Story(asking.misspelt),
    Story(walking.out_of_order),
    Story(asking.compared),
    Story(asking.sourced),
    Story(asking.much),
    Story(asking.shared, ALONE),
    Story(walking.fitted),
    Story(walking.walked),
    Story(walking.from_fit_to_nudge),
    Story(nudging.nudged),
    Story(nudging.minded),
    Story(nudging.unanswered),
    Story(walking.pressed_twice),
    Story(nudging.pressed_by_another, ALONE),
    Story(walking.restarted),
    Story(walking.forged),
    Story(walking.forgotten),
)
