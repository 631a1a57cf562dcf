"""Families and names of OCI's compartment quotas, and the language of their statements.

Source of the language: Oracle's page "Quota Policy Syntax" (Content/Quotas/Concepts/quota_policy_syntax.htm). Its
conditions know `request.region` and `request.ad`. The names are in `data/quotas.yaml`, each with its page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

import yaml

from facts.limits import LIMITS

Scope = Literal["ad", "region"]

_FILE = Path(__file__).parent / "data" / "quotas.yaml"


@dataclass(frozen=True, kw_only=True)
class QuotaFamily:
    """The quotas of one service."""

    name: str
    names: Mapping[str, Scope]
    """Names with their scope. Empty if they are unknown."""

    partial: bool = False
    """Whether it has other names too, which are unknown."""

    zero_only: bool = False
    """Whether OCI takes only `zero` statements about it."""

    @property
    def is_whole(self) -> bool:
        """Whether all of its names are known."""
        return bool(self.names) and not self.partial

    def refuses(self, name: str) -> bool:
        """Whether the family does not have a quota of this name. A pattern between slashes is accepted."""
        return self.is_whole and not name.startswith("/") and name not in self.names


@cache
def quota_families() -> Mapping[str, QuotaFamily]:
    """Every known family by its name."""
    content = cast("dict[str, dict[str, Any]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return MappingProxyType({name: _family(name, each) for name, each in content.items()})


def _family(name: str, content: Mapping[str, Any]) -> QuotaFamily:
    scope = cast("Scope", content["scope"])
    listed = (*str(content.get("names", "")).split(), *content.get("also", {}))
    names: dict[str, Scope] = dict.fromkeys(listed, scope)
    regional: dict[str, Scope] = dict.fromkeys(str(content.get("regional", "")).split(), "region")
    return QuotaFamily(
        name=name,
        names={**names, **regional},
        partial=bool(content.get("partial")),
        zero_only=bool(content.get("zeroOnly")),
    )


def family_of(quota: str) -> str | None:
    """The family of a name; None for an unknown name."""
    return next((each.name for each in quota_families().values() if quota in each.names), None)


def scope_of(name: str) -> Scope:
    """Whether a limit is one of each availability domain or of the region. A limit that no source names is one of the
    region."""
    if found := LIMITS.get(name):
        return "ad" if found.scope == "availability-domain" else "region"
    family = family_of(name)
    return quota_families()[family].names[name] if family else "region"


def service_of(name: str) -> str:
    """The service that a limit belongs to, as OCI's limits name it. The families of quotas have the names of the
    services, but compute has two."""
    if found := LIMITS.get(name):
        return found.service
    family = family_of(name) or "unknown"
    return "compute" if family in {"compute-core", "compute-memory"} else family


_UNITS = (
    (r"gpu[0-9-].*count", "GPUs"),
    (r".*-core-.*", "OCPUs"),
    (r".*-ecpu-count", "ECPUs"),
    (r".*-memory-count|.*-gb", "GB"),
    (r".*-tb", "TB"),
)


def unit_of(name: str) -> str:
    """What a limit counts: GPUs, OCPUs, ECPUs, GB, TB, or `count` for things."""
    return next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, name)), "count")
