"""The way of a learner: the fit, a roadmap and its ticks, a restart, what is stored and deleted."""

from __future__ import annotations

from tests.scenarios.seat import Offer
from tests.scenarios.visit import Visit, line_of, offer_in, offer_to


async def fitted(it: Visit) -> None:
    """The fit goes to its result; it is explained, changed, kept and found again; who skips gets ten more."""
    await _to_the_result(it)
    await it.press("Why?")
    await it.press("Back to the result")
    await it.press("Your answers")
    await it.press_offer(it.last, offer_to(it.last, "fit change "))
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
    await it.press_offer(it.last, offer_to(it.last, "roadmap have "))
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


def _titles(it: Visit) -> list[str]:
    return [it.reply.title, *it.last.text.splitlines()]


def _next_to_nudge(it: Visit) -> Offer:
    """Choose what leads on: nudges, then a career, then the first time or clock."""
    nudges = [offer for offer in it.last.offers if line_of(offer).startswith("nudge")]
    timed = [offer for offer in nudges if any(each[:1].isdigit() for each in line_of(offer).split())]
    zoned = [offer for offer in timed if "/" in line_of(offer) or "yes" in line_of(offer).split()]
    return next(iter((*zoned, *timed, *nudges)))
