"""The result of the fit in words: who leads, why, what would change it, and where to go from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.rules import reason_id
from bot.commands.sheet import all_questions, write_sheet
from bot.present import claim_cited, in_one_line, sources_of
from bot.reply import Action, Bar, Bars, Block, Button, Cited, Fact, Facts, Note, Paragraph, Reply
from bot.scoring import ENOUGH, SKIPPED, Band, needs_more, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.pack.model import Fit, Pack
    from bot.scoring import Answer, Contribution, Flip, Result

REASONS = 3  # with their sources they fill a phone; the others stand behind Why
APART = 2


def verdict(pack: Pack, fit: Fit, given: Mapping[str, str], *, kept: bool = False) -> Reply:
    """Tell the result of a sheet on one phone screen, the rest behind buttons."""
    result = score(fit, given)
    blocks = (
        Paragraph(Cited(_standing(result))),
        *_reasons(pack, result, REASONS),
        *_change(pack, result),
        *(_apart(pack, result, APART) if result.winner else ()),
        *_asks_for(pack, fit, result),
        *_advice(pack, fit, result),
        *_checks(pack, result.checks[:1]),
        *_trial(fit, result),
    )
    actions = _actions(pack, fit, given, result, kept=kept)
    return Reply(_title(pack, result), (*blocks, *sources_of(blocks, pack)), actions)


def whole_reason(pack: Pack, fit: Fit, given: Mapping[str, str]) -> Reply:
    """Tell all that stands behind a result: every answer's part, and everything that does not count."""
    result = score(fit, given)
    blocks: tuple[Block, ...] = (
        _compared(pack, fit, result),
        *_reasons(pack, result, len(fit.questions)),
        *_apart(pack, result, len(fit.questions)),
        *_checks(pack, result.checks),
    )
    return Reply(
        f"Why? {_title(pack, result)}",
        (*blocks, *sources_of(blocks, pack)),
        (Button("Back to the result", f"fit {write_sheet(given)}"), Button("How answers count", "fit rules")),
    )


def _names(pack: Pack, roles: Iterable[str]) -> str:
    return " and ".join(", ".join(pack.roles[role].name for role in roles).rsplit(", ", 1))


def _title(pack: Pack, result: Result) -> str:
    match result.band:
        case Band.STRONG | Band.MODERATE:
            return f"A {result.band} fit: {_names(pack, result.leaders)}"
        case Band.CLOSE:
            return f"Too close to call: {_names(pack, result.leaders)}"
        case Band.FLAT:
            return "Flat: no career stands out"
        case Band.NOT_ENOUGH:
            return "Not enough answers to say"


def _standing(result: Result) -> str:
    match result.band:
        case Band.STRONG:
            return "Your answers clearly point this way."
        case Band.MODERATE:
            return "Your answers lean this way; some of them point elsewhere."
        case Band.CLOSE:
            return "Your answers point to them about equally, and a tie stays a tie."
        case Band.FLAT:
            return "Your answers point a little everywhere, and to nothing most of the time."
        case Band.NOT_ENOUGH:
            return f"It takes {ENOUGH} answers about the work you would like. Skipping was fine; nothing is lost."


def _label(pack: Pack, result: Result, answer: Answer, role: str) -> str:
    """Name a choice, and where several roles lead the one that it is shown for."""
    return answer.choice.says if result.winner else f"{answer.choice.says} ({pack.roles[role].short})"


def _reasons(pack: Pack, result: Result, most: int) -> tuple[Block, ...]:
    """Show the answers that made the leaders lead, each leader's largest first, in turns."""
    if result.band in {Band.FLAT, Band.NOT_ENOUGH}:
        return ()
    ranked = {role: sorted(result.contributions[role], key=lambda part: -part.share) for role in result.leaders}
    turns = max(len(parts) for parts in ranked.values())
    pairs = [(role, parts[turn]) for turn in range(turns) for role, parts in ranked.items() if turn < len(parts)]
    bars = tuple(_bar(pack, result, role, part) for role, part in pairs[:most])
    return (Bars(bars, Cited("Why")),) if bars else ()


def _bar(pack: Pack, result: Result, role: str, part: Contribution) -> Bar:
    because = part.answer.choice.because
    reason = reason_id(part.answer.question, part.answer.choice)
    caption = claim_cited(because, pack, reason) if because else Cited("")
    return Bar(_label(pack, result, part.answer, role), float(part.share), caption)


def _compared(pack: Pack, fit: Fit, result: Result) -> Bars:
    """Set all roles side by side; the caption counts the answers that made the bar."""
    return Bars(
        tuple(
            Bar(
                pack.roles[role].name,
                float(result.scores[role]),
                Cited(f"answers that count for it: {len(result.contributions[role])}"),
            )
            for role in sorted(fit.roles, key=lambda role: -result.scores[role])
        ),
        Cited("What your answers gave each career, out of what they could have given it"),
    )


