"""The `waymark` command: reads the arguments and the settings, asks the clock, and calls what was asked for.

Everything dear is imported in the function that uses it, so that one answer loads no more than it needs.
"""

from __future__ import annotations

import argparse
import codecs
import gc
import io
import os
import sys
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.discord.arguments import add_discord_commands
from adapters.operator_commands import add_operator_commands
from adapters.slack.commands import add_slack_commands
from bot.errors import PackError, SettingsError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.reply import Reply
    from bot.settings import Settings

PLATFORMS = ("slack", "discord")
_PLAIN = str.maketrans(dict(zip("–—−·×“”‘’…", ("-", "-", "-", "|", "x", '"', '"', "'", "'", "..."), strict=True)))
UNUSABLE = 2  # the exit code for bad settings, a pack that cannot be read, and bad arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what is wrong outside is one sentence on stderr."""
    zoneinfo.reset_tzpath(())  # the pinned zone data counts, not the machine's, which may be years old
    _take_any_bytes()
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
        sys.stdout.flush()
        gc.freeze()  # what is left goes with the process; to collect it first would cost a tenth of an answer
    except (SettingsError, PackError) as error:
        sys.stderr.write(f"waymark: {error.sentence}\n")
        return UNUSABLE
    except UserError as error:
        sys.stderr.write(f"waymark: {error.sentence}\n")
        return 1
    except OSError as error:
        _let_go_of_output()
        if isinstance(error, BrokenPipeError):
            return 0  # whoever read our output has gone (`waymark ask ... | head`)
        named = f": {error.filename}" if error.filename else ""
        sys.stderr.write(f"waymark: {error.strerror or error}{named}\n")
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    return code


def _take_any_bytes() -> None:
    """Let what is typed be any bytes, and what is shown be shown in any encoding, or nowhere if there is no output."""
    codecs.register_error("plainly", _plainly)
    sys.stdin, sys.stdout = sys.stdin or io.StringIO(), sys.stdout or io.StringIO()  # None where a caller closed them
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "plainly")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what an encoding lacks with signs that all have: 6-10 can be read, 6?10 cannot."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].translate(_PLAIN).encode("ascii", "replace"), error.end


def _let_go_of_output() -> None:
    """Give up what could not be written, so that Python does not complain of it at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waymark", description="Compare AI careers, plan a roadmap, find a fit. Every fact names its source."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    chat = commands.add_parser("chat", help="talk with the bot in this terminal")
    chat.add_argument("--as", choices=PLATFORMS, dest="platform", help="show what this platform is sent, in JSON")
    chat.set_defaults(run=_chat)
    ask = commands.add_parser("ask", help="get one answer: waymark ask compare ai ml salary")
    ask.add_argument("text", nargs="+", help="a command or a plain question")
    ask.add_argument("--json", action="store_true", help="answer as JSON")
    ask.add_argument("--as", choices=PLATFORMS, dest="platform", help="show what this platform is sent, in JSON")
    ask.set_defaults(run=_ask)
    _add_pack_commands(commands)
    migrate = commands.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(run=_migrate)
    add_slack_commands(commands, _settings, _now)
    add_operator_commands(commands, _settings, _now)
    add_discord_commands(commands, _settings, _now)
    _describe(parser)
    return parser


def _describe(parser: argparse.ArgumentParser) -> None:
    """Let each command's own --help begin with what the list of commands says of it."""
    for commands in parser._actions:  # noqa: SLF001 - argparse has no other way to them
        if isinstance(commands, argparse._SubParsersAction):  # noqa: SLF001
            for listed in commands._choices_actions:  # noqa: SLF001
                command = commands.choices[listed.dest]
                command.description = f"{str(listed.help)[:1].upper()}{str(listed.help)[1:]}."
                _describe(command)


def _add_pack_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="check a knowledge pack")
    check.add_argument("folder", type=Path, metavar="PATH", help="the folder of the pack")
    check.add_argument("--format", choices=("text", "json", "github"), default="text", dest="form")
    check.add_argument("--strict", action="store_true", help="fail for a review that is due, too")
    check.add_argument("--against", type=Path, metavar="OLD", help="an older version, whose ids must not have vanished")
    check.add_argument("--answers", action="store_true", help="with --against: print which answers change, and how")
    check.add_argument("--links", action="store_true", help="try the links")
    check.set_defaults(run=_check)
    explain = commands.add_parser("explain", help="explain a finding of check: waymark explain KB001")
    explain.add_argument("code")
    explain.set_defaults(run=_explain)
    schema = commands.add_parser("schema", help="print the JSON Schema of the pack's files, for editors")
    schema.add_argument("kind", nargs="?", help="one kind of file only, such as role")
    schema.set_defaults(run=_schema)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - dear, and seldom asked for

        sys.stdout.write(f"waymark {version('waymark')}\n")
        parser.exit()


def _settings(level: str = "WARNING") -> Settings:
    """Read the settings and set up the logs, from this level on where LOG_LEVEL is not set."""
    from adapters.logs import set_up_logs  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    set_up_logs(settings.log_level if "log_level" in settings.model_fields_set else level, sys.stderr)
    return settings


def _chat(chosen: argparse.Namespace) -> int:
    from adapters.terminal.app import run_chat  # noqa: PLC0415

    return run_chat(_settings(), _now, _form(chosen.platform))


def _ask(chosen: argparse.Namespace) -> int:
    gc.disable()  # one answer and out: collecting costs a tenth of the time and frees nothing that matters
    from adapters.terminal.app import run_ask  # noqa: PLC0415

    if chosen.json:
        from adapters.neutral import as_json  # noqa: PLC0415

        return run_ask(_settings(), _now, " ".join(chosen.text), as_json)
    return run_ask(_settings(), _now, " ".join(chosen.text), _form(chosen.platform))


def _form(platform: str | None) -> Callable[[Reply], str] | None:
    """Return what writes an answer as a platform is sent it; None for the terminal's own form."""
    if platform == "slack":
        from adapters.slack.preview import preview  # noqa: PLC0415

        return preview
    if platform == "discord":
        from adapters.discord.preview import preview as as_discord  # noqa: PLC0415

        return as_discord
    return None


def _check(chosen: argparse.Namespace) -> int:
    from adapters.check import run_answers, run_check  # noqa: PLC0415

    if chosen.answers and not chosen.against:
        sys.stderr.write("--answers compares with an older pack; name its folder: --against OLD\n")
        return 2
    found = run_check(
        chosen.folder,
        today=_now().date(),
        form=chosen.form,
        strict=chosen.strict,
        against=chosen.against,
        links=chosen.links,
    )
    if chosen.answers and found == 0:
        return run_answers(chosen.against, chosen.folder, at=_now())
    return found


def _explain(chosen: argparse.Namespace) -> int:
    from adapters.check import run_explain  # noqa: PLC0415

    return run_explain(chosen.code)


def _schema(chosen: argparse.Namespace) -> int:
    from adapters.check import run_schema  # noqa: PLC0415

    return run_schema(chosen.kind)


def _migrate(_: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from bot.store.migrate import migrate  # noqa: PLC0415

    applied = asyncio.run(migrate(_settings().database_url.get_secret_value()))
    sys.stdout.write(f"Applied: {', '.join(applied)}\n" if applied else "Nothing to do: the database is up to date.\n")
    return 0


def _now() -> datetime:
    return datetime.now(UTC)
