"""Converts the nodes of a document to its value, with the engine's refusals. Source: yaml.v3 v3.0.1, decode.go."""

from collections.abc import Iterator
from math import isfinite

from .faults import BrokenError, Fault
from .nodes import DEEPEST, Alias, Listing, Mapping, Node, Scalar
from .scalars import (
    MERGE,
    STR,
    NotAScalarError,
    Word,
    as_passed_on,
    exact_value,
    key_text,
    written_again,
)

_Key = tuple[type, Word]
_Entries = dict[_Key, object]

_MERGE_KEY: _Key = (str, "<<")
_REPETITIONS, _STEPS, _SHARE = 100, 1000, 0.99
"""Above this, the engine treats aliases as an attack: almost all of many steps repeat an alias."""


def value_in(root: Node | None) -> object:
    """The value of the document, in JSON's types. Raises BrokenError with all keys that occur twice, or the first other
    fault."""
    if root is None:
        return None
    twice = list(_repeated_keys(root))
    if twice:
        raise BrokenError(*twice)
    return _Decoder().value(root)


def _repeated_keys(node: Node) -> Iterator[Fault]:
    """Keys that occur more than once in a mapping. The engine compares them as they are written."""
    if isinstance(node, Listing):
        for item in node.items:
            yield from _repeated_keys(item)
    elif isinstance(node, Mapping):
        lines: dict[tuple[type[Node], str], int] = {}
        for key, value in node.entries:
            name = key.text if isinstance(key, Scalar) else key.name if isinstance(key, Alias) else ""
            if (type(key), name) in lines:
                before = lines[type(key), name]
                yield Fault(key.line, name, f"already occurs in line {before}", "Keep one of the two")
            lines.setdefault((type(key), name), key.line)
            yield from _repeated_keys(key)
            yield from _repeated_keys(value)


class _Decoder:
    def __init__(self) -> None:
        self._steps = 0
        self._repetitions = 0
        self._open: list[int] = []
        self._depth = 0

    def value(self, node: Node) -> object:
        self._count(node)
        if isinstance(node, Scalar):
            return _passed_on(node)
        self._depth += 1
        try:
            if isinstance(node, Alias):
                return self._repeated(node)
            if isinstance(node, Listing):
                return [self.value(item) for item in node.items]
            assert isinstance(node, Mapping)  # noqa: S101 - there is no fifth kind
            return self._mapping(node)
        finally:
            self._depth -= 1

    def _count(self, node: Node) -> None:
        self._steps += 1
        self._repetitions += bool(self._open)
        many = self._repetitions > _REPETITIONS and self._steps > _STEPS
        if many and self._repetitions > _SHARE * self._steps:
            raise BrokenError(
                Fault(node.line, "", "repeats too much through aliases", "Write the values out")
            )
        if self._depth > DEEPEST:
            raise BrokenError(Fault(node.line, "", f"nests more than {DEEPEST} levels"))

    def _repeated(self, alias: Alias) -> object:
        with _Within(self, alias):
            return self.value(alias.target)

    def enter(self, alias: Alias) -> None:
        """Start to repeat the target of an alias."""
        if id(alias) in self._open:
            raise BrokenError(Fault(alias.line, f"*{alias.name}", "is inside its own anchor"))
        self._open.append(id(alias))

    def leave(self) -> None:
        """End of the alias."""
        self._open.pop()

    def _mapping(self, node: Mapping) -> dict[str, object]:
        as_text = all(_tag(key) in (STR, MERGE) for key, _ in node.entries)
        entries: _Entries = {}
        merged: Node | None = None
        for key, value in node.entries:
            if _is_merge(key):
                merged = value
                continue
            entries[_key(key, as_text=False)] = self.value(value)
        if merged is not None:
            self._merge(merged, entries, {*entries, _MERGE_KEY}, as_text=as_text)
        return _with_text_keys(entries, node.line)

    def _merge(self, source: Node, entries: _Entries, seen: set[_Key], *, as_text: bool) -> None:
        """`<<`: existing keys stay, and the first of several mappings wins."""
        if isinstance(source, Alias):
            with _Within(self, source):
                self._merge(source.target, entries, seen, as_text=as_text)
        elif isinstance(source, Listing) and not any(
            isinstance(_target(item), Listing) for item in source.items
        ):
            for item in source.items:
                self._merge(item, entries, seen, as_text=as_text)
        elif isinstance(source, Mapping):
            self._merge_mapping(source, entries, seen, as_text=as_text)
        else:
            raise BrokenError(Fault(source.line, "<<", "merges a value that is not a mapping"))

    def _merge_mapping(self, source: Mapping, entries: _Entries, seen: set[_Key], *, as_text: bool) -> None:
        self._count(source)
        inner: Node | None = None
        for key, value in source.entries:
            if _is_merge(key):
                inner = value
            elif (name := _key(key, as_text=as_text)) not in seen and not (as_text and name[1] is None):
                seen.add(name)
                entries[name] = self.value(value)
        if inner is not None:
            self._merge(inner, entries, seen, as_text=as_text)


