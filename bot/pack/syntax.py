"""Say in plain words why a text is not YAML: what the parser met, and which of the usual slips is behind it.

Knows nothing of the format of a pack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import Finding

if TYPE_CHECKING:
    import yaml

# A sign in the parser's message, what it means, what to type, and whether the place is where the thing begins.
_PLAIN_WORDS = (
    (
        "mapping values are not allowed",
        "a `: ` stands inside a text, or a key does not line up",
        "Put quotes round the whole text, or indent the key as its neighbours.",
        False,
    ),
    ("cannot start any token", "a text begins with a sign of YAML's", "Put quotes round the whole text.", False),
    ("could not find expected ':'", "a key has no colon behind it", "Write `key: value`.", False),
    ("expected key", "this does not line up with what is above it", "Indent it as its neighbours.", False),
    ("expected '-'", "this does not line up with the list above it", "Begin it with `- `.", False),
    ("expected ','", "this bracket is not closed, or a comma is missing", "Close it, or add the comma.", True),
    ("expected node content", "a value is missing, or a bracket is not closed", "Write the value.", False),
    ("unexpected end of stream", "this quote is not closed", "Close the quote.", True),
    ("expected <document start>", "this belongs to nothing above it", "Indent it as its neighbours.", False),
)
_MERGE = re.compile(r"^(?:<{7}|>{7}|={7})(?: .*)?\r?$", re.MULTILINE)
# What may stand in the line of the parser's place, or in the one above: it often stumbles a line late.
_SLIPS = (
    (
        re.compile("^ *[\u00a0\u2000-\u200a\u202f\u3000]"),
        "the line begins with a space of another kind",
        "Delete it, and write plain spaces.",
    ),
    (re.compile(r"^ *-(?=[^\s-])"), "a space is missing behind the `-`", "Write `- ` and then the text."),
    (re.compile(r"^ *(?:- +)?[a-z0-9-]+:(?=[^\s:/])"), "a space is missing behind the colon", "Write `key: value`."),
    (re.compile("[“”„]"), "curly quotes are no quotes here", 'Write straight ones: `"like this"`.'),
)


def not_yaml(file: str, text: str, error: yaml.MarkedYAMLError) -> Finding:
    """Say what the YAML parser met, at its mark, in plain words where it is one of the usual slips."""
    problem = error.problem or "the file ends too early"
    words, remedy, begins = problem, "Look for a quote, a bracket or a colon here or in the line above.", False
    for sign, meaning, way_out, at_start in _PLAIN_WORDS:
        if sign in problem:
            words, remedy, begins = meaning, way_out, at_start
            break
    mark = (begins and error.context_mark) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if not begins:
        line, column, words, remedy = _slip(text, line, column) or (line, column, words, remedy)
    end = line_column(text.rstrip())
    line, column = min((line, column), end)  # the parser may stop in a line that there is not
    return Finding(file, line, column, "KB001", f"This is not YAML: {words}.", remedy)


def line_column(before: str) -> tuple[int, int]:
    """Count where a text ends: line and column, from 1."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _slip(text: str, line: int, column: int) -> tuple[int, int, str, str] | None:
    """Find a usual slip at the parser's place or near it: where it is, what it is, what to type."""
    if found := _MERGE.search(text):
        words = f"a mark of an unfinished merge (`{found[0][:7]}`) stands here"
        return (*line_column(text[: found.start()]), words, "Keep one of the two versions, and delete the marks.")
    lines = [*text.splitlines(), "", ""]
    here = lines[min(line, len(lines)) - 1]
    before, sign = here[: column - 1][-1:], here[column - 1 : column]
    if before in {"'", '"'} and sign.isalnum():
        return line, column, f"the text goes on behind its closing {before}", "Put the other kind of quotes round it."
    if sign in {"]", "}"}:
        return line, column, "there is one bracket too many", "Delete it."
    for pattern, words, remedy in _SLIPS:
        for number in (line, line - 1):
            if number > 0 and (found := pattern.search(lines[min(number, len(lines)) - 1])):
                return number, found.end(), words, remedy
    return None
