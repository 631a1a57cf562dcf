"""Runs the policies over resources, with a configuration in the form of the engine's option --policy-pack-config."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import cast

from policies.model import Config, Finding, Level, Policy, Resource, items, mapping

LEVELS = ("advisory", "mandatory", "disabled")
LEVEL = "enforcementLevel"
ALL = "all"
_TYPES: Mapping[str, tuple[type, ...]] = {"array": (list,), "string": (str,), "boolean": (bool,)}


class ConfigError(Exception):
    """The configuration names what does not exist; the text has all problems, one in a line."""


def judge(
    policies: Iterable[Policy], resources: Sequence[Resource], config: Config | None = None
) -> list[Finding]:
    """What the policies find, mandatory findings first. Raises ConfigError."""
    policies = [*policies]
    problems = [*config_problems(policies, config or {})]
    if problems:
        raise ConfigError("\n".join(problems))
    found = [each for policy in policies for each in _judge_one(policy, resources, config or {})]
    return sorted(found, key=lambda each: (LEVELS[::-1].index(each.level), each.policy, each.urn))


def settings_of(policy: Policy, config: Config) -> tuple[Level, Config]:
    """The level of a policy and its settings. A policy's own entry wins over `all`."""
    own = config.get(policy.name)
    entry: Mapping[str, object] = {LEVEL: own} if isinstance(own, str) else mapping(own)
    level = entry.get(LEVEL) or config.get(ALL) or policy.level
    return cast("Level", level), {**policy.defaults, **{k: v for k, v in entry.items() if k != LEVEL}}


def config_problems(policies: Sequence[Policy], config: Config) -> Iterator[str]:
    """Everything that is wrong with a configuration."""
    known = {each.name: each for each in policies}
    for name, entry in config.items():
        if name == ALL:
            yield from _level_problems(ALL, entry)
        elif name not in known:
            yield f"{name}: is not a policy.{_hint(name, known)}"
        elif isinstance(entry, str):
            yield from _level_problems(name, entry)
        elif not isinstance(entry, Mapping):
            yield f"{name}: {entry!r}; must be a level or an object"
        else:
            yield from _entry_problems(known[name], mapping(cast("object", entry)))


def _entry_problems(policy: Policy, entry: Mapping[str, object]) -> Iterator[str]:
    for key, value in entry.items():
        path = f"{policy.name}.{key}"
        if key == LEVEL:
            yield from _level_problems(path, value)
        elif key not in policy.schema:
            yield f"{path}: is not a setting of this policy.{_hint(key, policy.schema)}"
        elif not isinstance(value, _TYPES[str(policy.schema[key]["type"])]):
            yield f"{path}: {value!r}; must be of the type {policy.schema[key]['type']}"
        else:
            yield from _item_problems(path, items(value), mapping(policy.schema[key].get("items")))


def _item_problems(path: str, given: Sequence[object], schema: Mapping[str, object]) -> Iterator[str]:
    for index, each in enumerate(given):
        pattern = str(schema.get("pattern") or "")
        if not isinstance(each, str):
            yield f"{path}[{index}]: {each!r}; must be of the type string"
        elif not re.search(pattern, each):
            yield f"{path}[{index}]: {each!r}; must match {pattern}"


def _level_problems(path: str, value: object) -> Iterator[str]:
    if value not in LEVELS:
        yield f"{path}: {value!r}; must be one of {', '.join(LEVELS)}"


def _hint(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    similar = get_close_matches(word, names, 1)
    if similar:
        return f" Did you mean {similar[0]}?"
    return f" There are: {', '.join(names)}" if names else " It has none"


def _judge_one(policy: Policy, resources: Sequence[Resource], config: Config) -> Iterator[Finding]:
    level, settings = settings_of(policy, config)
    if level == "disabled":
        return
    if policy.judge is not None:
        for each in resources:
            for said in policy.judge(each, settings):
                yield Finding(policy=policy.name, level=level, urn=each.urn, message=said)
    if policy.judge_stack is not None:
        for each, said in policy.judge_stack(resources, settings):
            yield Finding(policy=policy.name, level=level, urn=each.urn, message=said)
