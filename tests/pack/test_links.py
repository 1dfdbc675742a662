"""Links are tried once each, and what keeps one from answering is a finding at its place."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.pack.links import check_links, fetch


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = int(self.path[1:])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        """Keep quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "problem"),
    [("200", ""), ("302", ""), ("403", ""), ("429", ""), ("404", "it answers 404"), ("500", "it answers 500")],
)
def test_a_page_is_there_unless_it_answers_that_it_is_not(path: str, problem: str, site: str) -> None:
    assert fetch(f"{site}/{path}") == problem


def test_a_host_that_does_not_answer_is_told_in_words() -> None:
    assert "refused" in fetch("http://127.0.0.1:9/")
    assert fetch("http://[bad/")


def test_each_link_is_tried_once_and_reported_where_it_first_stands() -> None:
    tried: list[str] = []

    def dead(url: str) -> str:
        tried.append(url)
        return "it answers 404"

    texts = {
        "a.yaml": 'x: 1\ny: {url: "https://one.example/a", free: yes}\n',
        "b.yaml": "- https://one.example/a\n- https://two.example/b?c=1#d\n",
    }

    findings = check_links(texts, dead)

    assert sorted(tried) == ["https://one.example/a", "https://two.example/b?c=1#d"]
    assert [(each.file, each.line, each.column, each.code) for each in findings] == [
        ("a.yaml", 2, 11, "KB041"),
        ("b.yaml", 2, 3, "KB041"),
    ]
    assert findings[0].message == "https://one.example/a cannot be reached: it answers 404."


def test_links_that_answer_are_no_findings() -> None:
    assert check_links({"a.yaml": "https://one.example"}, lambda _url: "") == []
