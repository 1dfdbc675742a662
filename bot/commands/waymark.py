"""/waymark: help made from the declarations, the sources, what holds for every answer, and what is stored of you."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from typing import Annotated

from bot.command import SOURCE, Ask, Command, command
from bot.commands.admin import ADMIN
from bot.commands.privacy import PRIVACY
from bot.house import NO_NUDGES, Freedom, House
from bot.pack.model import Pack, Source, Statement
from bot.present import asked, example, fit_button, source_line
from bot.reply import Bullets, Button, Cited, Fact, Facts, Note, Paragraph, Reply


async def waymark(ask: Ask) -> Reply:
    """Show what you can ask here."""
    rows = tuple(Fact(f"/{c.name}", Cited(_summary(c, ask.house))) for c in ask.commands.values())
    return Reply(
        f"Waymark: {ask.pack.name}, and how to get there",
        (
            Facts(rows),
            Paragraph(Cited(f"Type them in any order and spelling: {example(ask.pack, framed=True)}")),
            Note(Cited(f"Or just ask: {asked(ask.pack)} Every fact comes with its source.")),
        ),
        (
            Button("Compare careers", "compare"),
            *fit_button(ask.pack),
            Button("A roadmap", "roadmap"),
            Button("Sources", "waymark sources"),
            Button("What holds for every answer", "waymark about"),
            Button("What is stored of me", "waymark privacy"),
        ),
    )


def _summary(command: Command, house: House) -> str:
    """Say what a command is for; of one that admins have switched off, that they have."""
    return NO_NUDGES if command.name == "nudge" and not house.allows(Freedom.NUDGES) else command.summary


async def about(ask: Ask) -> Reply:
    """Say what holds for every answer, once."""
    pack = ask.pack
    return Reply(
        "What holds for every answer",
        (
            Bullets(tuple(Cited(line) for line in pack.about)),
            Note(Cited(f"Knowledge: {pack.name}, version {pack.version}. {_report(pack)}")),
        ),
        (Button("Sources", "waymark sources"), Button("Help", "waymark")),
    )


async def sources(ask: Ask) -> Reply:
    """List who speaks here, with what they have to sell."""
    pack = ask.pack
    read = [s for s in pack.sources.values() if s.via is None]
    quoted = [s for s in pack.sources.values() if s.via is not None]
    return Reply(
        "Who speaks here",
        (
            Facts(tuple(Fact(s.short, Cited(_who(s))) for s in read), Cited("Read in full")),
            *(
                (Facts(tuple(Fact(s.short, Cited(_who(s))) for s in quoted), Cited("Quoted by one of them")),)
                if quoted
                else ()
            ),
            Note(Cited(_report(pack))),
        ),
        tuple(Button(s.short, f"waymark source {s.id}") for s in pack.sources.values())[:20],
    )


async def source(ask: Ask, source: Annotated[str, SOURCE]) -> Reply:
    """Show one source in full."""
    pack, found = ask.pack, ask.pack.sources[source]
    rows = [
        Fact("Who", Cited(found.name)),
        Fact("Interest", Cited(found.interest or "none that we know of")),
        Fact("Printed", Cited(found.printed or "no date given")),
        Fact("Read on", Cited(found.read_on.isoformat())),
    ]
    rows += [Fact("Read in", Cited(pack.sources[found.via].name))] if found.via else []
    rows += [Fact("Where", Cited(found.url))] if found.url else []
    rows += [Fact("Note", Cited(found.note))] if found.note else []
    count = sum(1 for s in pack.statements.values() if source in _speakers(s))
    tables = sum(1 for table in pack.figures.values() if source in table.sources)
    figures = f", and {tables} {'table' if tables == 1 else 'tables'} of figures" if tables else ""
    rows.append(Fact("Statements", Cited(f"{count} in this pack rest on it{figures}")))
    return Reply(
        found.short,
        (Facts(tuple(rows)), Note(Cited(_report(pack)))),
        (Button("All sources", "waymark sources"),),
    )


def _who(source: Source) -> str:
    return f"{source.name}. {source_line(source)}."


def _speakers(statement: Statement) -> set[str]:
    claims = getattr(statement.content, "views", (statement.content,))
    return {source for claim in claims for source in getattr(claim, "sources", ())}


def _report(pack: Pack) -> str:
    return f"Something wrong? Report it with the pack version {pack.version} to {pack.report_to}."


WAYMARK = command(
    waymark,
    verbs=(
        command(about, also_called=("report-a-bug", "this-is-wrong", "that-is-wrong")),
        command(sources),
        command(source),
        *PRIVACY,
        *ADMIN,
    ),
    also_called=(
        *("help", "start", "hi", "hello", "hey", "namaste", "menu", "commands", "thanks", "thank-you"),
        *("hi-there", "hello-there", "hello-bot", "hi-bot", "who-are-you", "what-are-you", "what-is-this"),
        *(
            "what-can-you-do",
            "how-does-this-work",
            "how-do-you-work",
            "who-made-you",
            "are-you-a-bot",
            "are-you-chatgpt",
        ),
    ),
)
