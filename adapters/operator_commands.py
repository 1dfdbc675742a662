"""The operator's part of the command line: workers, doctor, ops, simulate. Imports what each needs when it is run."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - what argparse calls it

Reading = Callable[[str], "Settings"]
Clock = Callable[[], datetime]

_LEARNER = "as LANE/PERSON, such as terminal/local"


def add_operator_commands(commands: Commands, settings: Reading, now: Clock) -> None:
    """Declare them; `settings` reads what is set, and is told from which level to log."""
    run = commands.add_parser("run", help="run everything that is configured, in one process")
    run.set_defaults(run=partial(_run, settings, now, answering=True))
    nudges = commands.add_parser("nudges", help="send nudges that are due, until stopped")
    nudges.add_argument(
        "--assume-sent-until",
        type=_moment,
        metavar="TIME",
        help="after a restored backup: record all that was due by then as sent, and leave",
    )
    nudges.set_defaults(run=partial(_nudges, settings, now))
    simulate = commands.add_parser("simulate", help="print the nudges of some weeks to come, on a simulated clock")
    simulate.add_argument("wish", nargs="*", help="as typed behind nudge: tue 21:30 Lisbon ml")
    simulate.add_argument("--weeks", type=_weeks, default=8, help="from 1 to 520; 8 unless set")
    simulate.add_argument("--seed", type=int, default=1, help="another learner, who answers differently")
    simulate.set_defaults(run=partial(_simulate, settings, now))
    doctor = commands.add_parser("doctor", help="look at settings, database, pack, time zones and tokens")
    doctor.set_defaults(run=partial(_doctor, now))
    _add_ops(
        commands.add_parser("ops", help="look into deliveries and rules, pause a lane, erase a learner"), settings, now
    )


def _add_ops(ops: argparse.ArgumentParser, settings: Reading, now: Clock) -> None:
    verbs = ops.add_subparsers(title="commands", required=True, metavar="COMMAND")
    rules = verbs.add_parser("rules", help="print what admins have hidden and forbidden in their communities")
    rules.add_argument("named", metavar="HOUSE", nargs="?", help="one of them, such as slack:T012")
    rules.set_defaults(run=partial(_ops, settings, now, "rules"))
    for verb, named, summary in (
        ("trace", "LEARNER", f"print what became of each delivery to a learner, {_LEARNER}"),
        ("pause", "LANE", "let nothing more go out in a lane"),
        ("resume", "LANE", "let a lane go on"),
        ("erase", "LEARNER", f"delete all that is kept about a learner, {_LEARNER}"),
    ):
        parser = verbs.add_parser(verb, help=summary)
        parser.add_argument("named", metavar=named)
        parser.set_defaults(run=partial(_ops, settings, now, verb))


def _moment(text: str) -> datetime:
    """Read a moment with its zone; which one it is must be beyond doubt."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time. Write it as 2026-11-23T09:00Z") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} needs its zone. For UTC write {moment:%Y-%m-%dT%H:%M}Z")
    return moment.astimezone(UTC)


def _weeks(text: str) -> int:
    """Read a number of weeks, of ten years at most."""
    if not (text.isdecimal() and 1 <= int(text) <= 520):
        raise argparse.ArgumentTypeError(f"{text} is no number of weeks. Write one from 1 to 520")
    return int(text)


def _run(settings: Reading, now: Clock, _: argparse.Namespace, *, answering: bool = False) -> int:
    import asyncio  # noqa: PLC0415

    from adapters.run import run_worker  # noqa: PLC0415

    return asyncio.run(run_worker(settings("INFO"), now, answering=answering))


def _nudges(settings: Reading, now: Clock, chosen: argparse.Namespace) -> int:
    until: datetime | None = chosen.assume_sent_until
    if until is None:
        return _run(settings, now, chosen)
    import asyncio  # noqa: PLC0415

    from adapters.run import run_assumption  # noqa: PLC0415

    return asyncio.run(run_assumption(settings("WARNING"), until, now()))


def _simulate(settings: Reading, now: Clock, chosen: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from adapters.simulation import run_simulation  # noqa: PLC0415

    return asyncio.run(run_simulation(settings("WARNING"), now(), chosen.weeks, chosen.seed, " ".join(chosen.wish)))


def _doctor(now: Clock, _: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from adapters.doctor import run_doctor  # noqa: PLC0415

    return asyncio.run(run_doctor(now(), os.environ))


def _ops(settings: Reading, now: Clock, verb: str, chosen: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from adapters import ops  # noqa: PLC0415

    url = settings("WARNING").database_url.get_secret_value()
    match verb:
        case "trace":
            return asyncio.run(ops.run_trace(url, chosen.named))
        case "pause":
            return asyncio.run(ops.run_pause(url, chosen.named))
        case "rules":
            return asyncio.run(ops.run_rules(url, chosen.named))
        case "resume":
            return asyncio.run(ops.run_resume(url, chosen.named, now()))
        case _:
            return asyncio.run(ops.run_erase(url, chosen.named))
