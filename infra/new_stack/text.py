"""Changes the text of a stack file and keeps everything else, including comments.

Every change is proved: the changed text is parsed, and its content must be the source's content with the same changes.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from facts.engine_yaml import nodes as tree
from facts.engine_yaml import parse_yaml
from facts.engine_yaml.scalars import exact_value
from facts.problem import InvalidInput, Problem
from facts.pydantic_words import path_of
from infra.settings.reading.prefixes import PROJECT

Replace = Callable[[str, str], str]
"""Returns the new text of a value, from its path and its text."""

ENCRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""Top-level keys of a stack's encryption settings."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Addition:
    """A key that the source does not set: its section or a mapping in it (`governance.tags`), its name and texts."""

    section: str
    key: str
    value: str | tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.section}.{self.key}"

    @property
    def text(self) -> str:
        """The value in one line."""
        return self.value if isinstance(self.value, str) else ", ".join(self.value)


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def section_of(key: str) -> str:
    """The section that a key of `config` names: `network` for `genai-playground:network` and `network`."""
    return key.removeprefix(f"{PROJECT}:").removeprefix("config:")


def changed_text(
    source: str,
    name: str,
    replace: Replace,
    comment: Callable[[str], str],
    *,
    additions: Sequence[Addition] = (),
    removals: Collection[str] = (),
    encrypted: bool = False,
) -> str:
    """The text of the new file. `name` is the source's file. `encrypted`: keep the encryption settings. `removals`:
    paths of keys of sections, such as `governance.managesTenancy`, that the new file does not have.

    Raises InvalidInput if an unusual form of YAML, such as an anchor, prevents a change.
    """
    found = parse_yaml(source, name)
    content = cast(Mapping[str, object], found.value or {})
    root = found.root if isinstance(found.root, tree.Mapping) else None
    edits = [*_values(source, root, replace), *_comments(source, root, comment)]
    removed = [*_removals(source, root, removals)]
    edits = [
        each for each in edits if not any(gone.start <= each.start < gone.end for gone in removed)
    ] + removed
    edits += [_addition(source, root, each, removed) for each in additions]
    edits += [] if encrypted else _without_encryption(source, root)
    text = source
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    wanted = _without(_wanted(content, replace, additions, encrypted=encrypted), removals)
    if _value(text, name) != wanted:
        allowed = "contains an anchor or another form of YAML that cannot be changed without a rewrite"
        raise InvalidInput([Problem(name, "YAML", allowed, "Write each value in its place")], name)
    return text


def _value(text: str, name: str) -> object:
    try:
        return parse_yaml(text, name).value
    except InvalidInput:
        return None


def _config(root: tree.Mapping | None) -> tree.Mapping | None:
    for key, value in root.entries if root else ():
        if isinstance(key, tree.Scalar) and key.text == "config" and isinstance(value, tree.Mapping):
            return value
    return None


def _values(source: str, root: tree.Mapping | None, replace: Replace) -> Iterator[_Edit]:
    config = _config(root)
    for key, value in config.entries if config else ():
        if isinstance(key, tree.Scalar):
            for path, word in _within(section_of(key.text), (), value):
                new = replace(path, word.text)
                if new != word.text:
                    yield _Edit(word.start, word.end, _written(new, source[word.start : word.end]))


def _within(section: str, loc: tuple[int | str, ...], node: tree.Node) -> Iterator[tuple[str, tree.Scalar]]:
    """Path and node of each text."""
    if isinstance(node, tree.Listing):
        for index, item in enumerate(node.items):
            yield from _within(section, (*loc, index), item)
    elif isinstance(node, tree.Mapping):
        for key, inner in node.entries:
            if isinstance(key, tree.Scalar):
                yield from _within(section, (*loc, key.text), inner)
    elif isinstance(node, tree.Scalar) and type(exact_value(node.tag, node.text)) is str:
        yield path_of(section, loc), node


def _written(text: str, before: str = "") -> str:
    """The text as a word of YAML: a block if it was one, and without quotes if it is the same word without them."""
    if before.startswith("|"):
        header, _, body = before.partition("\n")
        indent = body[: len(body) - len(body.lstrip())].split("\n")[-1]
        return header + "\n" + "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
    plain = re.fullmatch(r"[A-Za-z0-9][\w./:@-]*", text, re.ASCII) and not text.endswith(":")
    same = plain and parse_yaml(f"- {text}\n", "value").value == [text]
    return text if same else json.dumps(text, ensure_ascii=False)


def _comments(source: str, root: tree.Node | None, comment: Callable[[str], str]) -> Iterator[_Edit]:
    """Edits of comments. They are outside the words of the document."""
    start = 0
    for begin, end in (*sorted(_words(root)), (len(source), len(source))):
        for found in _COMMENT.finditer(source, start, begin):
            new = comment(found.group())
            if new != found.group():
                yield _Edit(*found.span(), new)
        start = max(start, end)


def _words(node: tree.Node | None) -> Iterator[tuple[int, int]]:
    if isinstance(node, tree.Mapping):
        for key, value in node.entries:
            yield from _words(key)
            yield from _words(value)
    elif isinstance(node, tree.Listing):
        for item in node.items:
            yield from _words(item)
    elif isinstance(node, tree.Scalar):
        yield node.start, node.end


def _addition(source: str, root: tree.Mapping | None, new: Addition, gone: Sequence[_Edit]) -> _Edit:
    """The edit that adds a key to a section, or a section with the key. It becomes the second key, if there is one."""
    config, end = _config(root), len(source)
    if config is None:
        return _Edit(end, end, f"\nconfig:\n  {PROJECT}:{new.section}: {{{new.key}: {new.text}}}\n")
    value = _written(new.value) if isinstance(new.value, str) else f"[{', '.join(map(_written, new.value))}]"
    text = f"{new.key}: {value}"
    for key, value in config.entries:
        section = section_of(key.text) if isinstance(key, tree.Scalar) else ""
        if section == new.section.partition(".")[0] and isinstance(value, tree.Mapping):
            return _entry(source, _inner(value, new.section.split(".")[1:]), text, gone)
    return _entry(source, config, f"{PROJECT}:{new.section}: {{{text}}}", gone)


def _inner(mapping: tree.Mapping, names: Sequence[str]) -> tree.Mapping:
    """The mapping at these keys, or the nearest one around it."""
    for name in names:
        inner = (value for key, value in mapping.entries if isinstance(key, tree.Scalar) and key.text == name)
        mapping = next((each for each in inner if isinstance(each, tree.Mapping)), mapping)
    return mapping


def _entry(source: str, mapping: tree.Mapping, text: str, gone: Sequence[_Edit]) -> _Edit:
    if not mapping.entries:
        return _Edit(mapping.start, mapping.end, f"{{{text}}}")
    first, *others = (key.start for key, _ in mapping.entries)
    place = next((at for at in others if not any(each.start <= at < each.end for each in gone)), first)
    indent = place - (source.rfind("\n", 0, place) + 1)
    return _Edit(place, place, f"{text}, " if mapping.flow else f"{text}\n{' ' * indent}")


def _without_encryption(source: str, root: tree.Mapping | None) -> Iterator[_Edit]:
    for key, value in root.entries if root else ():
        if isinstance(key, tree.Scalar) and key.text in ENCRYPTION:
            line_end = source.find("\n", value.end) + 1
            yield _Edit(key.start, line_end or len(source), "")


def _removals(source: str, root: tree.Mapping | None, paths: Collection[str]) -> Iterator[_Edit]:
    """Edits that remove keys of sections, each with its lines up to the next key, or a mapping without other keys."""

    def within(parent: tree.Mapping, place: int, path: str) -> Iterator[_Edit]:
        node = parent.entries[place][1]
        if not isinstance(node, tree.Mapping):
            return
        named = {
            index: f"{path}.{name.text}"
            for index, (name, _) in enumerate(node.entries)
            if isinstance(name, tree.Scalar)
        }
        gone = [index for index, inner in named.items() if inner in paths]
        if gone and len(gone) == len(node.entries):
            yield _entry_removed(source, parent, place)
            return
        for index, inner in named.items():
            yield from (
                [_entry_removed(source, node, index)] if index in gone else within(node, index, inner)
            )

    config = _config(root)
    for place, (key, _) in enumerate(config.entries if config else ()):
        if config and isinstance(key, tree.Scalar):
            yield from within(config, place, section_of(key.text))


def _entry_removed(source: str, mapping: tree.Mapping, place: int) -> _Edit:
    (name, value), later = mapping.entries[place], mapping.entries[place + 1 :]
    end = (
        source.rfind("\n", 0, later[0][0].start) + 1
        if later
        else source.find("\n", _end(source, value) - 1) + 1
    )
    return _Edit(source.rfind("\n", 0, name.start) + 1, end or len(source), "")


def _end(source: str, node: tree.Node) -> int:
    """Where a value ends. The end of a block is that of its last word: the parser puts it at the next one."""
    inner: list[tree.Node] = []
    if source[node.end - 1] not in "]}":
        inner = [value for _, value in node.entries] if isinstance(node, tree.Mapping) else inner
        inner = [*node.items] if isinstance(node, tree.Listing) else inner
    return _end(source, inner[-1]) if inner else node.end


def _without(content: dict[str, object], paths: Collection[str]) -> dict[str, object]:
    """The content without these keys of sections, and without a section that has only them."""
    config = cast(Mapping[str, object], content["config"]).items()
    kept = {key: _kept(section_of(key), value, paths) for key, value in config}
    return {**content, "config": {key: value for key, value in kept.items() if value is not _GONE}}


_GONE = object()
"""Stands for a mapping that has only keys that are removed."""


def _kept(path: str, value: object, paths: Collection[str]) -> object:
    if not isinstance(value, Mapping):
        return value
    entries = cast(Mapping[str, object], value)
    inner = {
        name: _kept(f"{path}.{name}", each, paths)
        for name, each in entries.items()
        if f"{path}.{name}" not in paths
    }
    left = {name: each for name, each in inner.items() if each is not _GONE}
    return left if left or not entries else _GONE


def _wanted(
    content: Mapping[str, object], replace: Replace, additions: Sequence[Addition], *, encrypted: bool
) -> dict[str, object]:
    kept = {key: value for key, value in content.items() if encrypted or key not in ENCRYPTION}
    config = cast(Mapping[str, object], content.get("config") or {})
    new = {key: _replaced(section_of(key), (), value, replace) for key, value in config.items()}
    for each in additions:
        section, *names = each.section.split(".")
        key = next((key for key in new if section_of(key) == section), f"{PROJECT}:{section}")
        new[key] = _with(new.get(key), names, each)
    return {**kept, "config": new}


def _with(content: object, names: Sequence[str], new: Addition) -> dict[str, object]:
    """A mapping with the new key, at these keys in it."""
    entries = dict(cast(Mapping[str, object], content or {}))
    if names:
        return {**entries, names[0]: _with(entries.get(names[0]), names[1:], new)}
    return {**entries, new.key: new.value if isinstance(new.value, str) else [*new.value]}


def _replaced(section: str, loc: tuple[int | str, ...], value: object, replace: Replace) -> object:
    if isinstance(value, Mapping):
        entries = cast(Mapping[str, object], value)
        return {key: _replaced(section, (*loc, key), inner, replace) for key, inner in entries.items()}
    if isinstance(value, list):
        items = cast(list[object], value)
        return [_replaced(section, (*loc, index), inner, replace) for index, inner in enumerate(items)]
    return replace(path_of(section, loc), value) if type(value) is str else value
