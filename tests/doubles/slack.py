"""Slack, played over real HTTP and WebSocket: its Web API, its response addresses, Socket Mode, its limits and errors.

People in it type, press and mention; what they can see is in `messages`. It says in `violations` what Slack refuses.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.doubles.slack_limits import VIEW_BLOCKS, broken_limits

SECRET = "a-signing-secret"  # noqa: S105 - of a Slack that is played
BOT_TOKEN, APP_TOKEN = "xoxb-one", "xapp-one"
Json = dict[str, Any]


@dataclass
class Message:
    """One message as people see it; `to` is who alone can see it."""

    channel: str
    ts: str
    payload: Json
    to: str | None = None
    thread: str | None = None
    deleted: bool = False
    edits: int = 0

    @property
    def text(self) -> str:
        return str(self.payload.get("text", ""))

    def labels(self) -> dict[str, tuple[str, Json, str]]:
        """Return what can be pressed: labels with action_id, element and value."""
        return labels_of(self.payload)


def labels_of(payload: Json) -> dict[str, tuple[str, Json, str]]:
    found: dict[str, tuple[str, Json, str]] = {}
    for block in payload.get("blocks", []):
        for element in block["elements"] if block["type"] == "actions" else []:
            for option in element.get("options", [_own(element)]):
                found[option["text"]["text"]] = (element["action_id"], element, option["value"])
    return found


def _own(element: Json) -> Json:
    """Return what stands for an element that is no list of options; a menu of people is known by its placeholder."""
    return element if "value" in element else {"text": element["placeholder"], "value": ""}


@dataclass
class Team:
    """One workspace, or organisation, that has installed the app."""

    id: str = "T1"
    enterprise: str | None = None
    whole: bool = False
    token: str = BOT_TOKEN
    bot_user: str = "UBOT"


@dataclass
class Fault:
    """What happens to a call instead: an error, a status, a dropped connection; before it counts, or after."""

    error: str | None = None
    status: int = 200
    drop: bool = False
    after: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Slack:
    """The whole of Slack, for one app."""

    address: str = ""
    teams: dict[str, Team] = field(default_factory=lambda: {BOT_TOKEN: Team()})
    users: dict[str, Json] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    homes: dict[str, list[Json]] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)  # seconds that a method takes
    violations: list[str] = field(default_factory=list)
    codes: dict[str, Team] = field(default_factory=dict)
    scopes: str = "commands,chat:write,users:read,im:history,app_mentions:read,im:write"
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    clock: Callable[[], float] = time.time
    _acks: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _responses: dict[str, tuple[Message | None, str, str, list[int]]] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    # What the app calls

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or params.get("token", "")
        self.calls.append((method, params))
        await asyncio.sleep(self.slow.get(method, 0))
        fault = self.faults[method].pop(0) if self.faults.get(method) else None
        if fault and not fault.after:
            return self._failed(request, fault)
        team = self.teams.get(token)
        if method == "apps.connections.open":
            known = token == APP_TOKEN
            url = self.address.replace("http", "ws") + "link"
            return web.json_response({"ok": True, "url": url} if known else {"ok": False, "error": "invalid_auth"})
        if method == "oauth.v2.access":
            return web.json_response(self._installed(params))
        if team is None:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        answer = self._answer(method, params, team)
        if fault:
            return self._failed(request, fault)
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes})

    def _failed(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.drop:
            assert request.transport is not None
            request.transport.abort()
        body = {"ok": False, "error": fault.error} if fault.error else {"ok": True}
        return web.json_response(body, status=fault.status, headers=fault.headers)

    def _answer(self, method: str, params: Json, team: Team) -> Json:
        match method:
            case "auth.test":
                return {
                    "ok": True,
                    "team_id": team.id,
                    "enterprise_id": team.enterprise,
                    "is_enterprise_install": team.whole,
                    "user_id": team.bot_user,
                    "bot_id": "BBOT",
                    "url": "https://x.slack.com/",
                    "team": "X",
                    "user": "waymark",
                }
            case "chat.postMessage":
                return self._posted(params)
            case "users.info":
                user = self.users.get(params["user"], {})
                return {"ok": True, "user": {"id": params["user"], "tz": "Asia/Kolkata", **user}}
            case "views.publish":
                view = params["view"] if isinstance(params["view"], dict) else json.loads(params["view"])
                self._judge(view, VIEW_BLOCKS)
                self.homes.setdefault(params["user_id"], []).append(view)
                return {"ok": True}
            case "conversations.history":
                wanted = [m for m in self.messages if m.channel == params["channel"] and not m.deleted]
                wanted = [m for m in wanted if float(m.ts) > float(params.get("oldest", 0))][::-1]
                first, most = int(params.get("cursor") or 0), min(int(params.get("limit", 15)), 15)
                following = str(first + most) if first + most < len(wanted) else ""
                page = wanted[first : first + most]
                return {
                    "ok": True,
                    "messages": [{"ts": m.ts, "user": team.bot_user, **m.payload} for m in page],
                    "response_metadata": {"next_cursor": following},
                }
            case "conversations.open":
                return {"ok": True, "channel": {"id": direct_of(params["users"])}}
        return {"ok": False, "error": "unknown_method"}

    def _posted(self, params: Json) -> Json:
        payload = {key: value for key, value in params.items() if key in {"text", "blocks", "metadata"}}
        if isinstance(payload.get("blocks"), str):
            payload["blocks"] = json.loads(payload["blocks"])
        if problems := self._judge(payload):
            return {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": problems}}
        channel = params["channel"]
        channel = direct_of(channel) if channel[0] in "UW" else channel
        if params.get("unfurl_links") is not False and str(params.get("unfurl_links")) not in {"0", "false"}:
            self.violations.append("links unfurl")
        message = self._keep(channel, payload, thread=params.get("thread_ts"))
        return {"ok": True, "channel": channel, "ts": message.ts, "message": {"ts": message.ts}}

    def _installed(self, params: Json) -> Json:
        team = self.codes.pop(params.get("code", ""), None)
        if team is None:
            return {"ok": False, "error": "invalid_code"}
        self.teams[team.token] = team
        return {
            "ok": True,
            "app_id": "A1",
            "access_token": team.token,
            "token_type": "bot",
            "scope": self.scopes,
            "bot_user_id": team.bot_user,
            "team": None if team.whole else {"id": team.id, "name": "X"},
            "enterprise": {"id": team.enterprise, "name": "E"} if team.enterprise else None,
            "is_enterprise_install": team.whole,
            "authed_user": {"id": "UADMIN"},
        }

    async def respond(self, request: web.Request) -> web.Response:
        """Take what is sent to a response_url: five times at most."""
        key = request.match_info["key"]
        origin, channel, user, uses = self._responses[key]
        payload = await request.json()
        self.calls.append(("respond", payload))
        fault = self.faults["respond"].pop(0) if self.faults.get("respond") else None
        if fault and not fault.after:
            return self._failed(request, fault)
        uses.append(1)
        if len(uses) > 5:
            return web.Response(status=404, text="used_url")
        if not payload.get("delete_original") and self._judge(payload):
            return web.Response(status=400, text="invalid_blocks")
        self._respond(payload, origin, channel, user)
        return self._failed(request, fault) if fault else web.Response(text="ok")

    def _respond(self, payload: Json, origin: Message | None, channel: str, user: str) -> None:
        if payload.get("delete_original"):
            assert origin is not None
            origin.deleted = True
        elif payload.get("replace_original"):
            assert origin is not None
            origin.payload, origin.edits = payload, origin.edits + 1
        else:
            public = payload.get("response_type") == "in_channel"
            self._keep(channel, payload, to=None if public else user, thread=payload.get("thread_ts"))

    def _judge(self, payload: Json, most: int = 50) -> list[str]:
        problems = broken_limits(payload, most)
        self.violations += problems
        return problems

    def _keep(self, channel: str, payload: Json, to: str | None = None, thread: str | None = None) -> Message:
        message = Message(channel, f"{self.clock():.0f}.{next(self._numbers):06}", payload, to, thread)
        self.messages.append(message)
        return message

    def response_url(self, channel: str, user: str, origin: Message | None = None) -> str:
        key = f"r{next(self._numbers)}"
        self._responses[key] = (origin, channel, user, [])
        return f"{self.address}respond/{key}"

    # Socket Mode

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for frame in socket:
            if frame.type == aiohttp.WSMsgType.TEXT:
                told = json.loads(frame.data)
                waiting = self._acks.pop(told["envelope_id"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(told.get("payload"))
        self.sockets.remove(socket)
        return socket

    async def envelope(self, kind: str, body: Json, **more: object) -> Any:  # noqa: ANN401 - whatever was acknowledged
        number = f"e{next(self._numbers)}"
        acked = self._acks[number] = asyncio.get_running_loop().create_future()
        envelope = {"type": kind, "envelope_id": number, "payload": body, "accepts_response_payload": True, **more}
        await self.sockets[-1].send_json(envelope)
        async with asyncio.timeout(5):
            return await acked


async def _params(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}


def direct_of(user: str) -> str:
    """Name the conversation of the bot with somebody."""
    return f"D{user}"


@asynccontextmanager
async def playing_slack() -> AsyncIterator[Slack]:
    """Play Slack on a port of this machine; at the end, nothing that Slack would refuse must have come."""
    slack = Slack()
    app = web.Application(client_max_size=1 << 22)
    app.router.add_post("/api/respond/{key}", slack.respond)
    app.router.add_get("/api/link", slack.link)
    app.router.add_route("*", "/api/{method}", slack.api)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()


Deliver = Callable[[str, Json], Any]


def signed(body: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Sign a body as Slack does."""
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": moment, "x-slack-signature": f"v0={digest}"}


