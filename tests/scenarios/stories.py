"""What people do, told once for all platforms. Whatever is shown is held to the core's answer by the visit itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.scenarios.lines import LINES
from tests.scenarios.seat import Offer, Way, Where
from tests.scenarios.visit import Visit, line_of, offer_in


@dataclass(frozen=True, slots=True)
class Story:
    """One scenario: what is done, and on which platforms it cannot be, with the reason."""

    tell: Callable[[Visit], Awaitable[None]]
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return (self.tell.__doc__ or "").strip()


ALONE = {"Terminal": "one person sits there, and nobody else reads"}
NO_TEXT_IN_SERVERS = {**ALONE, "Discord": "the bot hears nothing that is said in a server"}


async def every_line(it: Visit) -> None:
    """Every command and verb can be typed, bare and with what it takes."""
    for line in (line for lines in LINES.values() for line in lines):
        for way in it.seat.ways(line):
            if way is not Way.MENTION:
                await it.say(line, way)
        it.came()


async def mentioned(it: Visit) -> None:
    """A mention is answered for everybody; what is personal gets one line, and its button opens it privately."""
    for path, (line, *_) in LINES.items():
        await it.say(line, Way.MENTION)
        if it.reply.title.endswith("is between you and me."):
            assert len(it.last.offers) == 1, path
    await it.say("nudge", Way.MENTION)
    reader = it.other()
    await reader.press("Open nudge privately", it.last)
    assert reader.last.where is Where.PRIVATE


async def questions(it: Visit) -> None:
    """A plain question gets what the sources say, or that they do not cover it."""
    await it.say("need a phd?")
    it.reads("What our sources say")
    await it.say("kitna maths")
    await it.say("data analyst salary")
    it.reads("not covered")
    await it.say("what is the weather on the moon")
    await it.press(it.labels()[0])


async def misspelt(it: Visit) -> None:
    """What is misspelt is read all the same, or the nearest are offered to press."""
    await it.say("compare machine lerning enginer")
    it.reads("ML engineer")
    await it.say("compare “ai” – ml, salery")
    await it.say("compare zzzzqqq")
    it.reads("I don’t know “zzzzqqq”")
    await it.press("ML engineer")
    await it.say("roadmap ai ml")
    await it.press(it.labels()[0])
    await it.say("compare ai ml researcher ds ai engineer ml engineer salary")
    await it.say("x" * 700)


async def compared(it: Visit) -> None:
    """Two careers are compared, down to who says so and what to report where something is wrong."""
    await it.say("waymark")
    await it.press("Compare careers")
    await it.press("AI engineer / ML engineer")
    await it.press("Pay")
    await it.press("Why so vague?")
    it.reads("Something wrong?")
    await it.press("Back")
    await it.press("I look for work in India")
    await it.say("compare ai ml salary")
    it.reads("India")
    await it.press("All that is said")
    await it.press("Maths")


async def much(it: Visit) -> None:
    """An answer too long for one message loses nothing on its further pages."""
    for line in ("compare all ai ml salary", "waymark sources", "compare why ai ml", "fit rules", "roadmap steps ai"):
        await it.say(line)


async def sourced(it: Visit) -> None:
    """Who speaks, what they sell and what holds for every answer is a press away."""
    await it.say("waymark")
    await it.press("What holds for every answer")
    await it.press("Sources")
    await it.press("Aptech")
    await it.press("All sources")


async def walked(it: Visit) -> None:
    """A roadmap is begun; tasks are ticked, begun, skipped, known, opened again and taken back, all by buttons."""
    await it.say("roadmap ai")
    await it.press("Did some")
    it.reads("You did some of this")
    await it.press("Done")
    it.reads("Done: ")
    await it.press("Undo")
    it.reads("Taken back")
    await it.press("Skip")
    await it.press("I know this")
    await it.press("This step")
    opened = next(offer for offer in it.last.offers if line_of(offer).startswith("roadmap task "))
    await it.press_offer(it.last, opened)
    await it.press("Its step")
    await it.say("roadmap ai")
    await it.press("I already know…")
    await it.press_offer(it.last, _to(it, "roadmap have "))
    await it.say("roadmap ml")
    await it.press("Make this my roadmap")
    it.reads("from now on")
    await it.press("All steps")
    await it.say("roadmap ai")
    await it.press("Other roadmaps")
    await it.say("roadmap ai")
    await it.press("Done")
    await it.press("Start over")
    await it.press("Yes, start over")
    it.reads("Started over")
    await it.press("Undo")


async def out_of_order(it: Visit) -> None:
    """What comes too early or twice is answered with how it stands, and what to do."""
    await it.say("roadmap undo")
    it.reads("nothing to take back")
    await it.say("nudge pause")
    it.reads("no nudges yet")
    await it.say("fit why")
    await it.press("Start")
    await it.say("nudge stop")
    await it.say("waymark forget")
    it.reads("Nothing to delete")
    await it.say("roadmap done")


async def fitted(it: Visit) -> None:
    """The fit goes to its result; it is explained, changed, kept and found again; who skips gets ten more."""
    await _to_the_result(it)
    await it.press("Why?")
    await it.press("Back to the result")
    await it.press("Your answers")
    await it.press_offer(it.last, _to(it, "fit change "))
    await it.press(it.labels()[0])
    await it.press("Keep this")
    it.reads("Kept.")
    await it.say("fit")
    await it.press("Your kept result")
    await it.say("fit")
    await it.press("How answers count")
    await it.press("Start")
    for _ in range(5):
        await it.press("Skip")
    it.reads("Not enough answers to say")
    await it.press("Ten more questions")


async def from_fit_to_nudge(it: Visit) -> None:
    """From the end of the fit to a saved nudge it takes three presses at most."""
    await _to_the_result(it)
    presses = 0
    while "Set: " not in "\n".join(_titles(it)) and "Your nudges are on." not in "\n".join(_titles(it)):
        presses += 1
        await it.press_offer(it.last, _next_to_nudge(it))
        assert presses <= 3, it.last.text
    it.came()


async def nudged(it: Visit) -> None:
    """A nudge is asked for, comes when it is due, and each of its buttons does what it says."""
    await _set(it)
    await it.wait_for_nudge()
    nudge = it.last
    await it.press("Did some", nudge)
    await it.press_offer(nudge, offer_in(nudge, "Done"))
    it.reads("Done: ")
    await it.press_offer(nudge, offer_in(nudge, "Done"))
    it.reads("Already done")
    await it.press_offer(nudge, offer_in(nudge, "Tomorrow"))
    it.came()
    await it.wait(days=1)
    await it.say("nudge")
    await it.press("Make them discreet")
    await it.wait_for_nudge()
    discreet = it.last
    await it.press("Show it", discreet)
    await it.press_offer(discreet, offer_in(discreet, "Not this week"))
    await it.press_offer(discreet, offer_in(discreet, "Pause until"))
    await it.press("Go on now")
    await it.say("nudge")
    await it.press("Name the task again")
    await it.press("Send one now")
    await it.wait(minutes=1)
    assert "trial" in it.last.text


async def minded(it: Visit) -> None:
    """Nudges are paused, gone on with, changed in day and clock, left out for a week, stopped, begun again, counted."""
    await _set(it)
    await it.say("nudge")
    await it.press_offer(it.last, _to(it, "nudge pause "))
    it.reads("Paused until")
    await it.press("Go on now")
    await it.press("Change day or time")
    await it.press("Show my active weeks")
    await it.press("Change day or time")
    await it.press("Tuesdays")
    await it.press("Change day or time")
    await it.press("Another clock")
    await it.press(it.labels()[0])
    await it.press(it.labels()[0])
    await it.say("nudge")
    await it.press_offer(it.last, _to(it, "nudge skip "))
    await it.press("Stop nudges")
    await it.press("Start again")
    it.came()


async def unanswered(it: Visit) -> None:
    """After three nudges without an answer one question comes, and a press on it keeps them coming."""
    await _set(it)
    for _ in range(4):
        await it.wait_for_nudge()
    assert "Shall I keep sending them?" in it.last.text
    await it.press("Keep them")


async def shared(it: Visit) -> None:
    """An answer is shared for all, others press it for themselves, and only who shared it takes it back."""
    extras = it.stage.extras
    await it.say("compare ai ml salary")
    own = it.last
    public = await it.press_extra(extras.share)
    assert public
    assert public.where is Where.PUBLIC
    assert {line for line in own.text.splitlines() if line} <= set(public.text.splitlines())
    other = it.other()
    await other.press("Maths", public)
    refused = await other.press_extra(extras.take_back, public)
    assert refused
    assert refused.where is Where.PRIVATE
    assert "Only who shared it" in refused.text
    again = await it.press_extra(extras.share, own)
    assert again
    assert "shared already" in again.text
    assert await it.press_extra(extras.take_back, public) is None


async def pressed_by_another(it: Visit) -> None:
    """What belongs to one person's nudge does nothing for another who presses it."""
    await _set(it)
    await it.wait_for_nudge()
    theirs = offer_in(it.last, "Done")
    other = it.other()
    await other.say("waymark")
    await other.press_offer(other.last, theirs)
    other.reads("belongs to no nudge that is kept of you")
    await it.press("Done")
    it.reads("Done: ")


