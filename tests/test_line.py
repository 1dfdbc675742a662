"""Typed lines: what people type becomes the call they meant, and every canonical line parses back to itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import LINE_LIMIT, Command, Parameter
from bot.commands import COMMANDS
from bot.line import Call, Plain, TooMany, Unclear, Understood, call_of, canonical, clean
from bot.pack.find import Vocabulary, vocabulary_of
from bot.pack.load import load_pack, shipped_pack
from bot.reading import completions, parse

PACK = load_pack(shipped_pack())
WORDS: Vocabulary = vocabulary_of(PACK)
EXAMPLES = {
    "sheet": [".ea"],
    "freedom": ["sharing", "nudges"],
    "person": ["@U2"],
    "yes": ["yes"],
    "hours": ["5h", "12h"],
    "number": ["#7"],
    "statement": ["ai-engineer.maths.level"],
    "question": ["=e"],
}


def read(text: str) -> str:
    """Return the canonical line that a text is read as."""
    line = parse(text, COMMANDS, WORDS)
    assert isinstance(line, Understood), line
    return canonical(line.call)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("compare ai ml", "compare ai-engineer ml-engineer"),
        ("/compare AI vs. ML", "compare ai-engineer ml-engineer"),
        ("/waymark compare ai ml", "compare ai-engineer ml-engineer"),
        ("compare ai/ml", "compare ai-engineer ml-engineer"),
        ("compare ai, ml and data scientist", "compare ai-engineer ml-engineer data-scientist"),
        ("compare ai ml salary india senior", "compare ai-engineer ml-engineer salary india senior"),
        ("compare senior india salary ml ai", "compare ml-engineer ai-engineer salary india senior"),
        ("Compare “AI Engineer” — ml engineer", "compare ai-engineer ml-engineer"),
        ("compare ai-engineer ml-engineer maths", "compare ai-engineer ml-engineer maths"),
        ("ai vs ml", "compare ai-engineer ml-engineer"),
        ("ai ml salary", "compare ai-engineer ml-engineer salary"),
        ("salary of ai engineer in india", "compare ai-engineer salary india"),
        ("kitna maths", "compare maths"),
        ("COMPARE\tai\u200b ml\r\n", "compare ai-engineer ml-engineer"),
        ("ｃｏｍｐａｒｅ ai ml", "compare ai-engineer ml-engineer"),
        ("help", "waymark"),
        ("hi", "waymark"),
        ("Hello bot!", "waymark"),
        ("what can you do?", "waymark"),
        ("Thank you", "waymark"),
        ("waymark", "waymark"),
        ("waymark source aptech", "waymark source aptech"),
        ("compare why ai ml salary", "compare why ai-engineer ml-engineer salary"),
        ("compare all ai maths", "compare all ai-engineer maths"),
        ("roadmap ml 10 hours a week", "roadmap ml-engineer 10h"),
        ("undo", "roadmap undo"),
        ("Sources", "waymark sources"),
        ("roadmap ai short", "roadmap ai-engineer-short"),
        ("🚀 compare ai ❤️ ml 👩🏽‍💻", "compare ai-engineer ml-engineer"),
        ("what about ml", "compare ml-engineer"),
        ("and ml engineer?", "compare ml-engineer"),
        ("who made you?", "waymark"),
        ("what next?", "roadmap"),
        ("next", "roadmap"),
        ("help me choose", "fit"),
        ("delete everything", "waymark forget"),
        ("delete all my data", "waymark forget"),
        ("i finished", "roadmap done"),
        ("I'm done!", "roadmap done"),
        ("take the quiz", "fit"),
        ("show my data", "waymark privacy"),
        ("my data", "waymark privacy"),
        ("turn it off", "nudge stop"),
        ("stop sending me messages", "nudge stop"),
        ("turn on nudges", "nudge resume"),
        ("i'm on holiday until 5 december", "nudge pause 5dec"),
        ("how far am I?", "roadmap"),
        ("report a bug", "waymark about"),
    ],
)
def test_people_may_type_in_any_order_and_spelling(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("compar ai ml", "compare ai-engineer ml-engineer"),
        ("compare aii mll", "compare ai-engineer ml-engineer"),
        ("compare ai ml salry", "compare ai-engineer ml-engineer salary"),
        ("ai enginer or data scintist?", "compare ai-engineer data-scientist"),
        ("salery of ai enginer", "compare ai-engineer salary"),
        ("sallary ml india", "compare ml-engineer salary india"),
        ("compare resercher data scientst", "compare ml-researcher data-scientist"),
    ],
)
def test_a_slip_of_the_finger_is_read_as_what_it_is_nearest_to(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pause until 5 jan", "nudge pause 5jan"),
        ("Pause my nudges until 5 jan, please.", "nudge pause 5jan"),
        ("pause", "nudge pause"),
        ("snooze until next week", "nudge snooze mon"),
        ("resume nudges", "nudge resume"),
        ("start nudges", "nudge resume"),
        ("Stop!", "nudge stop"),
        ("please stop nudging me", "nudge stop"),
        ("unsubscribe", "nudge stop"),
        ("not this week", "nudge skip"),
        ("skip this week", "nudge skip 0d"),
        ("tomorrow", "nudge tomorrow"),
        ("mon 9am Asia/Kolkata", "nudge mon 09:00 Asia/Kolkata"),
        ("tue,fri 21:30", "nudge tue,fri 21:30"),
        ("every day at 7", "nudge daily 07:00"),
        ("have python git", "roadmap have python git"),
        ("done", "roadmap done"),
        ("when is my next nudge?", "nudge status"),
        ("show my nudges", "nudge"),
        ("can you remind me on mondays at 9", "nudge mon 09:00"),
        ("can you compare ai and ml?", "compare ai-engineer ml-engineer"),
        ("i want a roadmap for ml", "roadmap ml-engineer"),
    ],
)
def test_a_command_may_be_left_out_where_only_it_can_be_meant(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(("typed", "place"), [("zone Lisbon", "lisbon"), ("weekdays 19:00 New Yrok", "new yrok")])
def test_a_place_may_stand_in_such_a_line(typed: str, place: str) -> None:
    line = parse(typed, COMMANDS, WORDS)
    assert isinstance(line, Understood)
    assert (line.call.path[0], line.call.words) == ("nudge", place)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "stop learning python?",
            "stop learning python",
            "can I stop after maths?",
            "when should I stop",
            "stop what",
        ),
        *("should i pause my job to study", "pause?", "end of career", "zone of interest", "now or later"),
        *("is 9 to 5 possible", "every day 7 hours enough", "do I need python every day", "mon", "7", "9am", "5 jan"),
    ],
)
def test_a_question_is_never_taken_for_a_verb(typed: str) -> None:
    assert isinstance(parse(typed, COMMANDS, WORDS), Plain)


def test_a_guess_is_marked_as_one() -> None:
    line = parse("compare ai mll", COMMANDS, WORDS)
    assert isinstance(line, Understood)
    assert [(heard.words, heard.name.id, heard.guessed) for heard in line.heard] == [
        ("ai", "ai-engineer", False),
        ("mll", "ml-engineer", True),
    ]


def test_words_that_name_nothing_come_back_with_whole_lines_to_press() -> None:
    line = parse("compare ai enginee salaryy xylophone", COMMANDS, WORDS)
    assert isinstance(line, Unclear)
    assert "xylophone" in line.words
    for label, call in line.suggestions:
        assert label
        assert "ai-engineer" in canonical(call)


def test_more_roles_than_four_are_counted_not_dropped() -> None:
    roles = " ".join(PACK.roles)
    line = parse(f"compare {roles} salary maths", COMMANDS, WORDS)
    assert isinstance(line, TooMany)
    assert line.given == ("salary", "maths")
    assert line.beside == {"roles": tuple(PACK.roles)}


def test_a_role_that_is_not_in_the_pack_is_known_as_left_out() -> None:
    line = parse("compare ai data analyst", COMMANDS, WORDS)
    assert isinstance(line, Unclear)
    assert line.uncovered == "data analyst"


@pytest.mark.parametrize(
    "typed",
    [
        "need a phd?",
        "help me with maths",
        "thanks a lot",
        "should i stop my nudges?",
        "what is the weather",
        "मुझे बताओ",
        "😀",
        "",
        "   ",
        "…",
        "שלום עולם",
    ],
)
def test_what_is_no_command_is_a_plain_question(typed: str) -> None:
    assert isinstance(parse(typed, COMMANDS, WORDS), Plain)


@given(st.text(max_size=700))
def test_no_text_breaks_the_parser(text: str) -> None:
    parse(text, COMMANDS, WORDS)


@given(
    st.lists(
        st.sampled_from([*COMMANDS, *(" ".join(p) for p in WORDS.phrases), "vs", "-", "/", "#1", "9am"]), max_size=9
    )
)
def test_no_line_of_known_words_breaks_the_parser(pieces: list[str]) -> None:
    line = parse(" ".join(pieces), COMMANDS, WORDS)
    if isinstance(line, Understood) and not line.call.words:
        assert read(canonical(line.call)) == canonical(line.call)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\u202e" not in once
    assert "\x1b" not in once


def every_command() -> list[tuple[tuple[str, ...], Command]]:
    """List all commands and verbs with their paths."""
    top = [((command.name,), command) for command in COMMANDS.values()]
    return top + [((*path, verb.name), verb) for path, command in top for verb in command.verbs.values()]


def values_of(parameter: Parameter) -> list[str]:
    """List canonical values that a parameter can take."""
    if parameter.kind.name in EXAMPLES:
        return EXAMPLES[parameter.kind.name]
    return [name.id for name in WORDS.labels if name.kind == parameter.kind.name]


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw a call that a button could carry."""
    path, command = draw(st.sampled_from(every_command()))
    chosen: dict[str, tuple[str, ...]] = {}
    for parameter in command.parameters:
        pool = values_of(parameter)
        least = 1 if parameter.required else 0
        if pool:
            picked = st.lists(st.sampled_from(pool), min_size=least, max_size=parameter.most, unique=True)
            chosen[parameter.name] = tuple(draw(picked))
    return call_of(command, path, chosen)


@given(calls())
def test_every_canonical_line_parses_back_to_the_same_call(call: Call) -> None:
    line = parse(canonical(call), COMMANDS, WORDS)
    assert isinstance(line, Understood), line
    assert line.call == call
    assert not any(heard.guessed for heard in line.heard)


def test_the_longest_comparison_fits_into_a_button() -> None:
    roles = " ".join(sorted(PACK.roles, key=len)[-4:])
    longest = [max(things, key=len) for things in (PACK.aspects, PACK.regions, PACK.levels)]
    assert len(" ".join(("compare", "home", roles, *longest))) <= LINE_LIMIT


def test_completion_offers_commands_then_verbs_and_names() -> None:
    assert completions("co", COMMANDS, WORDS) == sorted(COMMANDS)
    assert {"why", "ai-engineer", "salary", "india"} <= set(completions("compare ", COMMANDS, WORDS))
    assert "ai-engineer" not in completions("waymark source ", COMMANDS, WORDS)
