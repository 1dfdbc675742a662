"""What is stored of you, as verbs of /waymark: shown, handed out, deleted. What there is to know is bot.privacy's."""

# Annotations are read at run time to declare the command, so they are not postponed here.
import json

from bot import privacy as kept
from bot.command import Ask, Confirmed, Effect, command
from bot.reply import Button, Cited, Document, Paragraph, Reply

NOTHING = "Nothing is kept about you. That begins with the first tick, region or fit that you ask to keep."
_HELP = Button("Help", "waymark")


async def privacy(ask: Ask) -> Reply:
    """Show what is stored of you, in words."""
    if not await _entries(ask):
        return Reply("What is stored of you", (Paragraph(Cited(NOTHING)),), (_HELP,))
    blocks = await kept.show(await ask.store(), ask.who(), ask.pack)
    return Reply(
        "What is stored of you",
        blocks,
        (Button("Hand it out", "waymark export"), Button("Delete it", "waymark forget"), _HELP),
    )


async def export(ask: Ask) -> Reply:
    """Hand out all that is stored of you, as JSON."""
    if not await _entries(ask):
        return Reply("All that is stored of you", (Paragraph(Cited(NOTHING)),), (_HELP,))
    rows = await kept.export(await ask.store(), ask.who())
    document = Document(Cited(json.dumps(rows)), "waymark.json")
    return Reply("All that is stored of you", (document,), (Button("What it means", "waymark privacy"), _HELP))


async def forget(ask: Ask, yes: Confirmed = None) -> Reply:
    """Delete all that is stored of you, for good."""
    count = await _entries(ask)
    if not count:
        return Reply("Nothing to delete", (Paragraph(Cited(NOTHING)),), (_HELP,))
    if yes:
        return Reply(await kept.forget(await ask.store(), ask.who()), actions=(_HELP,))
    entries = "the one entry" if count == 1 else f"all {count} entries"
    return Reply(
        "Delete everything stored of you?",
        (Paragraph(Cited(f"This deletes {entries}: ticks, skills, settings. It cannot be undone.")),),
        (
            Button("Yes, delete everything", "waymark forget yes"),
            Button("Hand it out first", "waymark export"),
            Button("Keep it", "waymark privacy"),
        ),
    )


async def _entries(ask: Ask) -> int:
    """Count what is stored of who asks; a store that nobody has used yet stays closed."""
    if not ask.has_store():
        return 0
    return sum(map(len, (await kept.export(await ask.store(), ask.who())).values()))


_KEPT = (
    *("stored", "my-data", "show-my-data", "is-my-data-safe", "what-do-you-know-about-me"),
    *("what-is-stored-of-me", "what-do-you-store"),
)
_FORGET = (
    *("delete", "delete-me", "delete-everything", "delete-data", "delete-account", "erase-data"),
    *("erase-everything", "forget-me", "forget-everything"),
)

PRIVACY = (
    command(privacy, personal=True, also_called=_KEPT),
    command(export, personal=True),
    command(forget, effect=Effect.STATE, also_called=_FORGET),
)
