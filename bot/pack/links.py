"""Try the links of a pack, only when asked to: the one part of a check that goes on the network."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = 10
AT_ONCE = 8
_LINK = re.compile(r"https?://[^\s<>\"'\],}]+")
_REFUSES_PROGRAMS = {401, 403, 405, 429, 999}


def fetch(url: str) -> str:
    """Ask for a page; return '' where it is there, else in a few words why not.

    A page that answers but refuses programs counts as there.
    """
    try:
        request = Request(url, headers={"User-Agent": "waymark-check"})  # noqa: S310 - the pattern allows http only
        with urlopen(request, timeout=SECONDS):  # noqa: S310
            return ""
    except HTTPError as error:
        error.close()
        return "" if error.code in _REFUSES_PROGRAMS else f"it answers {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__


def check_links(texts: Mapping[str, str], fetch: Callable[[str], str] = fetch) -> list[Finding]:
    """Try every link in the texts of a pack's files, each once; return a finding for each that leads nowhere."""
    places: dict[str, tuple[str, int, int]] = {}
    for file, text in texts.items():
        for found in _LINK.finditer(text):
            start = found.start()
            place = (file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
            places.setdefault(found[0], place)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        problems = list(pool.map(fetch, places))
    return sorted(
        Finding(*place, "KB041", f"{url} cannot be reached: {problem}.", "Correct the link, or leave it out.")
        for (url, place), problem in zip(places.items(), problems, strict=True)
        if problem
    )
