"""Samples into a table: medians with least and most, the ratio of every pair round by round, and the aim beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

CLOCKS = ("wall", "cpu")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one operation took, by the wall and of CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two subjects that are measured in alternation; `aim` is the most that the first may cost of the second."""

    title: str
    ours: str
    against: str
    aim: float | None = None


Samples = Mapping[str, Sequence[Timing]]


def table(pairs: Iterable[Pair], samples: Samples) -> str:
    """Write one row a pair and clock; a pair of which a subject was not measured is left out."""
    rows: list[tuple[str, ...]] = [("", "", "ours", "against", "ratio", "aim", "met")]
    for pair in pairs:
        if pair.ours in samples and pair.against in samples:
            rows += [_row(pair, clock, samples) for clock in CLOCKS]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def _row(pair: Pair, clock: str, samples: Samples) -> tuple[str, ...]:
    ours = [getattr(timing, clock) for timing in samples[pair.ours]]
    against = [getattr(timing, clock) for timing in samples[pair.against]]
    ratios = [one / other for one, other in zip(ours, against, strict=True)]
    title = pair.title if clock == CLOCKS[0] else ""
    aim = "" if pair.aim is None else f"{pair.aim:g}"
    met = "" if pair.aim is None else "yes" if median(ratios) <= pair.aim else "no"
    spread = f"{median(ratios):.3g} ({min(ratios):.3g}–{max(ratios):.3g})"
    return (title, clock, _span(ours), _span(against), spread, aim, met)


def _span(seconds: Sequence[float]) -> str:
    """Write the median, the least and the most in the unit that suits the median."""
    unit, scale = ("ms", 1e3) if median(seconds) >= 1e-3 else ("us", 1e6)
    middle, least, most = (f"{value * scale:.3g}" for value in (median(seconds), min(seconds), max(seconds)))
    return f"{middle} {unit} ({least}–{most})"