async def pressed_twice(it: Visit) -> None:
    """A button pressed twice does once what it says, and tells how it stands."""
    await it.say("roadmap ai")
    seen, done = it.last, offer_in(it.last, "Done")
    await it.press_offer(seen, done)
    it.reads("Done: ")
    await it.press_offer(seen, done)
    it.reads("Already done: ")
    await it.press("Open it again")
    it.reads("Open again: ")


async def restarted(it: Visit) -> None:
    """A button works after the bot was stopped and started again, and what was ticked is still there."""
    await it.say("roadmap ai")
    await it.press("Done")
    seen, done = it.last, offer_in(it.last, "Done")
    await it.stage.restart()
    await it.press_offer(seen, done)
    it.reads("Done: ", "2 of ")
    await it.say("waymark privacy")
    it.reads("Tasks: 2 done")


async def forged(it: Visit) -> None:
    """What an old or made-up button carries is answered like anything typed."""
    await it.say("waymark")
    for wire in ("nudge done #99", "roadmap done no-such no-task", "compare nobody", "fit .zz-yy", "roadmap", "hello"):
        await it.press_offer(it.last, Offer("", wire))
        assert it.reply.title


async def forgotten(it: Visit) -> None:
    """What is stored is shown, handed out and deleted, by buttons; nothing of it is left."""
    await it.say("waymark")
    await it.press("What is stored of me")
    it.reads("Nothing is kept about you.")
    await it.say("roadmap ai")
    await it.press("Done")
    await it.say("waymark privacy")
    await it.press("Hand it out")
    await it.press("What it means")
    await it.press("Delete it")
    await it.press("Yes, delete everything")
    it.reads("Deleted: ")
    await it.say("waymark privacy")
    it.reads("Nothing is kept about you.")


