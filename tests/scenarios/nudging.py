"""Nudges as people have them: asked for, pressed, minded, left without an answer, and pressed by somebody else."""

from __future__ import annotations

from tests.scenarios.visit import Visit, offer_in, offer_to


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
    await it.press_offer(it.last, offer_to(it.last, "nudge pause "))
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
    await it.press_offer(it.last, offer_to(it.last, "nudge skip "))
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


async def _set(it: Visit) -> None:
    """Ask for a nudge on Mondays; it is opted in when its confirmation has arrived."""
    await it.say("roadmap follow ai")
    await it.say("nudge mon 9am Lisbon yes")
    came = it.came()
    assert bool(came) is (it.stage.dm_of("") is not None)
