"""Listening: slash commands, presses and direct messages in; answers out, each learner's in order. Formats nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog
from discord.app_commands import Choice

from adapters.discord.drawn import Asked, Drawings
from adapters.discord.held import Held
from adapters.discord.layout import Layout
from adapters.discord.options import line_of, options_of, suggestions
from adapters.discord.render import render
from adapters.discord.responses import PATIENCE, Response, write
from adapters.discord.rows import IN_DM, TAKE_BACK, pressed
from adapters.discord.send import LANE, Sender
from adapters.discord.unseen import Unseen
from adapters.turns import Turns
from bot.command import Effect
from bot.meant import meant
from bot.nudges.outcome import Sent
from bot.reply import Cited, Note, Reply
from bot.request import Learner, Request
from bot.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import Bot

log = structlog.get_logger()

IN_DM_NOW = Reply("It goes on in your direct messages.")
NOT_YOURS = Reply("Only who shared it can take it back.")
SHARED = Reply("That is shared already.")
HIDDEN = Reply(
    "Only you can see this here",
    (
        Note(Cited("Discord hides what an app posts that you brought yourself, where the server does not allow it.")),
        Note(Cited("Ask who runs the server to add me, or to allow external apps; then share again.")),
    ),
)


class Listener:
    """Answers what comes over the gateway. Keeps no state of any message: a press carries all it needs."""

    def __init__(
        self, bot: Bot, now: Callable[[], datetime], client: discord.Client, patience: float = PATIENCE
    ) -> None:
        self._bot = bot
        self._now = now
        self._client = client
        self._patience = patience
        self.held = Held(bot.store)
        self._drawings = Drawings(bot, now, self.held)
        self._unseen = Unseen()
        self._turns = Turns()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._events: dict[discord.InteractionType, Callable[[discord.Interaction], Any]] = {
            discord.InteractionType.application_command: self._command,
            discord.InteractionType.component: self._press,
            discord.InteractionType.autocomplete: self._complete,
        }

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a command, a press, or what is typed into an option."""
        event = self._events.get(interaction.type)
        if event is not None:
            with self.noted():
                await event(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is written to the bot directly; of servers it hears nothing and wants to hear nothing."""
        if message.guild is not None or message.author.bot or not message.content:
            return
        with self.noted():
            async with self._turns.of(str(message.author.id)):
                asked = Asked(Wire(message.content), Learner(LANE, str(message.author.id)), among_others=False)
                await write(message.channel, await self._drawings.private(asked), message.id)

    async def drain(self, limit: timedelta) -> None:
        """Wait until what is under way has been answered, at most so long."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=limit.total_seconds())

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Keep the task that answers, so that it can be waited for; log what Discord did not take."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - discord.py gives each event a task of its own
        self._under_way.add(task)
        try:
            yield
        except (discord.DiscordException, aiohttp.ClientError) as error:
            code = getattr(error, "code", None)
            log.warning("discord.not_answered", error=type(error).__name__, code=code)
        except Exception:
            log.exception("discord.failed")  # Discord itself tells the learner that there was no answer
        finally:
            self._under_way.discard(task)

    async def _command(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        line = line_of(data["name"], data.get("options", ()))
        await self._answer(interaction, Wire(line), in_place=False)

    async def _press(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        chosen = data.get("values") or [data["custom_id"]]
        purpose, wire = pressed(chosen[0])
        if purpose == TAKE_BACK:
            await self._take_back(interaction)
        elif purpose == IN_DM:
            await self._go_on_in_dm(interaction, wire)
        elif wire.share:
            await self._share(interaction, wire)
        else:
            await self._answer(interaction, wire, in_place=_is_private(interaction), pressed=True)

    async def _answer(
        self, interaction: discord.Interaction, wire: Wire, *, in_place: bool, pressed: bool = False
    ) -> None:
        """Answer the one who asked; nobody else sees it."""
        among_others = not interaction.context.dm_channel
        response = self._response(interaction, in_place=in_place, ephemeral=among_others)
        async with self._turns.of(str(interaction.user.id)):
            asked = Asked(wire, learner_of(interaction), among_others=among_others, pressed=pressed)
            messages = await self._drawings.private(asked)
            try:
                await response.send(messages)
            except BaseException:
                self._not_seen(interaction, wire)
                raise
            await self._tell_unseen(interaction, ephemeral=among_others)

    def _not_seen(self, interaction: discord.Interaction, wire: Wire) -> None:
        """Note what is to be told with the next answer, and that what this one told was not."""
        person = str(interaction.user.id)
        found = meant(wire.line, self._bot.commands, self._bot.vocabulary)
        self._unseen.note(person, found.line if found and found.command.effect is not Effect.ONCE else None)
        self.held.told.pop(person, None)

    async def _tell_unseen(self, interaction: discord.Interaction, *, ephemeral: bool) -> None:
        person = str(interaction.user.id)
        told = self._unseen.told(person)
        if told is not None:
            await interaction.followup.send(view=Layout(render(told)), ephemeral=ephemeral)
            self._unseen.seen(person)

    async def _share(self, interaction: discord.Interaction, wire: Wire) -> None:
        """Post an answer for everybody, once for each private message that offers it."""
        key = f"discord:share:{interaction.message.id if interaction.message else 0}:{wire.line}"
        store = await self._bot.store()
        if not await store.seen.first(key, self._now()):
            await self._tell(interaction, SHARED)
            return
        response = self._response(interaction, in_place=False, ephemeral=False)
        try:
            hidden = await response.send([await self._drawings.public(wire)])
        except BaseException:
            await store.seen.forget(key)
            raise
        if hidden:
            await interaction.edit_original_response(view=Layout(render(HIDDEN)))

    async def _take_back(self, interaction: discord.Interaction) -> None:
        """Delete what was shared, for who shared it and for who looks after the channel."""
        metadata = interaction.message.interaction_metadata if interaction.message else None
        owner = metadata is not None and metadata.user.id == interaction.user.id
        if not owner and not interaction.permissions.manage_messages:
            await self._tell(interaction, NOT_YOURS)
            return
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _go_on_in_dm(self, interaction: discord.Interaction, wire: Wire) -> None:
        """Send the question that stands here as a direct message, which does not vanish."""
        response = self._response(interaction, in_place=True, ephemeral=True)
        learner = learner_of(interaction)
        async with self._turns.of(learner.person):
            reply = await self._bot.answer(Request(wire.line, self._now(), learner, pressed=True))
            outcome = await Sender(self._client).direct(learner, reply)
            told = IN_DM_NOW if isinstance(outcome, Sent) else _unreached(outcome.reason, reply)
            await response.send([render(told, wire.line)])

    async def _complete(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        typed = next((option for option in data.get("options", ()) if option.get("focused")), None)
        command = self._bot.commands.get(data["name"])
        options = options_of(command) if command else ()
        kind = next((option.kind for option in options if typed and option.name == typed["name"]), None)
        found = suggestions(kind, typed["value"], self._bot.vocabulary, self._now()) if typed and kind else []
        await interaction.response.autocomplete([Choice(name=label, value=value) for label, value in found])

    async def _tell(self, interaction: discord.Interaction, reply: Reply) -> None:
        await self._response(interaction, in_place=False, ephemeral=True).send([render(reply)])

    def _response(self, interaction: discord.Interaction, *, in_place: bool, ephemeral: bool) -> Response:
        return Response(interaction, in_place=in_place, ephemeral=ephemeral, patience=self._patience)


def learner_of(interaction: discord.Interaction) -> Learner:
    """Return who used it; Discord tells their language, and no time zone."""
    return Learner(LANE, str(interaction.user.id))


def _is_private(interaction: discord.Interaction) -> bool:
    """Say whether the message that was pressed has one reader; one that others read is never edited."""
    message = interaction.message
    return interaction.context.dm_channel or (message is not None and message.flags.ephemeral)


def _unreached(reason: str, reply: Reply) -> Reply:
    """Go on here, and say what to change."""
    hint = f"I can’t write to you directly: {reason}. Allow it in this server’s privacy settings; until then, here."
    return Reply(reply.title, (Note(Cited(hint)), *reply.blocks), reply.actions)
