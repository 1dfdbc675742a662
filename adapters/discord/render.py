"""Reply -> the components of one message, within every limit of Discord's. Pure; sends nothing, knows no learner."""

from __future__ import annotations

from adapters.discord.attached import attached
from adapters.discord.markup import at_start, escaped
from adapters.discord.rows import Choice, Component, Press, count, offered, rows
from adapters.discord.text import small, text_of
from bot.paging import Page, pages
from bot.reply import Document, Reply, Sources
from bot.wire import to_wire

TEXT_LIMIT = 3900  # characters in a whole message; Discord takes 4000 and does not say what it counts as one
COMPONENTS = 40  # in a whole message
PIECE = 1000  # characters of a text that is broken over pages; escaped, it can be twice as long
TEXT, SEPARATOR, CONTAINER = 10, 14, 17
_ROOM = (Press("Next page", "next"), Press("Page before", "before"), Press("One more", "more"))


def render(reply: Reply, line: str | None = None, page: int = 1, *, beside: tuple[Press, ...] = ()) -> list[Component]:
    """Draw one page of a reply; a page that there is not is the last one.

    `line` gives the same reply when it is typed, and so the other pages. `beside` stands by the reply's own buttons:
    at most one press.
    """
    parts = _parts(reply)
    shown = parts[min(page, len(parts)) - 1]
    turns = _turns(shown, line) if line else ()
    actions = (*turns, *offered(shown.reply.actions))
    return _drawn(shown, _joined(actions, beside))


def render_all(reply: Reply) -> list[list[Component]]:
    """Draw all pages of a reply that no line brings back, a message each; the last one has the actions."""
    parts = _parts(reply)
    return [_drawn(part, offered(reply.actions) if part.number == part.count else ()) for part in parts]


def _parts(reply: Reply) -> tuple[Page, ...]:
    return pages(reply, _fits, PIECE)


def _fits(page: Page) -> bool:
    """Say whether a page can be sent, with all the buttons that may be added to it."""
    text = "".join(_texts(page))
    if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        return False
    return count(_drawn(page, (*_ROOM, *offered(page.reply.actions)))) <= COMPONENTS


def _turns(page: Page, line: str) -> tuple[Press, ...]:
    """Offer the page after and the page before."""
    turns = {"Next page": page.number + 1, "Page before": page.number - 1}
    return tuple(Press(label, to_wire(line, to)) for label, to in turns.items() if 1 <= to <= page.count)


def _joined(actions: tuple[Press | Choice, ...], beside: tuple[Press, ...]) -> tuple[Press | Choice, ...]:
    """Put presses behind the last of the others, where its row may still have room."""
    place = max((index for index, action in enumerate(actions, start=1) if isinstance(action, Press)), default=0)
    return (*actions[:place], *beside, *actions[place:])


def _drawn(page: Page, actions: tuple[Press | Choice, ...]) -> list[Component]:
    body, foot = _texts(page)
    documents = [block for block in page.reply.blocks if isinstance(block, Document)]
    inside: list[Component] = [{"type": TEXT, "content": body}]
    inside += [attached(document.name, document.text.text) for document in documents]
    if foot:
        inside += [{"type": SEPARATOR}, {"type": TEXT, "content": foot}]
    return [{"type": CONTAINER, "components": inside}, *rows(actions)]


def _texts(page: Page) -> tuple[str, str]:
    """Write what stands on a page: the answer, and apart from it the sources and the page's number."""
    title = page.reply.title
    told = [text_of(block, page.numbers) for block in page.reply.blocks if not isinstance(block, Sources)]
    above = f"### {escaped(title)}" if title and any(told) else at_start(title)  # alone it is a sentence, no heading
    body = "\n\n".join(part for part in (above, *told) if part)
    cites = [text_of(block, page.numbers) for block in page.reply.blocks if isinstance(block, Sources)]
    turned = [small(f"Page {page.number} of {page.count}")] if page.count > 1 else []
    return body or "…", "\n".join((*cites, *turned))