def _change(pack: Pack, result: Result) -> tuple[Block, ...]:
    if result.flip:
        said = " and ".join(f"“{answer.choice.says}”" for answer in result.flip.changes)
        does = "change" if result.winner else "settle"
        first = pack.roles[result.flip.winner].name
        return (Paragraph(Cited(f"What would {does} it: {said} would put {first} first.")),)
    if result.winner:
        return (Paragraph(Cited("No change of one or two answers would put another career first.")),)
    return ()


def _apart(pack: Pack, result: Result, most: int) -> tuple[Block, ...]:
    """Show what the constraints mean for the leaders, which they never make or unmake."""
    if result.band in {Band.FLAT, Band.NOT_ENOUGH}:
        return ()
    rows = tuple(
        Fact(
            _label(pack, result, answer, role),
            claim_cited(answer.choice.means[role], pack, reason_id(answer.question, answer.choice, role)),
        )
        for answer in result.constraints
        for role in result.leaders
        if role in answer.choice.means
    )
    return (Facts(rows[:most], Cited("Beside it, never counted")),) if rows else ()


def _asks_for(pack: Pack, fit: Fit, result: Result) -> tuple[Block, ...]:
    statement = fit.asks_for.get(result.winner or "")
    return (Facts((Fact("What it asks for", in_one_line(pack.statements[statement], pack)),)),) if statement else ()


def _advice(pack: Pack, fit: Fit, result: Result) -> tuple[Block, ...]:
    if result.winner or fit.undecided is None:
        return ()
    advice = in_one_line(pack.statements[fit.undecided], pack)
    return (Facts((Fact("What our sources advise, not we", advice),)),)


def _checks(pack: Pack, checks: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Note(in_one_line(pack.statements[check], pack), "caveat") for check in checks)


def _trial(fit: Fit, result: Result) -> tuple[Block, ...]:
    trial = fit.trials.get(result.winner or "")
    return (Note(Cited(f"A weekend that would settle it: {trial}"), "ours"),) if trial else ()


def _actions(pack: Pack, fit: Fit, given: Mapping[str, str], result: Result, *, kept: bool) -> tuple[Action, ...]:
    line = write_sheet(given)
    return (
        *_further(fit, given, result),
        *(Button(f"{pack.roles[role].short} roadmap", f"roadmap {role}") for role in _open_to(result)),
        *_nudges(pack, result),
        *_try(given, result.flip),
        Button("Why?", f"fit why {line}"),
        Button("Your answers", f"fit answers {line}"),
        *_nearest(pack, fit, result),
        *(() if kept else (Button("Keep this", f"fit keep {line}"),)),
    )


def _open_to(result: Result) -> tuple[str, ...]:
    return result.leaders if result.band in {Band.STRONG, Band.MODERATE, Band.CLOSE} else ()


def _nudges(pack: Pack, result: Result) -> tuple[Button, ...]:
    """Offer to be sent one task at a time; of several roadmaps the learner chooses one there."""
    roles = _open_to(result)
    ids = [roadmap.id for roadmap in pack.roadmaps.values() if roadmap.role in roles and roadmap.variant_of is None]
    return (Button("Study nudges", f"nudge {ids[0]}" if len(ids) == 1 else "nudge"),) if ids else ()


def _further(fit: Fit, given: Mapping[str, str], result: Result) -> tuple[Button, ...]:
    """Offer what could settle it: the questions that were skipped, and those not asked yet."""
    answered = {key: choice for key, choice in given.items() if choice != SKIPPED}
    skipped = len(given) - len(answered)
    waiting = [question for question in all_questions(fit) if question.key not in given]
    again = (Button("The ones you skipped", f"fit {write_sheet(answered)}"),) if skipped else ()
    more = (Button(f"{_count(len(waiting))} more questions", f"fit more {write_sheet(given)}"),) if waiting else ()
    return (*again, *more) if needs_more(result) else ()


def _count(number: int) -> str:
    return {10: "Ten"}.get(number, str(number))


def _try(given: Mapping[str, str], flip: Flip | None) -> tuple[Button, ...]:
    if flip is None:
        return ()
    changed = {answer.question.key: answer.choice.key for answer in flip.changes}
    return (Button("Try that change", f"fit {write_sheet({**given, **changed})}"),)


def _nearest(pack: Pack, fit: Fit, result: Result) -> tuple[Button, ...]:
    if result.band is Band.NOT_ENOUGH:
        return (Button("Compare careers", "compare"),)
    first, second = sorted(fit.roles, key=lambda role: -result.scores[role])[:2]
    label = f"{pack.roles[first].short} beside {pack.roles[second].short}"
    return (Button(label, f"compare {first} {second}"),)
