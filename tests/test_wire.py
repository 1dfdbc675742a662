"""The envelope of a button: short enough everywhere, and it gives back what was put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import LINE_LIMIT
from bot.wire import LAST_PAGE, WIRE_LIMIT, Wire, from_wire, to_wire

LINES = st.text(max_size=LINE_LIMIT)


@given(LINES, st.integers(1, LAST_PAGE), st.booleans())
def test_what_was_put_in_comes_out_and_is_never_too_long(line: str, page: int, share: bool) -> None:  # noqa: FBT001
    wire = to_wire(line, page, share=share)
    assert from_wire(wire) == Wire(line, page, share)
    assert len(wire) <= WIRE_LIMIT


@given(st.text())
def test_whatever_comes_back_can_be_opened(text: str) -> None:
    assert from_wire(text).line in text


def test_a_plain_line_is_its_own_envelope() -> None:
    assert to_wire("compare ai-engineer") == "compare ai-engineer"
    assert from_wire("compare ai-engineer") == Wire("compare ai-engineer")


@pytest.mark.parametrize(("line", "page"), [("x" * 97, 1), ("compare", 0), ("compare", 100)])
def test_what_no_button_can_carry_is_refused_when_it_is_made(line: str, page: int) -> None:
    with pytest.raises(ValueError, match="no button can carry"):
        to_wire(line, page)
