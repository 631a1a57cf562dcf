"""All rules on options that cannot be used together, the table of vLLM's refusals, and the problems that rules find.

The table is `refusals.yaml`. It lists every place where the pinned version's configuration refuses to start, with the
rules here that cover it, or the reason why no rule can.
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
        "decided": "set by the toolkit, and refused as an option (arguments)",
    }
)
"""Other parts of the code that cover a refusal, without being a rule here."""

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
"""Keys of the model settings that a rule can name instead of an engine option."""


def combination_problems(case: Case, path: str) -> Iterator[Problem]:
    """The problems that all rules find, at `path`.engineOptions.<key as it is written>."""
    for rule in ALL_RULES.values():
        for wrong in rule(case):
            if wrong.option in OWN_KEYS:
                value = case.kv_type if wrong.option == "kvCacheType" else ""
                yield Problem(f"{path}.{wrong.option}", value, wrong.allowed, wrong.fix)
            else:
                key, given = case.given.written(wrong.option, wrong.allowed)
                yield Problem(f"{path}.engineOptions.{key}", given, wrong.allowed, wrong.fix)


class _Table(TypedDict):
    reasons: dict[str, str]
    covered: dict[str, dict[str, str | list[str]]]
    unknown: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One `raise` or `assert` in vLLM."""

    place: str
    """File in the package, and function."""

    mark: str
    """Its number in the function, and a hash of its conditions."""

    rules: tuple[str, ...] = ()
    """Names of ALL_RULES or ELSEWHERE."""

    why: str = ""
    """Why it cannot be known here. Empty where rules cover it, and where the table does not list it."""


@cache
def table() -> _Table:
    """The table as in the file."""
    return cast("_Table", read_yaml(TABLE).value)


@cache
def refusals() -> tuple[Refusal, ...]:
    """Every refusal of the pinned version, with the rules or the reason, in the order of vLLM's files."""
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