class _Within:
    """Whether an alias is being repeated."""

    def __init__(self, decoder: _Decoder, alias: Alias) -> None:
        self._decoder, self._alias = decoder, alias

    def __enter__(self) -> None:
        self._decoder.enter(self._alias)

    def __exit__(self, *_: object) -> None:
        self._decoder.leave()


def _target(node: Node) -> Node:
    return node.target if isinstance(node, Alias) else node


def _tag(key: Node) -> str:
    target = _target(key)
    return target.tag if isinstance(target, Scalar) else ""


def _is_merge(key: Node) -> bool:
    # A quoted key too: the engine writes it without quotes before it reads it again.
    return isinstance(key, Scalar) and key.text == "<<"


def _key(key: Node, *, as_text: bool) -> _Key:
    """A key by type and value. `as_text`: the key as text, for a merge into a mapping whose own keys are text."""
    target = _target(key)
    if not isinstance(target, Scalar):
        raise BrokenError(
            Fault(key.line, "", "is a key that is a list or a mapping", "Use a text as the key")
        )
    word = _word(target)
    if word != word:  # noqa: PLR0124 - only "not a number" differs from itself
        raise BrokenError(
            Fault(key.line, target.text, "is a key whose value the engine loses", "Put it in quotes")
        )
    if as_text and word is not None and not isinstance(word, str):
        word = target.text
    return type(word), word


def _with_text_keys(entries: _Entries, line: int) -> dict[str, object]:
    """Keys as the engine passes them on. Two keys with the same written form are a duplicate."""
    try:
        written = [written_again(word) for _, word in entries]
        texts = [key_text(word) for _, word in entries]
    except NotAScalarError as error:
        raise BrokenError(Fault(line, "", f"has a key that {error}")) from None
    twice = next((name for name in written if written.count(name) > 1), None)
    if twice is not None:
        raise BrokenError(
            Fault(line, twice, "occurs twice in the mapping: as it is written and as it is read")
        )
    return dict(zip(texts, entries.values(), strict=True))


def _word(node: Scalar) -> Word:
    try:
        return exact_value(node.tag, node.text)
    except NotAScalarError as error:
        raise BrokenError(Fault(node.line, node.text, str(error), "Correct the tag or the value")) from None


def _passed_on(node: Scalar) -> Word:
    try:
        word = as_passed_on(_word(node))
    except NotAScalarError as error:
        raise BrokenError(
            Fault(node.line, node.text, str(error), "Begin the text with another character")
        ) from None
    if isinstance(word, float) and not isfinite(word):
        raise BrokenError(
            Fault(
                node.line, node.text, "is a number that the engine cannot pass on", "Quote it if it is text"
            )
        )
    return word
