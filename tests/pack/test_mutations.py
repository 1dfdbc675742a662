"""Whatever an edit does to a file, a check ends with findings at places that exist, never with a traceback."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import PackError
from bot.pack.codes import CODES
from bot.pack.lint import check
from bot.pack.load import load_pack, shipped_pack
from tests.pack.conftest import MINIMAL, TODAY

PIECES = [
    *(b":", b": ", b"- ", b"-", b"[", b"]", b"{", b"}", b"{}", b"[]", b",", b"#", b" #", b"'", b'"', b"&a ", b"*a"),
    *(b"!", b"!!str ", b"<<: ", b"? ", b"|", b">", b"---\n", b"...\n", b"%", b"@", b"`", b"\n", b"\n\n", b" ", b"  "),
    *(b"\t", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", "\u2028".encode(), "क".encode(), b"any", b"not-said", b"says"),
    *(b"from", b"views", b"disagree", b"-1", b"999999999999", b"1e9", b"~", b"null", b"yes", b"2026-02-30"),
]
PACKS = {"minimal": MINIMAL, "shipped": shipped_pack()}


@st.composite
def edited(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw a few edits of a file: bytes, pieces and lines that go, come, double or change places."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        lines = data.splitlines(keepends=True) or [b""]
        line = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["piece", "bytes", "cut", "end", "drop", "double", "swap", "indent"])):
            case "piece":
                data = data[:start] + draw(st.sampled_from(PIECES)) + data[start:]
            case "bytes":
                data = data[:start] + draw(st.binary(max_size=4)) + data[start:]
            case "cut":
                data = data[:start] + data[start + draw(st.integers(1, 20)) :]
            case "end":
                data = data[:start]
            case "drop":
                data = b"".join(lines[:line] + lines[line + 1 :])
            case "double":
                data = b"".join([*lines[:line], lines[other], *lines[line:]])
            case "swap":
                lines[line], lines[other] = lines[other], lines[line]
                data = b"".join(lines)
            case _:
                lines[line] = b" " * draw(st.integers(1, 4)) + lines[line]
                data = b"".join(lines)
    return data


@pytest.fixture(scope="module", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(PACKS[request.param], Path(place) / "pack"))


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_edit_of_a_file_ends_in_a_traceback(pack: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(pack.rglob("*.yaml"))))
    before = file.read_bytes()
    try:
        file.write_bytes(after := data.draw(edited(before)))
        findings = check(pack, today=TODAY)
        loads = True
        try:
            load_pack(pack)
        except PackError:
            loads = False
    finally:
        file.write_bytes(before)

    assert findings == sorted(findings)
    assert loads or findings
    for each in findings:
        assert each.code in CODES
        assert each.message
        assert each.remedy
        assert each.column >= 1
        text = after if pack / each.file == file else (pack / each.file).read_bytes()
        assert 1 <= each.line <= len(text.decode(errors="replace").split("\n"))
