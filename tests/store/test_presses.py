"""Progress as presses: recorded once, taken back one at a time, never lost to one another."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.progress import NOTHING, SKILL, Change, Item, Mark, Progress
from bot.reply import StepState
from bot.request import Learner
from bot.store.engine import Store

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DONE, STARTED, SKIPPED, KNOWN = StepState.DONE, StepState.STARTED, StepState.SKIPPED, StepState.KNOWN

_people = count()


async def _somebody(store: Store) -> int:
    return (await store.learners.ensure(Learner("terminal", f"person {next(_people)}"), NOW)).id


async def test_what_is_recorded_is_read_back(store: Store) -> None:
    ana = await _somebody(store)
    assert await store.progress.of(ana) == NOTHING
    changes = (Change("ml", "numpy", DONE), Change("ai", "git", SKIPPED), Change(SKILL, "python", KNOWN))
    assert await store.progress.record(ana, changes, NOW)
    assert await store.progress.of(ana) == Progress(
        {("ml", "numpy"): DONE, ("ai", "git"): SKIPPED}, frozenset({"python"})
    )


async def test_what_is_so_already_is_no_event(store: Store) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    assert await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW) is None
    assert await store.progress.record(ana, [Change("ml", "pandas", None)], NOW) is None
    assert await store.progress.record(ana, [], NOW) is None
    undone = await store.progress.undo(ana, NOW)
    assert undone
    assert undone.restored == (Change("ml", "numpy", None),)


async def test_when_somebody_worked_is_told_without_what_was_taken_back_skipped_or_known(store: Store) -> None:
    ana, ben = await _somebody(store), await _somebody(store)
    hours = [NOW + timedelta(hours=hour) for hour in range(6)]
    for hour, states in zip(hours, ((DONE, STARTED), (SKIPPED,), (KNOWN,), (STARTED,), (DONE,)), strict=False):
        await store.progress.record(ana, [Change("ml", f"{hour:%H}{n}", state) for n, state in enumerate(states)], hour)
    await store.progress.record(ben, [Change("ml", "numpy", DONE)], hours[5])
    assert await store.progress.worked(ana, NOW) == (hours[0], hours[3], hours[4])
    await store.progress.undo(ana, hours[5])
    assert await store.progress.worked(ana, hours[1]) == (hours[3],)


async def test_only_what_changes_belongs_to_the_event(store: Store) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    await store.progress.record(ana, [Change("ml", "numpy", DONE), Change("ml", "pandas", DONE)], NOW)
    await store.progress.undo(ana, NOW)
    assert await store.progress.of(ana) == Progress({("ml", "numpy"): DONE}, frozenset())


async def test_undo_goes_back_press_by_press_until_nothing_is_left(store: Store) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", STARTED)], NOW)
    await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    await store.progress.undo(ana, NOW)
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): STARTED}
    await store.progress.undo(ana, NOW)
    assert await store.progress.of(ana) == NOTHING
    assert await store.progress.undo(ana, NOW) is None


async def test_undoing_a_clearing_brings_everything_back(store: Store) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", DONE), Change("ml", "pandas", SKIPPED)], NOW)
    full = await store.progress.of(ana)
    await store.progress.record(ana, [Change(*key, None) for key in full.tasks], NOW)
    assert await store.progress.of(ana) == NOTHING
    await store.progress.undo(ana, NOW)
    assert await store.progress.of(ana) == full


async def test_undoing_the_same_event_twice_changes_nothing_more(store: Store) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", STARTED)], NOW)
    event = await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    await store.progress.undo(ana, NOW, event)
    again = await store.progress.undo(ana, NOW, event)
    assert again
    assert (again.restored, again.left) == ((), ())
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): STARTED}


async def test_undoing_an_old_event_leaves_what_was_changed_since(store: Store) -> None:
    ana = await _somebody(store)
    event = await store.progress.record(ana, [Change("ml", "numpy", DONE), Change("ml", "pandas", DONE)], NOW)
    await store.progress.record(ana, [Change("ml", "numpy", SKIPPED)], NOW)
    undone = await store.progress.undo(ana, NOW, event)
    assert undone
    assert (undone.restored, undone.left) == ((Change("ml", "pandas", None),), (("ml", "numpy"),))
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): SKIPPED}


async def test_a_state_that_was_left_and_chosen_again_is_not_taken_away_by_the_older_undo(store: Store) -> None:
    ana = await _somebody(store)
    event = await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    await store.progress.record(ana, [Change("ml", "numpy", None)], NOW)
    await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    await store.progress.undo(ana, NOW, event)
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): DONE}


async def test_nobody_can_undo_the_press_of_somebody_else(store: Store) -> None:
    ana, ben = await _somebody(store), await _somebody(store)
    event = await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    assert await store.progress.undo(ben, NOW, event) is None
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): DONE}


@pytest.mark.parametrize("event", [0, -1, 999_999])
async def test_an_event_that_never_was_cannot_be_undone(store: Store, event: int) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    assert await store.progress.undo(ana, NOW, event) is None
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): DONE}


async def test_a_press_after_everything_was_deleted_is_told_so_and_leaves_nothing(store: Store) -> None:
    ana = await _somebody(store)
    await store.personal.delete(ana)
    with pytest.raises(UserError, match="deleted"):
        await store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW)
    with pytest.raises(UserError, match="deleted"):
        await store.progress.undo(ana, NOW)
    assert await store.progress.of(ana) == NOTHING


async def test_presses_at_once_are_all_kept(store: Store) -> None:
    ana = await _somebody(store)
    presses = (store.progress.record(ana, [Change("ml", f"task-{number}", DONE)], NOW) for number in range(30))
    events = await asyncio.gather(*presses)
    assert len(set(events)) == 30
    assert len((await store.progress.of(ana)).tasks) == 30


async def test_the_same_press_many_times_at_once_is_one_event(store: Store) -> None:
    ana = await _somebody(store)
    events = await asyncio.gather(*(store.progress.record(ana, [Change("ml", "numpy", DONE)], NOW) for _ in range(12)))
    assert sum(event is not None for event in events) == 1


async def test_undos_at_once_take_back_one_press_each(store: Store) -> None:
    ana = await _somebody(store)
    for state in (STARTED, DONE, SKIPPED, DONE):
        await store.progress.record(ana, [Change("ml", "numpy", state)], NOW)
    undone = await asyncio.gather(*(store.progress.undo(ana, NOW) for _ in range(3)))
    assert len({one.event_id for one in undone if one}) == 3
    assert (await store.progress.of(ana)).tasks == {("ml", "numpy"): STARTED}


async def test_a_deletion_amid_presses_leaves_no_crumb(store: Store) -> None:
    ana = await _somebody(store)
    presses = [store.progress.record(ana, [Change("ml", f"task-{number}", DONE)], NOW) for number in range(10)]
    outcomes = await asyncio.gather(*presses, store.personal.delete(ana), return_exceptions=True)
    assert all(isinstance(one, int | dict | UserError) for one in outcomes)
    assert not any((await store.personal.export(ana)).values())


async def test_a_press_that_is_cancelled_half_way_is_kept_whole_or_not_at_all(store: Store) -> None:
    ana = await _somebody(store)
    both = [Change("ml", "numpy", DONE), Change("ml", "pandas", DONE)]
    for turns in range(40):
        press = asyncio.create_task(store.progress.record(ana, both, NOW))
        for _ in range(turns):
            await asyncio.sleep(0)
        press.cancel()
        await asyncio.gather(press, return_exceptions=True)
        assert len((await store.progress.of(ana)).tasks) in {0, 2}
    await store.progress.record(ana, both, NOW)
    assert len((await store.progress.of(ana)).tasks) == 2


_marks = st.sampled_from([DONE, STARTED, SKIPPED, KNOWN, None])
_tasks = st.builds(Change, st.sampled_from(["ml", "ai"]), st.sampled_from("abc"), _marks)
_skills = st.builds(Change, st.just(SKILL), st.sampled_from("xy"), st.sampled_from([KNOWN, None]))
_presses = st.lists(_tasks | _skills, max_size=5)

_on_one_store = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _states(progress: Progress) -> dict[Item, Mark]:
    return {**progress.tasks, **dict.fromkeys(((SKILL, skill) for skill in progress.skills), KNOWN)}


@_on_one_store
@given(presses=st.lists(_presses, max_size=6))
async def test_undo_restores_exactly_what_was_before_each_press(store: Store, presses: list[list[Change]]) -> None:
    ana = await _somebody(store)
    past = []
    for press in presses:
        before = await store.progress.of(ana)
        if await store.progress.record(ana, press, NOW) is not None:
            past.append(before)
    for before in reversed(past):
        await store.progress.undo(ana, NOW)
        assert await store.progress.of(ana) == before
    assert await store.progress.undo(ana, NOW) is None


@_on_one_store
@given(press=_presses)
async def test_recording_brings_about_exactly_the_asked_states_and_only_once(store: Store, press: list[Change]) -> None:
    ana = await _somebody(store)
    await store.progress.record(ana, press, NOW)
    wanted = {change.key: change.state for change in press}
    assert _states(await store.progress.of(ana)) == {key: state for key, state in wanted.items() if state}
    assert await store.progress.record(ana, press, NOW) is None


@_on_one_store
@given(presses=st.lists(_presses, max_size=6), data=st.data())
async def test_undone_in_any_order_all_presses_together_leave_nothing(
    store: Store, presses: list[list[Change]], data: st.DataObject
) -> None:
    ana = await _somebody(store)
    events = [event for press in presses if (event := await store.progress.record(ana, press, NOW)) is not None]
    for event in data.draw(st.permutations(events)):
        await store.progress.undo(ana, NOW, event)
    for _ in events:
        await store.progress.undo(ana, NOW)
    assert await store.progress.of(ana) == NOTHING
