"""Reads the page of a report as a browser would: its values, its tables, its JSON, and what it refers to."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})
UNSEEN = frozenset({"title", "style", "script", "summary"})
REFERRING = ("src", "href", "data", "action", "srcset", "poster", "background", "xlink:href")


@dataclass
class Shown:
    """An element that shows a value of the JSON."""

    path: str
    form: str
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A parsed page. Raises AssertionError for tags that do not nest."""

    values: list[Shown] = field(default_factory=list[Shown])
    tags: list[tuple[str, dict[str, str | None]]] = field(
        default_factory=list[tuple[str, dict[str, str | None]]]
    )
    texts: dict[str, str] = field(default_factory=dict[str, str])
    """All text by its innermost tag."""
    loose: list[str] = field(default_factory=list[str])
    """Texts with a number that no element with a path contains. How many rows are folded is not a value."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, Shown | None]] = []

    @property
    def json(self) -> Any:
        return json.loads(self.texts["script"])

    @property
    def references(self) -> list[str]:
        """Every address that an element names."""
        return [value or "" for _, given in self.tags for name, value in given.items() if name in REFERRING]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        path = given.get("data-path")
        shown = Shown(path, given.get("data-form") or "") if path else None
        if shown:
            self.values.append(shown)
        if tag not in VOID:
            self._open.append((tag, shown))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            tag = self._open[-1][0]
            self.texts[tag] = self.texts.get(tag, "") + data
        shown_in = [shown for _, shown in self._open if shown]
        for shown in shown_in:
            shown.text += data
        if self._open and not shown_in and self._open[-1][0] not in UNSEEN and re.search(r"\d", data):
            self.loose.append(data.strip())


def read_page(text: str) -> Page:
    """The page of a text. Raises AssertionError if an element is not closed."""
    page = Page()
    page.feed(text)
    page.close()
    assert page._open == []  # pyright: ignore[reportPrivateUsage]
    return page
