"""What people ask: any line, a question, a comparison, a page too long; and who may read the answer."""

from __future__ import annotations

from tests.scenarios.lines import LINES
from tests.scenarios.seat import Way, Where
from tests.scenarios.visit import Visit


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
    await it.press("Back")
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
