"""Ids that went away lead to what they became, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pack.gone import follow
from bot.pack.model import Tombstone


def test_an_id_is_followed_through_all_its_tombstones() -> None:
    gone = {"a": Tombstone("a", "renamed-to", "b"), "b": Tombstone("b", "merged-into", "c")}
    assert [follow(name, gone) for name in "abc"] == ["c", "c", "c"]


def test_a_retired_id_leads_nowhere() -> None:
    gone = {"a": Tombstone("a", "renamed-to", "b"), "b": Tombstone("b", "retired", None)}
    assert follow("a", gone) is None


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
def test_whatever_the_tombstones_say_it_ends_at_a_living_id_or_nowhere(to: dict[str, str]) -> None:
    gone = {name: Tombstone(name, "renamed-to", other) for name, other in to.items()}
    for name in "abcdef":
        end = follow(name, gone)
        assert end is None or end not in gone
