"""Finds the keys of this project in a configuration, and misspelt keys, which the engine ignores silently."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem, nearest
from facts.product import NAME
from infra.settings.sections import SECTIONS

from .wording import UNKNOWN

PROJECT = NAME

_PROVIDERS = ("pulumi", "oci", "kubernetes")
"""Namespaces of the engine and of the program's providers."""


def sections_in(config: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """The sections by name, and the problems of the keys. The keys of `config` are `namespace:name`.

    Keys of other namespaces are allowed, unless they look like ours. A section under a misspelt prefix is still read,
    so that its problems are reported too.
    """
    own = {name: content for namespace, name, content in _split(config) if namespace == PROJECT}
    others = [each for each in _split(config) if each[0] not in (PROJECT, *_PROVIDERS)]
    if others and not own and not any(nearest(namespace, [PROJECT]) for namespace, *_ in others):
        return own, [_another_projects(sorted({namespace for namespace, *_ in others}))]
    problems: list[Problem] = []
    for namespace, name, content in others:
        if name in SECTIONS or nearest(namespace, [PROJECT]):
            meant = name if name in SECTIONS else nearest(name, SECTIONS) or name
            problems.append(_misspelt(f"{namespace}:{name}", meant))
            own.setdefault(meant, content)
    return own, problems


def _split(config: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    for key, content in config.items():
        namespace, _, name = key.partition(":")
        yield namespace, name.removeprefix("config:"), content


def _misspelt(key: str, meant: str) -> Problem:
    allowed = "is ignored, because the prefix is not this project's"
    return Problem.not_one_of(key, key, [f"{PROJECT}:{meant}"], allowed, shown=UNKNOWN)


def _another_projects(namespaces: list[str]) -> Problem:
    fix = f"The keys of this project begin with `{PROJECT}:`"
    return Problem("config", ", ".join(namespaces), "is the configuration of another project", fix)
