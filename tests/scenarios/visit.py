"""Somebody who uses the bot on a platform: whatever they see is held to what the core alone answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.line import Understood
from bot.reading import parse
from bot.reply import Reply, buttons
from bot.request import Place
from bot.wire import from_wire
from tests.scenarios.seat import Offer, Seat, Seen, Stage, Way, Where
from tests.scenarios.told import apart, lines_of, lines_told

if TYPE_CHECKING:
    from tests.scenarios.core import Core

BETWEEN = 5.0  # seconds from one press to the next
_AGAIN = re.compile(r"^\d+~")  # in front of what stands in one message twice
_WHERE = {Way.MESSAGE: Where.DIRECT, Way.MENTION: Where.PUBLIC}
_FORGOTTEN = "waymark forget yes"


@dataclass(slots=True)
class Visit:
    """One person on a stage. `taken` is which command was reached in which way, `doors` which had a button at all."""

    stage: Stage
    core: Core
    number: int
    taken: set[tuple[str, Way]] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)
    others: list[Visit] = field(default_factory=list)
    seat: Seat = field(init=False)
    last: Seen = field(init=False)
    reply: Reply = field(init=False)

    def __post_init__(self) -> None:
        """Take a seat."""
        self.seat = self.stage.seat(str(self.number))

    @property
    def person(self) -> str:
        return self.seat.learner().person

    def other(self) -> Visit:
        """Bring somebody else."""
        self.others.append(Visit(self.stage, self.core, self.number + 1000 * (len(self.others) + 1)))
        return self.others[-1]

    async def say(self, line: str, way: Way | None = None) -> Seen:
        """Type a line, in the most usual way of the place unless told otherwise."""
        self.stage.clock.forward(seconds=BETWEEN)
        way = way or self.seat.ways(line)[0]
        seen = await self.seat.say(line, way)
        where = _WHERE.get(way, Where.PRIVATE)
        assert seen.where is where, (line, way, seen.where)
        self._took(line, way)
        public = where is Where.PUBLIC
        learner = None if public else self.seat.learner()
        reply = await self.core.say(line, learner, Place.PUBLIC if public else Place.PRIVATE)
        return await self._held(seen, reply)

    async def press(self, label: str, seen: Seen | None = None) -> Seen:
        """Press what is called so, or begins so; it answers in place, or privately where others read along."""
        seen = seen or self.last
        return await self.press_offer(seen, offer_in(seen, label))

    async def press_offer(self, seen: Seen, offer: Offer) -> Seen:
        """Press something that was seen, even if it stands there no more."""
        self.stage.clock.forward(seconds=BETWEEN)
        before = self.seat.look(seen)
        after = await self.seat.press(seen, offer)
        assert after is not None, offer
        if self.stage.edits:
            public = seen.where is Where.PUBLIC
            assert (after.place is seen.place) is not public, (offer, after)
            assert not public or (after.where is Where.PRIVATE and self.seat.look(seen) == before)
        line = line_of(offer)
        self._took(line, offer.way)
        return await self._held(after, await self._core(line))

    async def press_extra(self, label: str | None, seen: Seen | None = None) -> Seen | None:
        """Press what a platform adds: Share, Take back."""
        assert label
        self.stage.clock.forward(seconds=BETWEEN)
        return await self.seat.press(seen or self.last, offer_in(seen or self.last, label))

    async def wait(self, **duration: float) -> None:
        """Let time pass, and what is due by then be sent; what came is looked at."""
        self.stage.clock.forward(**duration)
        await self.core.sweep(self.stage.platform(), self.stage.store)
        self.came()

    async def wait_for_nudge(self) -> None:
        """Let time pass until the next nudge is due, and look at it."""
        learner = await self.core.store.learners.find(self.seat.learner())
        rule = await self.core.store.rules.of(learner.id) if learner else None
        assert rule
        assert rule.due
        self.stage.clock.at = rule.due.at
        await self.wait()

    def came(self) -> list[Seen]:
        """Hold all that came unasked to what the core sent; look at the last of it."""
        came, sent = self.seat.inbox(), self.core.sent.pop(self.person, [])
        assert len(came) == len(sent), (came, sent)
        for seen, reply in zip(came, sent, strict=True):
            self._compare(reply, seen.text, seen, seen.spoken)
            self.last, self.reply = seen, reply
        return came

    async def leave(self) -> None:
        """Have everything deleted: nothing is left, there and in the core."""
        for visit in (self, *self.others):
            await visit.say(_FORGOTTEN, visit.seat.ways("")[0])
            for store in (self.stage.store, self.core.store):
                assert await store.learners.find(visit.seat.learner()) is None
            self.taken |= visit.taken
            self.doors |= visit.doors

    def reads(self, *words: str) -> None:
        """Say that these words are to be read in what was last seen."""
        shown = "\n".join(lines_told(self.reply))
        assert all(word in shown for word in words), (words, shown)

    def labels(self) -> list[str]:
        return [offer.label for offer in self.last.offers]

    async def _core(self, line: str) -> Reply:
        return await self.core.say(line, self.seat.learner(), Place.PRIVATE, pressed=True)

    async def _held(self, seen: Seen, reply: Reply) -> Seen:
        """Read all pages of an answer, and hold them to the core's."""
        text, spoken, last = seen.text, seen.spoken, seen
        while onward := next((o for o in last.offers if re.fullmatch(self.stage.extras.onward, o.label)), None):
            self.stage.clock.forward(seconds=BETWEEN)
            turned = await self.seat.press(last, onward)
            assert turned
            text, last = f"{text}\n{turned.text}", turned
            spoken = None if spoken is None else f"{spoken}\n{turned.spoken}"
        self._compare(reply, text, last, spoken)
        self.last, self.reply = last, reply
        return last

    def _compare(self, reply: Reply, text: str, seen: Seen, spoken: str | None) -> None:
        told = lines_told(reply)
        assert not any("Something broke" in line for line in told), told
        assert apart(lines_of(text), told) == (set(), set())
        if spoken is not None:
            assert apart(lines_of(spoken), told)[0] == set(), spoken
        offers = [offer for offer in seen.offers if not self._is_extra(offer)]
        assert {(offer.label, line_of(offer)) for offer in offers} == {(b.label, b.line) for b in buttons(reply)}
        if seen.where is not Where.PUBLIC:  # there, a line that was typed may be on a button, to be opened privately
            self.doors |= {path for offer in offers if (path := self.path_of(line_of(offer)))}

    def _is_extra(self, offer: Offer) -> bool:
        extras = self.stage.extras
        return offer.label in {extras.share, extras.take_back, extras.elsewhere} or bool(
            re.fullmatch(extras.turns, offer.label)
        )

    def _took(self, line: str, way: Way) -> None:
        path = self.path_of(line)
        if path:
            self.taken.add((path, way))

    def path_of(self, line: str) -> str | None:
        """Return the command or verb that a line calls; None for a plain question."""
        read = parse(line, self.core.bot.commands, self.core.bot.vocabulary)
        return " ".join(read.call.path) if isinstance(read, Understood) else None


def line_of(offer: Offer) -> str:
    """Return the line that something carries."""
    return from_wire(_AGAIN.sub("", offer.wire)).line


def offer_in(seen: Seen, label: str) -> Offer:
    """Find what is called so, else the first that begins so."""
    exact = [offer for offer in seen.offers if offer.label == label]
    found = exact or [offer for offer in seen.offers if offer.label.startswith(label)]
    assert found, (label, [offer.label for offer in seen.offers])
    return found[0]


def offer_to(seen: Seen, beginning: str) -> Offer:
    """Find the first that carries a line which begins so."""
    return next(offer for offer in seen.offers if line_of(offer).startswith(beginning))
