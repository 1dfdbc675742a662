"""How far a learner is: the states of tasks and steps, what comes next, and what one roadmap does for another."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pack.model import Pack, Roadmap, RoadmapStep, Task, Tombstone
from bot.progress import (
    NOTHING,
    SKILL,
    Change,
    Progress,
    clear,
    known_skills,
    mark,
    standing,
    standing_on,
    up_to_date,
    weeks_left,
)
from bot.reply import StepState

DONE, STARTED, SKIPPED, KNOWN = StepState.DONE, StepState.STARTED, StepState.SKIPPED, StepState.KNOWN
OPEN, NEXT = StepState.OPEN, StepState.NEXT
SETTLED = {DONE, KNOWN, SKIPPED}


def _task(name: str, skill: str, minutes: int = 60) -> Task:
    return Task(name, name, minutes, "It runs.", skill)


def _step(name: str, *tasks: Task, needs: tuple[str, ...] = (), hours: int = 10) -> RoadmapStep:
    skills = tuple(dict.fromkeys(task.skill for task in tasks))
    return RoadmapStep(name, name, needs, (), skills, (), hours, "It runs.", tasks)


def _roadmap(name: str, *steps: RoadmapStep, variant_of: str | None = None) -> Roadmap:
    return Roadmap(name, name, name, (), steps, variant_of)


def _pack(*roadmaps: Roadmap, gone: tuple[Tombstone, ...] = ()) -> Pack:
    none: dict[str, object] = {}
    named = {roadmap.id: roadmap for roadmap in roadmaps}
    fates = {tombstone.id: tombstone for tombstone in gone}
    return Pack("p", "P", "1", "", (), *([none] * 10), named, None, fates)  # type: ignore[arg-type]


def _renamed(old: str, new: str) -> Tombstone:
    return Tombstone(old, "renamed-to", new)


def _progress(*skills: str, **tasks: StepState) -> Progress:
    """Record tasks of the roadmap ml, an underscore in a name standing for a hyphen."""
    return Progress({("ml", name.replace("_", "-")): state for name, state in tasks.items()}, frozenset(skills))  # type: ignore[misc]


LOOP, FILES = _task("loop", "python", 30), _task("files", "python", 90)
COMMIT = _task("commit", "git")
ARRAY, FRAME = _task("array", "numpy"), _task("frame", "pandas", 120)
ML = _roadmap(
    "ml",
    _step("ground", LOOP, FILES, COMMIT, hours=30),
    _step("data", ARRAY, FRAME, needs=("ground",), hours=12),
)
AI = _roadmap(
    "ai", _step("start", _task("script", "python"), _task("call", "apis")), _step("end", _task("ship", "git"))
)


def test_a_beginner_starts_with_the_first_task_and_has_everything_before_them() -> None:
    here = standing(_pack(ML), ML, NOTHING)
    assert here.tasks == {"loop": NEXT, "files": OPEN, "commit": OPEN, "array": OPEN, "frame": OPEN}
    assert here.steps == {"ground": NEXT, "data": OPEN}
    assert (here.next, here.next_step) == (LOOP, ML.steps[0])
    assert (here.minutes_left, here.hours_left) == (360, 42)
    assert here.counts == {NEXT: 1, OPEN: 4}


def test_a_started_task_comes_before_every_other_and_stays_started() -> None:
    here = standing(_pack(ML), ML, _progress(frame=STARTED))
    assert here.next == FRAME
    assert here.tasks["frame"] is STARTED
    assert NEXT not in here.tasks.values()
    assert here.steps == {"ground": OPEN, "data": STARTED}


def test_a_step_waits_until_what_it_needs_is_settled() -> None:
    swapped = replace(ML, steps=ML.steps[::-1])
    assert standing(_pack(swapped), swapped, NOTHING).next == LOOP
    settled = _progress(loop=DONE, files=SKIPPED, commit=KNOWN)
    assert standing(_pack(swapped), swapped, settled).next == ARRAY


def test_a_need_that_is_not_on_the_roadmap_holds_nothing_up() -> None:
    short = replace(ML, steps=ML.steps[1:])
    assert standing(_pack(short), short, NOTHING).next == ARRAY


def test_at_the_end_nothing_is_next_and_nothing_is_left() -> None:
    here = standing(_pack(ML), ML, _progress("python", "git", "numpy", frame=DONE))
    assert (here.next, here.next_step, here.minutes_left, here.hours_left) == (None, None, 0, 0)
    assert here.steps == {"ground": KNOWN, "data": DONE}


@pytest.mark.parametrize(
    ("recorded", "state"),
    [
        ({}, NEXT),
        ({"loop": STARTED}, STARTED),
        ({"loop": DONE}, STARTED),
        ({"loop": SKIPPED}, NEXT),
        ({"commit": KNOWN}, NEXT),
        ({"loop": DONE, "files": DONE, "commit": SKIPPED}, DONE),
        ({"loop": KNOWN, "commit": SKIPPED}, KNOWN),
        ({"loop": SKIPPED, "files": SKIPPED, "commit": SKIPPED}, SKIPPED),
    ],
)
def test_a_step_is_summed_up_from_its_tasks(recorded: dict[str, StepState], state: StepState) -> None:
    assert standing(_pack(ML), ML, _progress(**recorded)).steps["ground"] is state


def test_hours_left_are_the_steps_own_hours_in_proportion() -> None:
    here = standing(_pack(ML), ML, _progress(loop=DONE, files=DONE))
    assert here.minutes_left == 240
    assert here.hours_left == 10 + 12


def test_weeks_are_rounded_up() -> None:
    assert [weeks_left(hours, 5) for hours in (0, 1, 5, 6)] == [0, 1, 1, 2]


def test_a_skill_that_the_learner_has_settles_its_tasks_on_every_roadmap() -> None:
    pack = _pack(ML, AI)
    assert standing(pack, ML, _progress("python")).next == COMMIT
    assert standing(pack, AI, _progress("python")).tasks == {"script": KNOWN, "call": NEXT, "ship": OPEN}


def test_a_task_marked_known_means_that_its_skill_is_known() -> None:
    here = standing(_pack(ML, AI), ML, _progress(loop=KNOWN))
    assert here.tasks["files"] is KNOWN
    assert known_skills([ML, AI], _progress(loop=KNOWN)) == {"python"}


def test_a_skill_half_learned_is_not_known_elsewhere() -> None:
    pack = _pack(ML, AI)
    assert standing(pack, AI, _progress(loop=DONE)).tasks["script"] is NEXT
    assert standing(pack, AI, _progress(loop=DONE, files=SKIPPED)).tasks["script"] is NEXT
    assert standing(pack, AI, _progress(loop=DONE, files=DONE)).tasks["script"] is KNOWN


def test_what_was_done_stays_done_when_its_skill_is_known() -> None:
    assert standing(_pack(ML), ML, _progress("python", loop=DONE, files=SKIPPED)).tasks["loop"] is DONE


def test_a_variant_shares_progress_and_never_ends_a_skill_early() -> None:
    short = _roadmap("ml-short", _step("all", LOOP, ARRAY), variant_of="ml")
    pack = _pack(ML, short, AI)
    one_done = _progress(loop=DONE)
    assert standing(pack, short, one_done).tasks == {"loop": DONE, "array": NEXT}
    assert standing(pack, ML, one_done).tasks["files"] is NEXT
    assert standing(pack, AI, one_done).tasks["script"] is NEXT


def test_progress_follows_a_task_that_was_renamed_twice_or_whose_roadmap_was_renamed() -> None:
    gone = (_renamed("first", "second"), _renamed("second", "loop"), _renamed("old-ml", "ml"))
    recorded = Progress({("old-ml", "first"): DONE}, frozenset())
    assert standing(_pack(ML, gone=gone), ML, recorded).tasks["loop"] is DONE


def test_a_skill_that_was_merged_is_known_by_its_new_name() -> None:
    gone = {"py": Tombstone("py", "merged-into", "python")}
    assert up_to_date(_progress("py"), gone).skills == {"python"}


def test_what_is_taught_no_more_is_passed_over() -> None:
    gone = {"crypto": Tombstone("crypto", "retired", None), "a": _renamed("a", "b"), "b": _renamed("b", "a")}
    assert up_to_date(_progress("crypto", crypto=DONE, a=DONE), gone) == NOTHING


def test_of_tasks_that_were_merged_the_strongest_counts_unless_the_new_one_was_ticked() -> None:
    gone = {"a": _renamed("a", "loop"), "b": _renamed("b", "loop")}
    assert up_to_date(_progress(a=SKIPPED, b=DONE), gone).tasks == {("ml", "loop"): DONE}
    assert up_to_date(_progress(a=DONE, loop=STARTED), gone).tasks == {("ml", "loop"): STARTED}


def test_marking_a_renamed_task_clears_what_stands_under_its_old_name() -> None:
    gone = {"old": _renamed("old", "loop"), "py": _renamed("py", "python")}
    recorded = _progress("py", old=DONE, files=DONE)
    assert set(mark(recorded, Change("ml", "loop", None), gone)) == {
        Change("ml", "loop", None),
        Change("ml", "old", None),
    }
    assert mark(recorded, Change("ml", "files", SKIPPED), gone) == (Change("ml", "files", SKIPPED),)
    assert Change(SKILL, "py", None) in mark(recorded, Change(SKILL, "python", None), gone)


def test_clearing_a_roadmap_leaves_skills_and_other_roadmaps_alone() -> None:
    gone = {"old-ml": _renamed("old-ml", "ml")}
    recorded = Progress({("ml", "loop"): DONE, ("old-ml", "files"): DONE, ("ai", "call"): DONE}, frozenset({"git"}))
    assert set(clear(recorded, ML, gone)) == {Change("ml", "loop", None), Change("old-ml", "files", None)}


@st.composite
def _roadmaps(draw: st.DrawFn, name: str) -> Roadmap:
    """Draw a roadmap whose needs have no circle, that teaches each of its skills in one step."""
    skills = draw(st.permutations("uvwxyz"))
    sizes = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    steps: list[RoadmapStep] = []
    for number, size in enumerate(sizes):
        taught = [skills.pop() for _ in range(size)]
        tasks = [
            _task(f"{name}-{skill}-{part}", skill, draw(st.sampled_from([20, 45, 120])))
            for skill in taught
            for part in range(draw(st.integers(1, 2)))
        ]
        needs = draw(st.sets(st.sampled_from([step.id for step in steps]))) if steps else set()
        steps.append(_step(f"{name}-{number}", *tasks, needs=tuple(needs), hours=draw(st.integers(1, 40))))
    return _roadmap(name, *draw(st.permutations(steps)))


_packs = st.tuples(_roadmaps("ml"), _roadmaps("ai"), _roadmaps("ds")).map(lambda roadmaps: _pack(*roadmaps))


@st.composite
def _packs_with_progress(draw: st.DrawFn) -> tuple[Pack, Progress]:
    pack = draw(_packs)
    keys = [(road.id, task.id) for road in pack.roadmaps.values() for step in road.steps for task in step.tasks]
    marks = draw(st.dictionaries(st.sampled_from(keys), st.sampled_from([DONE, STARTED, SKIPPED, KNOWN])))
    return pack, Progress(marks, draw(st.frozensets(st.sampled_from("uvwxyz"), max_size=2)))


@given(_packs_with_progress())
def test_there_is_one_next_task_exactly_while_something_is_left(drawn: tuple[Pack, Progress]) -> None:
    pack, progress = drawn
    for roadmap in pack.roadmaps.values():
        here = standing(pack, roadmap, progress)
        left = [task for task, state in here.tasks.items() if state not in SETTLED]
        assert (here.next is None) == (not left) == (here.minutes_left == 0) == (here.hours_left == 0)
        assert list(here.tasks.values()).count(NEXT) == (here.next is not None and here.tasks[here.next.id] is NEXT)
        if here.next:
            assert here.tasks[here.next.id] is (STARTED if STARTED in here.tasks.values() else NEXT)


@given(_packs_with_progress())
def test_the_order_in_which_things_were_recorded_or_stand_in_the_pack_changes_nothing(
    drawn: tuple[Pack, Progress],
) -> None:
    pack, progress = drawn
    backwards = replace(pack, roadmaps=dict(reversed(pack.roadmaps.items())))
    recorded_backwards = replace(progress, tasks=dict(reversed(progress.tasks.items())))
    for roadmap in pack.roadmaps.values():
        assert standing(backwards, roadmap, recorded_backwards) == standing(pack, roadmap, progress)


@given(_packs)
def test_whoever_finished_one_roadmap_is_asked_for_none_of_its_skills_on_another(pack: Pack) -> None:
    for first, second in permutations(pack.roadmaps.values(), 2):
        done = Progress({(first.id, task.id): DONE for step in first.steps for task in step.tasks}, frozenset())
        learned = {skill for step in first.steps for skill in step.skills}
        here = standing(pack, second, done)
        for step in second.steps:
            assert all(here.tasks[task.id] is KNOWN for task in step.tasks if task.skill in learned)


@given(_packs_with_progress())
def test_doing_the_next_task_again_and_again_ends_the_roadmap_in_the_order_of_its_needs(
    drawn: tuple[Pack, Progress],
) -> None:
    pack, progress = drawn
    roadmap = next(iter(pack.roadmaps.values()))
    here = standing(pack, roadmap, progress)
    while here.next and here.next_step:
        if here.tasks[here.next.id] is NEXT:
            settled = {step.id for step in roadmap.steps if all(here.tasks[task.id] in SETTLED for task in step.tasks)}
            assert settled.issuperset(here.next_step.needs)
        progress = replace(progress, tasks={**progress.tasks, (roadmap.id, here.next.id): DONE})
        after = standing(pack, roadmap, progress)
        assert after.minutes_left == here.minutes_left - here.next.minutes
        here = after


@given(_packs_with_progress())
def test_a_cleared_roadmap_stands_as_if_nothing_had_been_recorded_on_it(drawn: tuple[Pack, Progress]) -> None:
    pack, progress = drawn
    for roadmap in pack.roadmaps.values():
        cleared = {change.key for change in clear(progress, roadmap, pack.gone)}
        rest = Progress({key: state for key, state in progress.tasks.items() if key not in cleared}, progress.skills)
        elsewhere = known_skills((other for other in pack.roadmaps.values() if other is not roadmap), progress)
        assert standing(pack, roadmap, rest) == standing_on(roadmap, NOTHING, elsewhere)
