"""Discord over real HTTP and WebSocket, for unmodified discord.py: it keeps messages, answers like the platform does,
and refuses what the platform refuses.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web
from doubles.discord_gateway import BOT, Gateway
from doubles.discord_limits import FILE, nested, refused_by_limits, refused_by_schema

TOKEN = "dG9rZW4.for.tests"  # noqa: S105 - the double's own
EPHEMERAL, LOADING = 1 << 6, 1 << 7
EPOCH = 1420070400000
SLASH, PRESS, COMPLETE = 2, 3, 4
MESSAGE, LATER, LATER_EDIT, EDIT, CHOICES = 4, 5, 6, 7, 8
PATIENCE = 20.0  # seconds without any answer, far above what anything here takes
_ROUTES = (
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
    ("POST", "/channels/{channel_id}/messages"),
    ("GET", "/channels/{channel_id}/messages"),
    ("POST", "/users/@me/channels"),
    ("PUT", "/applications/{application_id}/commands"),
    ("GET", "/users/@me"),
    ("GET", "/oauth2/applications/@me"),
    ("GET", "/gateway/bot"),
)
Answer = Callable[["Call"], Awaitable[web.StreamResponse | None]]


@dataclass
class Call:
    """One request as it came: method, the published path, what stands in the places of its names, the body."""

    method: str
    path: str
    named: Mapping[str, str]
    body: Any
    query: Mapping[str, str]
    authorization: str | None


@dataclass
class Sent:
    """One message that is there: where, by which interaction, and what it is made of."""

    id: str
    channel: str
    body: dict[str, Any]
    interaction: str | None = None
    by: str | None = None

    @property
    def components(self) -> list[dict[str, Any]]:
        return self.body.get("components") or []

    @property
    def ephemeral(self) -> bool:
        return bool(self.body.get("flags", 0) & EPHEMERAL)


@dataclass
class Told:
    """What an interaction was told so far: its message, choices, and the types of the responses."""

    user: str
    pressed: Sent | None
    channel: str
    types: list[int] = field(default_factory=list)
    original: Sent | None = None
    others: list[Sent] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Discord:
    """The platform: `answers` are asked first about every call, and may answer in its place."""

    def __init__(self) -> None:
        self.base = ""
        self.calls: list[Call] = []
        self.answers: list[Answer] = []
        self.messages: dict[str, Sent] = {}
        self.dms: dict[str, str] = {}
        self.told: dict[str, Told] = {}
        self.commands: list[dict[str, Any]] = []
        self.hide_everything = False
        self.application: dict[str, Any] = {"flags": 0, "integration_types_config": {"0": {}, "1": {}}}
        self.starts = {"total": 1000, "remaining": 1000, "reset_after": 0}
        self.refused: list[str] = []
        self.gateway = Gateway(TOKEN, lambda: self.gateway_url)
        self._nonces: dict[str, Sent] = {}
        self._posted: dict[str, asyncio.Queue[Sent]] = {}
        self._ids = count(1)

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.base.replace('http', 'ws', 1)}/gateway"

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Discord]:
        """Serve on a port of its own while the block runs."""
        app = web.Application()
        for method, path in _ROUTES:
            app.router.add_route(method, f"/api/v10{path}", self._handler(method, path))
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/gateway", self.gateway.serve)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def _handler(self, method: str, path: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        name = re.sub(r"\W+", "_", f"{method.lower()}{path}").strip("_")
        work = getattr(self, f"_{name}")

        async def handle(request: web.Request) -> web.StreamResponse:
            body, files = await _read(request)
            call = Call(method, path, request.match_info, body, request.query, request.headers.get("Authorization"))
            self.calls.append(call)
            for answer in tuple(self.answers):
                response = await answer(call)
                if response is not None:
                    return response
            if not path.startswith(("/interactions", "/webhooks")) and call.authorization != f"Bot {TOKEN}":
                return error(401, 0)
            wrong = self._wrong(call)
            if wrong:
                self.refused += wrong
                return error(400, 50035)
            if files:
                _show(body, files)
            return work(call)

        return handle

    def _wrong(self, call: Call) -> list[str]:
        """List what the platform has against a body."""
        if call.body is None:
            return []
        if isinstance(call.body, dict) and "recipient_id" in call.body:  # their schema wants text; they take numbers
            call.body["recipient_id"] = str(call.body["recipient_id"])
        message = call.body.get("data", call.body) if isinstance(call.body, dict) else {}
        found = [*refused_by_schema(call.method, call.path, call.body), *refused_by_limits(message or {})]
        if message and message.get("components") and message.get("allowed_mentions") != {"parse": []}:
            found.append("mentions are allowed")
        return [f"{call.method} {call.path}: {each}" for each in found]

    def new_id(self) -> str:
        """Make an id that says when it was made, as theirs do."""
        return str((1_795_000_000_000 - EPOCH << 22) + next(self._ids))

    def keep(self, channel: str, body: dict[str, Any], interaction: str | None = None, by: str | None = None) -> Sent:
        """Keep a message."""
        flags = body.get("flags", 0) | (EPHEMERAL if self.hide_everything and interaction else 0)
        sent = Sent(self.new_id(), channel, body | {"flags": flags}, interaction, by)
        self.messages[sent.id] = sent
        return sent

    async def posted_in(self, channel: str) -> Sent:
        """Wait for the next message in a channel, and return it; each comes once."""
        return await self._posted.setdefault(channel, asyncio.Queue()).get()

    def as_json(self, sent: Sent) -> dict[str, Any]:
        """Write a message as Discord does."""
        metadata = {"interaction_metadata": {"id": "5", "type": 3, "user": user(sent.by)}} if sent.by else {}
        return {
            "id": sent.id,
            "channel_id": sent.channel,
            "author": BOT,
            "content": sent.body.get("content") or "",
            "timestamp": "2026-11-21T12:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": sent.body.get("flags", 0),
            "components": numbered(sent.components),
            "nonce": sent.body.get("nonce"),
        } | metadata

    def _post_interactions_interaction_id_interaction_token_callback(self, call: Call) -> web.Response:
        told = self.told[call.named["interaction_token"]]
        if told.types:
            return error(400, 40060)
        kind, data = call.body["type"], call.body.get("data") or {}
        told.types.append(kind)
        if kind == CHOICES:
            told.choices = data["choices"]
        elif kind in {MESSAGE, LATER}:
            told.original = self.keep(told.channel, data, call.named["interaction_token"], told.user)
        else:
            told.original = told.pressed
            if kind == EDIT and told.pressed:
                hidden = told.pressed.body.get("flags", 0) & EPHEMERAL  # an edit changes nothing about who sees it
                told.pressed.body = told.pressed.body | data | {"flags": data.get("flags", 0) | hidden}
        if kind not in {LATER, LATER_EDIT}:
            told.done.set()
        resource = {"type": kind} | ({"message": self.as_json(told.original)} if told.original else {})
        return as_response({"interaction": {"id": call.named["interaction_id"], "type": 2}, "resource": resource})

    def _patch_webhooks_webhook_id_webhook_token_messages_original(self, call: Call) -> web.Response:
        told = self.told[call.named["webhook_token"]]
        assert told.original
        told.original.body = told.original.body | {k: v for k, v in call.body.items() if k != "flags"}
        told.done.set()
        return as_response(self.as_json(told.original))

    def _delete_webhooks_webhook_id_webhook_token_messages_original(self, call: Call) -> web.Response:
        told = self.told[call.named["webhook_token"]]
        assert told.original
        del self.messages[told.original.id]
        told.done.set()
        return web.Response(status=204)

    def _post_webhooks_webhook_id_webhook_token(self, call: Call) -> web.Response:
        told = self.told[call.named["webhook_token"]]
        sent = self.keep(told.channel, call.body, call.named["webhook_token"], told.user)
        told.others.append(sent)
        return as_response(self.as_json(sent))

    def _post_channels_channel_id_messages(self, call: Call) -> web.Response:
        nonce = str(call.body.get("nonce") or "")
        if call.body.get("enforce_nonce") and nonce in self._nonces:
            return as_response(self.as_json(self._nonces[nonce]))
        sent = self.keep(call.named["channel_id"], call.body)
        self._nonces[nonce] = sent
        self._posted.setdefault(sent.channel, asyncio.Queue()).put_nowait(sent)
        return as_response(self.as_json(sent))

    def _get_channels_channel_id_messages(self, call: Call) -> web.Response:
        there = [sent for sent in self.messages.values() if sent.channel == call.named["channel_id"]]
        later = [sent for sent in there if int(sent.id) > int(call.query.get("after", 0))]
        return as_response([self.as_json(sent) for sent in reversed(later)][: int(call.query["limit"])])

    def _post_users_me_channels(self, call: Call) -> web.Response:
        person = call.body["recipient_id"]
        channel = self.dms.setdefault(str(person), f"7{person}")
        return as_response({"id": channel, "type": 1, "last_message_id": None, "recipients": [user(person)]})

    def _put_applications_application_id_commands(self, call: Call) -> web.Response:
        self.commands = call.body
        made = [{"id": self.new_id(), "application_id": "1", "version": "1"} | each for each in call.body]
        return as_response(made)

    def _get_users_me(self, _: Call) -> web.Response:
        return as_response(BOT)

    def _get_oauth2_applications_me(self, _: Call) -> web.Response:
        return as_response(
            {"id": "1", "name": "Waymark", "description": "", "bot_public": True, "bot_require_code_grant": False}
            | {"verify_key": "", "icon": None, "rpc_origins": [], "team": None, "owner": user("9")}
            | self.application
        )

    def _get_gateway_bot(self, _: Call) -> web.Response:
        limit = self.starts | {"max_concurrency": self.gateway.at_once}
        return as_response({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})


async def _read(request: web.Request) -> tuple[Any, dict[str, str]]:
    """Read a body and the files that come with it, by the places that they have in it."""
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.text() or "null"), {}
    form = await request.post()
    files = {name: part.file.read().decode() for name, part in form.items() if isinstance(part, web.FileField)}
    return json.loads(str(form["payload_json"])), files


def _show(body: dict[str, Any], files: dict[str, str]) -> None:
    """Keep the files with their message; one that is not shown by a component is refused, as nobody would see it."""
    message = body.get("data", body)
    shown = {part["file"]["url"] for part in nested(message["components"]) if part["type"] == FILE}
    named = {f"attachment://{each['filename']}": files[f"files[{each['id']}]"] for each in message["attachments"]}
    assert shown == set(named)
    message["files"] = named


def user(person: str | None) -> dict[str, Any]:
    """Write a person as Discord does."""
    return {"id": str(person), "username": f"u{person}", "discriminator": "0000", "avatar": None, "global_name": None}


def as_response(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with JSON; its type stands alone in the header, else discord.py does not take it for JSON."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def error(status: int, code: int, **more: object) -> web.Response:
    """Refuse as Discord does."""
    headers = {"Via": "1.1 google"} if status == 429 else None
    return as_response({"code": code, "message": "no"} | more, status=status, headers=headers)


def numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every component an id, as they come back."""
    return [
        each | {"id": number} | ({"components": numbered(each["components"])} if "components" in each else {})
        for number, each in enumerate(components, start=1)
    ]