async def _to_the_result(it: Visit) -> None:
    await it.say("fit")
    for _ in range(5):
        assert "Question" in it.last.text, it.last.text
        await it.press(it.labels()[0])


async def _set(it: Visit) -> None:
    """Ask for a nudge on Mondays; it is opted in when its confirmation has arrived."""
    await it.say("roadmap follow ai")
    await it.say("nudge mon 9am Lisbon yes")
    came = it.came()
    assert bool(came) is (it.stage.dm_of("") is not None)


def _to(it: Visit, beginning: str) -> Offer:
    return next(offer for offer in it.last.offers if line_of(offer).startswith(beginning))


def _titles(it: Visit) -> list[str]:
    return [it.reply.title, *it.last.text.splitlines()]


def _next_to_nudge(it: Visit) -> Offer:
    """Choose what leads on: nudges, then a career, then the first time or clock."""
    nudges = [offer for offer in it.last.offers if line_of(offer).startswith("nudge")]
    timed = [offer for offer in nudges if any(each[:1].isdigit() for each in line_of(offer).split())]
    zoned = [offer for offer in timed if "/" in line_of(offer) or "yes" in line_of(offer).split()]
    return next(iter((*zoned, *timed, *nudges)))


STORIES = (
    Story(every_line),
    Story(mentioned, NO_TEXT_IN_SERVERS),
    Story(questions),
    Story(misspelt),
    Story(out_of_order),
    Story(compared),
    Story(sourced),
    Story(much),
    Story(shared, ALONE),
    Story(fitted),
    Story(walked),
    Story(from_fit_to_nudge),
    Story(nudged),
    Story(minded),
    Story(unanswered),
    Story(pressed_twice),
    Story(pressed_by_another, ALONE),
    Story(restarted),
    Story(forged),
    Story(forgotten),
)
