"""All rules on options that do not go together, the table of what they stand for, and the problems they find.

The table is `refusals.yaml`: every place of the pinned version's configuration that refuses to start, with the rules
here that stand for it, or why none can.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, cast

from facts.engine_yaml import read_yaml
from facts.problem import Problem
from facts.vllm import VERSION, lines_of

from .backends import BACKEND_RULES
from .combinations import RULES, Case, Rule
from .compiled import COMPILED_RULES
from .features import FEATURE_RULES
from .runners import RUNNER_RULES
from .server_options import SERVER_RULES
from .transfers import TRANSFER_RULES

ALL_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (
            *RULES,
            *BACKEND_RULES,
            *FEATURE_RULES,
            *COMPILED_RULES,
            *RUNNER_RULES,
            *SERVER_RULES,
            *TRANSFER_RULES,
        )
    }
)

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "values": "values of options by their type (option_values)",
        "memory": "the memory plan (fit)",
        "layout": "sizes of the layout (fit, catalogue)",
        "environment": "variables (environment)",
        "parsers": "names of parsers (arguments)",
        "decided": "decided by the toolkit, and refused as an option (arguments)",
    }
)
"""What stands for a refusal without being a rule on options together."""

BEYOND_THE_TABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hybrid_cache": ("v1/core/kv_cache_planning.py _promote_local_kv_cache_specs",),
        "loading": (
            "model_executor/model_loader/__init__.py get_model_loader",
            "tokenizers/registry.py load_tokenizer_cls",
        ),
    }
)
"""Rules on refusals in files that the table does not list: by rule, the file and function of the wheel that refuses."""

TABLE = Path(__file__).with_name("refusals.yaml")

OWN_KEYS = frozenset({"nodes", "adapters", "kvCacheType"})
"""Wrongs at a key of the model's own, not at an engine option."""


def combination_problems(case: Case, path: str) -> Iterator[Problem]:
    """Problems at `path`.engineOptions.<key as it is written>, of all rules."""
    for rule in ALL_RULES.values():
        for wrong in rule(case):
            if wrong.option in OWN_KEYS:
                value = case.kv_type if wrong.option == "kvCacheType" else ""
                yield Problem(f"{path}.{wrong.option}", value, wrong.allowed, wrong.fix)
            else:
                key, given = case.given.written(wrong.option, wrong.allowed.partition(" ")[0])
                yield Problem(f"{path}.engineOptions.{key}", given, wrong.allowed, wrong.fix)


class _Table(TypedDict):
    reasons: dict[str, str]
    covered: dict[str, dict[str, str | list[str]]]
    unknown: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One `raise` or `assert` of vLLM's."""

    place: str
    """File below the package, and function."""

    mark: str
    """Its number in the function, and a mark of its conditions."""

    rules: tuple[str, ...] = ()
    """Names of ALL_RULES or ELSEWHERE."""

    why: str = ""
    """Why it cannot be known here; empty where rules stand for it, and where the table does not name it."""


@cache
def table() -> _Table:
    """The table as it is written."""
    return cast("_Table", read_yaml(TABLE).value)


@cache
def refusals() -> tuple[Refusal, ...]:
    """Every refusal of the pinned version with what stands for it, in the order of its files."""
    known = table()
    whole = {place: known["reasons"][word] for word, places in known["unknown"].items() for place in places}
    found: list[Refusal] = []
    for line in lines_of(f"refusals-{VERSION}.txt"):
        place, number, digest = line.rsplit(" ", 2)
        mark = f"{number} {digest}"
        held = known["covered"].get(place, {}).get(mark, [])
        words = (held,) if isinstance(held, str) else tuple(held)
        why = next(
            (known["reasons"][word] for word in words if word in known["reasons"]), whole.get(place, "")
        )
        rules = tuple(word for word in words if word not in known["reasons"])
        found.append(Refusal(place=place, mark=mark, rules=rules, why=why))
    return tuple(found)
