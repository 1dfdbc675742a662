"""What is pressed on a nudge: done, some, tomorrow, show, keep. Each acts on its own occurrence, or says why not."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from bot.command import NUMBER, Ask
from bot.commands.journey import Kept, current_roadmap, kept_of, whole_roadmaps
from bot.commands.nudge_state import delivery_of, rule_of
from bot.commands.nudge_view import moment_text, panel
from bot.commands.ticking import settle
from bot.errors import UserError
from bot.nudges.calendar import moment
from bot.nudges.message import day_text, shown
from bot.nudges.model import Delivery, Nudge, RuleState, snooze_key
from bot.pack.gone import follow
from bot.pack.model import Pack, Roadmap, Task
from bot.progress import Mark, tasks_of
from bot.reply import Button, Cited, Paragraph, Reply, StepState

if TYPE_CHECKING:
    from bot.store.learners import StoredLearner

OneNumber = Annotated[int | None, NUMBER]


async def done(ask: Ask, nudge: OneNumber = None) -> Reply:
    """Tick the task of a nudge as done."""
    return await _tick(ask, nudge, "done", StepState.DONE)


async def some(ask: Ask, nudge: OneNumber = None) -> Reply:
    """Say that you did some of a nudge's task; it stays next."""
    return await _tick(ask, nudge, "some", StepState.STARTED)


async def _meant(ask: Ask, nudge: int | None) -> tuple["StoredLearner", Delivery]:
    """Return the delivery that a button names; without a number, typed, the last that went out."""
    if nudge is not None:
        return await delivery_of(ask, nudge)
    _, _, learner = await rule_of(ask)
    tried = (await (await ask.store()).deliveries.recent([learner.id])).get(learner.id, ())
    last = next((one for one in tried if not one.is_trial), None)
    if last is None:
        raise UserError("None has been sent yet, so there is nothing to answer.", (Button("My nudges", "nudge"),))
    return learner, last


async def _tick(ask: Ask, nudge: int | None, word: str, state: Mark) -> Reply:
    """Tick the task that this nudge was about, whatever is next by now and whichever roadmap is followed."""
    learner, delivery = await _meant(ask, nudge)
    kept = await kept_of(ask)
    place, task = _task_of(ask.pack, kept, delivery)
    await (await ask.store()).deliveries.answer(delivery.id, learner.id, word, ask.at)
    own = current_roadmap(ask.pack, kept)
    return await settle(ask, kept, place, task, state, follows=own is None)


def _task_of(pack: Pack, kept: Kept, delivery: Delivery) -> tuple[Roadmap, Task]:
    """Find the task of a nudge and a roadmap that it is on, the learner's own before any other."""
    wanted = follow(delivery.task, pack.gone) if delivery.task else None
    own = current_roadmap(pack, kept)
    for place in (*((own,) if own else ()), *whole_roadmaps(pack)):
        for task in tasks_of(place):
            if task.id == wanted:
                return place, task
    raise UserError(
        "That task is not part of the roadmaps any more; what you did before still counts.",
        (Button("My roadmap", "roadmap"), Button("My nudges", "nudge")),
    )


async def tomorrow(ask: Ask, nudge: OneNumber = None) -> Reply:
    """Send a nudge's task again tomorrow."""
    here, rule, learner = await rule_of(ask)
    _, delivery = await _meant(ask, nudge)
    store = await ask.store()
    told = None
    if here.last and here.last.id > delivery.id:
        told = f"A newer one has come since, on {day_text(here.last.day or here.today())}; put that one off instead."
    elif rule.state is not RuleState.ACTIVE or here.paused_until:
        told = "Your nudges are not on at present, so nothing comes tomorrow."
    if told:
        return panel(here, rule, (Paragraph(Cited(told)),))
    await store.deliveries.answer(delivery.id, learner.id, "tomorrow", ask.at)
    day = here.today() + timedelta(days=1)
    if rule.due and rule.due.day <= day:
        return panel(here, rule, (Paragraph(Cited("The next one comes by then anyway, with the same task.")),))
    at = moment(rule.rule, day)
    added = await store.deliveries.add(learner, snooze_key(delivery.id), at, delivery.id)
    told = f"It comes again {moment_text(here, at)}." if added else "You put that one off already."
    return panel(here, rule, (Paragraph(Cited(told)),))


async def show(ask: Ask, nudge: OneNumber = None) -> Reply:
    """Show what a discreet nudge is about."""
    learner, delivery = await _meant(ask, nudge)
    store, kept = await ask.store(), await kept_of(ask)
    if delivery.answer is None:
        await store.deliveries.answer(delivery.id, learner.id, "show", ask.at)
    past = (await store.deliveries.recent([learner.id])).get(learner.id, ())
    facts = Nudge(delivery, learner, await store.rules.of(learner.id), past, kept.progress, late=False)
    return shown(ask.pack, facts, *_task_of(ask.pack, kept, delivery))


async def keep(ask: Ask, nudge: OneNumber = None) -> Reply:
    """Say that the nudges may go on."""
    here, rule, learner = await rule_of(ask)
    _, delivery = await _meant(ask, nudge)
    if delivery.answer is None:
        await (await ask.store()).deliveries.answer(delivery.id, learner.id, "keep", ask.at)
    return panel(here, rule, (Paragraph(Cited("Good. They stay as they are.")),))
