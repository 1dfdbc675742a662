"""What a nudge says, from its facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.command import LINE_LIMIT
from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.message import compose, roadmap_of, unanswered
from bot.nudges.model import Delivery, DeliveryState, KeptRule, Nudge, RuleState
from bot.pack.model import Pack, Task
from bot.progress import NOTHING, Progress
from bot.reply import Facts, StepState, buttons, cited
from bot.store.learners import StoredLearner
from tests.conftest import words

MONDAY = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
RULE = Rule(frozenset({0}), time(9), "Asia/Kolkata")
LEARNER = StoredLearner(7, "terminal", "asha", RULE.zone, None, "ai-engineer", MONDAY, MONDAY - timedelta(days=99))
KEPT = KeptRule(7, "terminal", RULE, RuleState.ACTIVE, Occurrence(MONDAY.date(), MONDAY), None, None, discreet=False)


def delivery(number: int, *, weeks: int = 0, **changes: object) -> Delivery:
    """Return a delivery that was sent some weeks after the first Monday."""
    due = MONDAY + timedelta(weeks=weeks)
    made = Delivery(
        id=number,
        learner_id=7,
        lane="terminal",
        key=f"w:{due.date()}",
        parent_id=None,
        state=DeliveryState.SENT,
        due_at=due,
        act_at=None,
        attempt=1,
        started_at=due,
        ended_at=due,
        ref="1",
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def nudge(*past: Delivery, progress: Progress = NOTHING, **changes: object) -> Nudge:
    """Return the facts of a nudge after others, the newest of them first."""
    made = Nudge(delivery(99, weeks=10), LEARNER, KEPT, past, progress, late=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def tasks(pack: Pack) -> list[Task]:
    return [task for step in pack.roadmaps["ai-engineer"].steps for task in step.tasks]


def test_a_nudge_names_one_task_its_minutes_and_when_it_is_done(pack: Pack) -> None:
    first, second, *_ = tasks(pack)
    message = compose(pack, nudge())
    shown = words(message.reply)
    assert message.task == first.id
    assert message.ending is None
    assert all(part in shown for part in (first.title, f"{first.minutes} minutes", first.done_when))
    assert second.title not in shown


def test_a_tip_stands_only_with_the_task_it_belongs_to(pack: Pack) -> None:
    for task in tasks(pack):
        earlier = {("ai-engineer", each.id): StepState.DONE for each in tasks(pack) if each != task}
        message = compose(pack, nudge(progress=Progress(earlier, frozenset())))  # type: ignore[arg-type]
        if message.task is None:
            continue
        (facts,) = [block for block in message.reply.blocks if isinstance(block, Facts)]
        assert [row.value.text for row in facts.rows if row.label == "Tip"] == ([task.tip] if task.tip else [])


@pytest.mark.parametrize(("answer", "repeats"), [(None, False), ("skip", False), ("show", False), ("tomorrow", True)])
def test_the_same_task_comes_twice_in_a_row_only_if_the_learner_chose_it(
    pack: Pack,
    answer: str | None,
    repeats: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    first = tasks(pack)[0]
    message = compose(pack, nudge(delivery(1, task=first.id, answer=answer)))
    assert (message.task == first.id) is repeats


def test_the_only_task_that_is_open_comes_again(pack: Pack) -> None:
    *others, last = tasks(pack)
    done = Progress({("ai-engineer", task.id): StepState.DONE for task in others}, frozenset())
    assert compose(pack, nudge(delivery(1, task=last.id), progress=done)).task == last.id


def test_a_trial_is_not_the_nudge_before_and_never_ends_or_asks_anything(pack: Pack) -> None:
    first = tasks(pack)[0]
    trial = delivery(5, key="t:1", task=first.id)
    assert compose(pack, nudge(trial)).task == first.id
    everything = Progress({("ai-engineer", task.id): StepState.DONE for task in tasks(pack)}, frozenset())
    assert compose(pack, nudge(progress=everything, delivery=delivery(99, key="t:2"))).ending is None
    silent = tuple(delivery(n, weeks=n) for n in (4, 3, 2, 1))
    assert compose(pack, nudge(*silent, delivery=delivery(99, key="t:2"))).ending is None


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 4),
        ({"state": DeliveryState.UNKNOWN}, 3),
        ({"state": DeliveryState.ASSUMED}, 3),
        ({"state": DeliveryState.REFUSED}, 3),
        ({"answered_at": MONDAY}, 0),
        ({"key": "t:1"}, 3),
    ],
)
def test_only_what_surely_arrived_can_be_without_an_answer(changes: dict[str, object], count: int) -> None:
    past = (delivery(4, weeks=4, **changes), *(delivery(n, weeks=n) for n in (3, 2, 1)))
    assert unanswered(nudge(*past)) == count


def test_being_here_after_a_nudge_answers_it_and_all_before() -> None:
    past = tuple(delivery(n, weeks=n) for n in (4, 3, 2, 1))
    seen = LEARNER._replace(seen_at=MONDAY + timedelta(weeks=3, hours=1))
    assert unanswered(nudge(*past, learner=seen)) == 1


def test_a_discreet_nudge_has_no_word_of_the_pack_in_it(pack: Pack) -> None:
    first = tasks(pack)[0]
    message = compose(pack, nudge(rule=KEPT._replace(discreet=True), late=True))
    shown = "\n".join((words(message.reply), *(button.label for button in buttons(message.reply))))
    assert message.task == first.id
    assert not any(word in shown for word in (first.title, first.done_when, "AI", "engineer", "roadmap"))


def test_whatever_a_nudge_says_it_tells_that_the_one_before_may_not_have_arrived(pack: Pack) -> None:
    lost = delivery(9, weeks=9, state=DeliveryState.UNKNOWN)
    everything = Progress({("ai-engineer", task.id): StepState.DONE for task in tasks(pack)}, frozenset())
    silent = tuple(delivery(n, weeks=n) for n in (4, 3, 2, 1))
    for facts in (
        nudge(lost),
        nudge(lost, rule=KEPT._replace(discreet=True)),
        nudge(lost, learner=LEARNER._replace(roadmap=None)),
        nudge(lost, progress=everything),
        nudge(lost, *silent),
    ):
        assert words(compose(pack, facts).reply).count("may not have reached you") == 1
        assert "may not have" not in words(compose(pack, replace(facts, past=facts.past[1:])).reply)


def test_where_a_roadmap_is_walked_only_those_with_something_left_are_offered(pack: Pack) -> None:
    walked = Progress({("ai-engineer", task.id): StepState.DONE for task in tasks(pack)}, frozenset())
    assert "Nudges for ML engineer" in [button.label for button in buttons(compose(pack, nudge(progress=walked)).reply)]
    every = {(r.progress_key, t.id): StepState.DONE for r in pack.roadmaps.values() for s in r.steps for t in s.tasks}
    reply = compose(pack, nudge(progress=Progress(every, frozenset()))).reply  # type: ignore[arg-type]
    assert [button.label for button in buttons(reply)] == ["My roadmap"]


def test_every_button_of_a_nudge_fits_even_with_the_largest_number(pack: Pack) -> None:
    for facts in (nudge(), nudge(rule=KEPT._replace(discreet=True)), nudge(*(delivery(n, weeks=n) for n in (3, 2, 1)))):
        reply = compose(pack, replace(facts, delivery=delivery(999_999_999))).reply
        lines = [button.line for button in buttons(reply)]
        assert len(lines) == len(set(lines))
        assert all(len(line) <= LINE_LIMIT for line in lines)


def test_nothing_in_a_nudge_cites_a_source_because_all_of_it_is_ours(pack: Pack) -> None:
    assert [text for text in cited(compose(pack, nudge()).reply.blocks) if text.sources] == []


def test_a_roadmap_that_is_gone_is_none(pack: Pack) -> None:
    assert roadmap_of(pack, "no-such-roadmap") is None
    assert roadmap_of(pack, None) is None
