"""Reads the page of a report as a browser would: its values, its tables, its JSON, and what it refers to."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})
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
        for _, shown in self._open:
            if shown:
                shown.text += data


def read_page(text: str) -> Page:
    """The page of a text. Raises AssertionError if an element is not closed."""
    page = Page()
    page.feed(text)
    page.close()
    assert page._open == []  # pyright: ignore[reportPrivateUsage]
    return page
