"""Changes of single keys in the text of a stack file. Everything else stays as it is, comments included."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from infra.settings.reading.prefixes import PROJECT

Path = Sequence[str | int]
"""Keys and positions, e.g. `("traffic", "candidates", "qwen3-32b", "weight")`. The first is a section."""


class NotEditableError(RuntimeError):
    """The text has a form that this module does not change. The text says which key."""


@dataclass(frozen=True)
class _Entry:
    """A key of a mapping, and the mapping."""

    parent: yaml.MappingNode
    key: yaml.ScalarNode
    value: yaml.Node


def with_value(text: str, path: Path, value: str) -> str:
    """The text with another value of a key, which is added if it is missing. `value` is YAML on one line."""
    parent, last = _mapping(text, path[:-1]), str(path[-1])
    entry = _entry(parent, last)
    if entry is None:
        return _added(text, parent, f"{last}: {value}")
    if _is_inline(entry.value):
        start, end = entry.value.start_mark.index, entry.value.end_mark.index
        return f"{text[:start]}{value}{text[end:]}"
    return f"{text[: entry.key.end_mark.index]}: {value}{text[_end_of(entry.value, text) :]}"


def without(text: str, path: Path) -> str:
    """The text without a key. A mapping that becomes empty is removed too."""
    entry = _entry(_mapping(text, path[:-1]), str(path[-1]))
    if entry is None:
        return text
    if len(entry.parent.value) == 1 and len(path) > 2:
        return without(text, path[:-1])
    if entry.parent.flow_style:
        return _cut_from_flow(text, entry)
    start = text.rfind("\n", 0, entry.key.start_mark.index) + 1
    if text[start : entry.key.start_mark.index].strip():
        raise NotEditableError(f"`{entry.key.value}` is not on a line of its own")
    end = text.find("\n", max(_end_of(entry.value, text), entry.key.end_mark.index))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def value_text(text: str, path: Path) -> str:
    """The value of a key as YAML on one line."""
    entry = _entry(_mapping(text, path[:-1]), str(path[-1]))
    if entry is None:
        raise NotEditableError(f"`{path[-1]}` is not in the file")
    source = text[entry.value.start_mark.index : entry.value.end_mark.index]
    if "\n" not in source.strip() and _is_inline(entry.value):
        return source.strip()
    found: str = yaml.serialize(_flowing(entry.value), width=1_000_000, Dumper=yaml.SafeDumper)  # pyright: ignore
    return found.removesuffix("\n").removesuffix("\n...").strip()


def _flowing(node: yaml.Node) -> yaml.Node:
    """The node with every collection in braces, and no block text."""
    if isinstance(node, yaml.MappingNode):
        pairs = [(_flowing(key), _flowing(value)) for key, value in node.value]
        return yaml.MappingNode(node.tag, pairs, flow_style=True)
    if isinstance(node, yaml.SequenceNode):
        return yaml.SequenceNode(node.tag, [_flowing(each) for each in node.value], flow_style=True)
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    return yaml.ScalarNode(node.tag, node.value, style='"' if style in ("|", ">") else style)


def _is_inline(node: yaml.Node) -> bool:
    """Whether its marks are exactly its text: not for a block of lines."""
    return isinstance(node, yaml.ScalarNode) or bool(
        isinstance(node, yaml.CollectionNode) and node.flow_style
    )


def _mapping(text: str, path: Path) -> yaml.MappingNode:
    """The mapping at a path, below `config`."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    node = _value(root, "config")
    for number, step in enumerate(path):
        names = (f"{PROJECT}:{step}", str(step)) if number == 0 else (step,)
        node = next((found for name in names if (found := _value(node, name)) is not None), None)
    if not isinstance(node, yaml.MappingNode):
        raise NotEditableError(f"`{'.'.join(map(str, path))}` is not a mapping in the file")
    return node


def _value(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step]
    entry = _entry(node, str(step)) if isinstance(node, yaml.MappingNode) else None
    return entry.value if entry else None


def _entry(node: yaml.MappingNode, key: str) -> _Entry | None:
    return next((_Entry(node, name, value) for name, value in node.value if name.value == key), None)


def _added(text: str, parent: yaml.MappingNode, entry: str) -> str:
    """The text with one more entry, before the others."""
    if not parent.value:
        if not parent.flow_style:
            raise NotEditableError("the mapping is empty")
        return f"{text[: parent.start_mark.index + 1]}{entry}{text[parent.end_mark.index - 1 :]}"
    first = parent.value[0][0].start_mark
    if parent.flow_style:
        return f"{text[: first.index]}{entry}, {text[first.index :]}"
    # In a list, the first key is behind its dash: the new key comes after the first entry.
    behind = _end_of(parent.value[0][1], text)
    line_end = text.find("\n", behind)
    line_end = len(text) if line_end < 0 else line_end
    return f"{text[:line_end]}\n{' ' * first.column}{entry}{text[line_end:]}"


def _end_of(node: yaml.Node, text: str) -> int:
    """The end of its last character: the marks of a block include what follows it."""
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return _end_of(node.value[-1][1], text)
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _end_of(node.value[-1], text)
    end = node.end_mark.index
    return len(text[:end].rstrip()) if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") else end


def _cut_from_flow(text: str, entry: _Entry) -> str:
    places = [key.start_mark.index for key, _ in entry.parent.value]
    number = places.index(entry.key.start_mark.index)
    if number + 1 < len(places):
        return text[: places[number]] + text[places[number + 1] :]
    before = entry.parent.value[number - 1][1]
    return text[: _end_of(before, text)] + text[entry.value.end_mark.index :]
