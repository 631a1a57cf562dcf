"""Words for types, amounts and counts in the summary and the comment."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import wrap

from facts.wording import plural
from report.resources import Resource

_NAMES = {
    "network security group security rule": "security rule",
    "network security group": "security group",
    "vcn": "VCN",
    "nat gateway": "NAT gateway",
    "addon": "add-on",
    "domains group": "group",
    "domains dynamic resource group": "dynamic group",
    "db system": "database system",
}

_BY_TOKEN = {"oci:Budget/rule:Rule": "budget rule", "oci:Events/rule:Rule": "event rule"}
"""Names of types whose last word alone says too little."""


def words(token: str) -> str:
    """`oci:Core/routeTable:RouteTable` as `route table`. Kubernetes kinds keep their spelling."""
    kind = token.rsplit(":", 1)[-1]
    if token.startswith("pulumi:providers:"):
        return f"{kind} provider"
    if token.startswith("kubernetes:"):
        return kind
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()
    return _BY_TOKEN.get(token) or _NAMES.get(text, text)


def lines_of(text: str, width: int, indent: int = 2) -> list[str]:
    """A paragraph in lines; lines after the first are indented. No word is cut, so that an OCID can be copied."""
    return wrap(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def kinds(resources: Iterable[Resource], most: int | None = None) -> str:
    """`1 VCN, 7 subnets`, the largest count last. Of more than `most` kinds, those with the largest counts: `9 other
    kinds, 1 VCN, 7 subnets`."""
    counts = Counter(words(resource.type) for resource in resources)
    named = [plural(noun, count) for noun, count in sorted(counts.items(), key=lambda e: (e[1], e[0]))]
    if most is None or len(named) <= most + 1:
        return ", ".join(named)
    return ", ".join([f"{len(named) - most} other kinds", *named[-most:]])


def some(names: Sequence[str], most: int = 3) -> str:
    """`a, b, c and 5 more`."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def money(amount: float, currency: str) -> str:
    """`35,040 USD`; cents only below 100."""
    return f"{amount:,.2f} {currency}" if 0 < abs(amount) < 100 else f"{amount:,.0f} {currency}"


def signed(amount: float, currency: str) -> str:
    """`+35,040 USD`, `-12.50 USD`, `no change`."""
    if abs(amount) < 0.005:
        return "no change"
    return ("+" if amount > 0 else "-") + money(abs(amount), currency)
