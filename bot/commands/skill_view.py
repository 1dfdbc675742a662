"""What a learner can say that they have already. Pure: knows no store and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.journey import whole_roadmaps
from bot.present import menus
from bot.progress import known_skills, tasks_of, up_to_date
from bot.reply import Block, Bullets, Button, Cited, Paragraph, Reply

if TYPE_CHECKING:
    from bot.commands.journey import Kept
    from bot.pack.model import Pack, Roadmap


def skills_view(pack: Pack, roadmap: Roadmap | None, kept: Kept) -> Reply:
    """Offer the skills of a roadmap, or of all of them, that are not known yet; a press notes one."""
    places = (roadmap,) if roadmap else whole_roadmaps(pack)
    known = known_skills(pack.roadmaps.values(), up_to_date(kept.progress, pack.gone))
    taught = list(dict.fromkeys(task.skill for place in places for task in tasks_of(place)))
    line = f"roadmap have {roadmap.id}" if roadmap else "roadmap have"
    have = tuple(Cited(pack.skills[skill].name) for skill in taught if skill in known)
    blocks: tuple[Block, ...] = (
        Paragraph(Cited("Choose what you could use today without looking much up. No roadmap asks for it again.")),
        Paragraph(Cited("Or type several: roadmap have python git")),
        *((Bullets(have, Cited("Known so far")),) if have else ()),
    )
    return Reply(
        "What do you know already?",
        blocks,
        (
            *menus("I have this skill", [Button(pack.skills[s].name, f"{line} {s}") for s in taught if s not in known]),
            Button("Back", f"roadmap {roadmap.id}" if roadmap else "roadmap"),
        ),
    )
