"""A YAML document as a tree of words without types. libyaml parses it; the engine's parser is a port of libyaml."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from .faults import BrokenError, Fault
from .scalars import STR, tag_of

_LOADER = cast(Any, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)

DEEPEST = 100
"""Most levels of a document. The engine accepts 10,000, too many for Python's stack. Our own files have fewer than
20."""


_KINDS: dict[type, str] = {
    yaml.AliasEvent: "alias",
    yaml.ScalarEvent: "word",
    yaml.SequenceStartEvent: "list",
    yaml.MappingStartEvent: "mapping",
}


@dataclass(kw_only=True)
class Node:
    """The common part of all nodes: the line, from 1, and the first and last position in the text, in characters."""

    line: int
    start: int
    end: int


@dataclass(kw_only=True)
class Scalar(Node):
    """A word, quoted or not."""

    tag: str
    text: str


@dataclass(kw_only=True)
class Listing(Node):
    """A list."""

    items: list[Node] = field(default_factory=list[Node])


@dataclass(kw_only=True)
class Mapping(Node):
    """A mapping. `flow`: it is written in braces."""

    flow: bool
    entries: list[tuple[Node, Node]] = field(default_factory=list[tuple[Node, Node]])


@dataclass(kw_only=True)
class Alias(Node):
    """`*name`."""

    name: str
    target: Node


@dataclass(frozen=True)
class Document:
    """The first document of a text: its root (None if empty), and the line of a second document, if there is one."""

    root: Node | None
    second_line: int | None


def split(data: bytes, text: str) -> Document:
    """The first document in `data`; the engine reads no other. `text` is the decoded `data`.

    Raises BrokenError or yaml.YAMLError if the engine refuses the document.
    """
    events = cast(Iterator[Any], yaml.parse(data, Loader=_LOADER))
    next(events)
    begin = next(events)
    if isinstance(begin, yaml.StreamEndEvent):
        return Document(None, None)
    if begin.version and begin.version != (1, 1):
        words = "%YAML " + ".".join(map(str, begin.version))
        raise BrokenError(
            Fault(begin.start_mark.line + 1, words, "the engine reads only version 1.1", "Remove it")
        )
    root = _Splitter(events, text).node(next(events), 0)
    next(events)
    return Document(root, _second_line(events))


def _second_line(events: Iterator[Any]) -> int | None:
    """The line of a second document. It is parsed to its end, because the engine parses it too and may fail on it."""
    starts = [event.start_mark.line + 1 for event in events if _is(event, yaml.DocumentStartEvent)]
    return starts[0] if starts else None


def _is(event: Any, kind: type) -> bool:
    return type(event) is kind


class _Splitter:
    def __init__(self, events: Iterator[Any], text: str) -> None:
        self._events = events
        self._text = text
        self._flow = 0
        self._anchors: dict[str, Node] = {}

    def node(self, event: Any, depth: int) -> Node:
        line, start, end = event.start_mark.line + 1, event.start_mark.index, event.end_mark.index
        if depth > DEEPEST:
            raise BrokenError(Fault(line, "", f"nests more than {DEEPEST} levels"))
        match _KINDS[type(event)]:
            case "alias":
                return self._alias(event.anchor, line, start, end)
            case "word":
                self._refuse_what_libyaml_accepts(event, line)
                word = Scalar(line=line, start=start, end=end, tag=_tag(event), text=event.value)
                self._record_anchor(event.anchor, word)
                return word
            case "list":
                listing = Listing(line=line, start=start, end=end)
                self._record_anchor(event.anchor, listing)
                self._fill_listing(listing, flow=bool(event.flow_style), depth=depth + 1)
                return listing
            case _:
                mapping = Mapping(line=line, start=start, end=end, flow=bool(event.flow_style))
                self._record_anchor(event.anchor, mapping)
                self._fill_mapping(mapping, depth + 1)
                return mapping

    def _fill_listing(self, listing: Listing, *, flow: bool, depth: int) -> None:
        self._flow += flow
        while not _is(event := next(self._events), yaml.SequenceEndEvent):
            listing.items.append(self.node(event, depth))
        self._flow -= flow
        listing.end = event.end_mark.index

    def _fill_mapping(self, mapping: Mapping, depth: int) -> None:
        self._flow += mapping.flow
        while not _is(event := next(self._events), yaml.MappingEndEvent):
            key = self.node(event, depth)
            mapping.entries.append((key, self.node(next(self._events), depth)))
        self._flow -= mapping.flow
        mapping.end = event.end_mark.index

    def _refuse_what_libyaml_accepts(self, event: Any, line: int) -> None:
        """Differences of the engine's older port: within brackets, `?` ends a word, and a tag may contain `,` and
        `]`."""
        if self._flow and event.style in (None, "") and "?" in event.value:
            raise BrokenError(
                Fault(line, event.value, "has an unquoted ? within brackets", "Put it in quotes")
            )
        if (
            event.tag
            and not event.value
            and self._text[event.end_mark.index : event.end_mark.index + 1] in (",", "]", "}")
        ):
            raise BrokenError(Fault(line, event.tag, "is a tag without a value", "Remove it"))

    def _record_anchor(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _alias(self, name: str, line: int, start: int, end: int) -> Alias:
        if name not in self._anchors:
            known = ", ".join(f"&{each}" for each in self._anchors)
            rest = f"The anchors are {known}" if known else "The file has no anchors"
            fix = f"{rest}. Put text that begins with * in quotes"
            raise BrokenError(
                Fault(line, f"*{name}", f"refers to an anchor &{name} that does not exist above it", fix)
            )
        return Alias(line=line, start=start, end=end, name=name, target=self._anchors[name])


def _tag(event: Any) -> str:
    """The tag of a word in yaml.v3: `!` alone has no meaning, and a quoted word is text."""
    if event.tag not in (None, "!"):
        return event.tag
    return tag_of(event.value) if event.style in (None, "") else STR
