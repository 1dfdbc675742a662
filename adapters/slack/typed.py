"""What somebody wrote in Slack, as the plain text that they meant. Pure."""

from __future__ import annotations

import re

_LINK = re.compile(r"<(https?:|mailto:)([^|>]*)(?:\|([^>]*))?>")
_REFERENCE = re.compile(r"<[@#!][^>]*>")


def typed(text: str) -> str:
    """Take mentions out, keep of links what was seen of them, and undo Slack's three escapes."""
    seen = _LINK.sub(lambda link: link[3] or link[2].removeprefix("//"), text)
    plain = _REFERENCE.sub(" ", seen)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