@dataclass
class HttpWay:
    """How Slack calls the app over HTTP."""

    address: str
    session: aiohttp.ClientSession

    async def post(self, body: str, content_type: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        sent = signed(body) if headers is None else headers
        async with self.session.post(
            f"{self.address}/slack/events", data=body.encode(), headers={"content-type": content_type, **sent}
        ) as answer:
            return answer.status, await answer.text()

    async def __call__(self, kind: str, body: Json) -> Any:  # noqa: ANN401 - whatever was acknowledged
        if kind == "events_api":
            status, told = await self.post(json.dumps(body), "application/json")
        else:
            form = body if kind == "slash_commands" else {"payload": json.dumps(body)}
            status, told = await self.post(urlencode(form), "application/x-www-form-urlencoded")
        assert status == 200, (status, told)
        return json.loads(told) if told.startswith("{") else told or None


@dataclass
class People:
    """The people in a workspace: they type, press and look."""

    slack: Slack
    deliver: Deliver
    team: Team = field(default_factory=Team)

    async def command(self, name: str, text: str = "", user: str = "U1", channel: str = "C1") -> Message | None:
        """Type a slash command; return what is shown at once to who typed it."""
        body = {
            "command": name,
            "text": text,
            "user_id": user,
            "channel_id": channel,
            "trigger_id": f"t{next(self.slack._numbers)}",
            "response_url": self.slack.response_url(channel, user),
            **self._where(form=True),
        }
        told = await self.deliver("slash_commands", body)
        if not told:
            return None
        told = told if isinstance(told, dict) else {"text": told}
        self.slack._judge(told)
        return self.slack._keep(channel, told, to=user)

    async def press(self, where: Message | str, label: str, user: str = "U1", value: str | None = None) -> None:
        """Press a button, or choose from a menu, of a message or of somebody's App Home."""
        payload = self.slack.homes[where][-1] if isinstance(where, str) else where.payload
        action, element, carried = labels_of(payload)[label]
        carried = value or carried
        chosen: Json = {"value": carried} if element["type"] == "button" else {"selected_option": {"value": carried}}
        if element["type"] == "users_select":
            chosen = {"selected_user": carried}
        body = {
            "type": "block_actions",
            "user": {"id": user},
            "actions": [{"action_id": action, "type": element["type"], **chosen}],
            "trigger_id": "t",
            **self._where(form=False),
        }
        if isinstance(where, str):
            body["container"] = {"type": "view", "view_id": "V1"}
        else:
            body |= {
                "container": {
                    "type": "message",
                    "message_ts": where.ts,
                    "channel_id": where.channel,
                    "is_ephemeral": where.to is not None,
                    **({"thread_ts": where.thread} if where.thread else {}),
                },
                "channel": {"id": where.channel},
                "message": where.payload,
                "response_url": self.slack.response_url(where.channel, user, where),
            }
        assert await self.deliver("interactive", body) is None

    async def event(self, event: Json, event_id: str | None = None, event_time: int | None = None) -> None:
        """Let something happen that the app has subscribed to."""
        body = {
            "type": "event_callback",
            "event": event,
            "event_time": event_time or int(time.time()),
            "event_id": event_id or f"Ev{next(self.slack._numbers)}",
            "team_id": self.team.id,
            "enterprise_id": self.team.enterprise,
            "api_app_id": "A1",
            "authorizations": [
                {
                    "team_id": None if self.team.whole else self.team.id,
                    "enterprise_id": self.team.enterprise,
                    "is_enterprise_install": self.team.whole,
                    "user_id": self.team.bot_user,
                    "is_bot": True,
                }
            ],
        }
        await self.deliver("events_api", body)

    async def mention(self, text: str, user: str = "U1", **more: str) -> None:
        """Mention the bot in a channel."""
        said = f"<@{self.team.bot_user}> {text}"
        await self.event({"type": "app_mention", "user": user, "text": said, "channel": "C1", "ts": "1.5", **more})

    async def write(self, text: str, user: str = "U1", event_id: str | None = None, **more: str) -> None:
        """Write to the bot itself."""
        event = {
            "type": "message",
            "channel_type": "im",
            "user": user,
            "text": text,
            "channel": direct_of(user),
            "ts": "1.6",
        }
        await self.event(event | more, event_id)

    async def open_home(self, user: str = "U1", tab: str = "home") -> None:
        """Open the App Home."""
        await self.event({"type": "app_home_opened", "user": user, "tab": tab, "channel": direct_of(user)})

    def _where(self, *, form: bool) -> Json:
        whole: object = str(self.team.whole).lower() if form else self.team.whole
        where: Json = {"team_id": self.team.id, "is_enterprise_install": whole}
        if self.team.enterprise:
            where["enterprise_id"] = self.team.enterprise
        if form:
            return where
        enterprise = {"id": self.team.enterprise} if self.team.enterprise else None
        return {"team": {"id": self.team.id}, "enterprise": enterprise, "is_enterprise_install": self.team.whole}
