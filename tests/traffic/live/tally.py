"""What happened: requests by tenant, model and status, from Envoy's access log."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from facts.gateways import MODEL_HEADER, TOKEN_METADATA
from serving.gateway.tenant_route import TOKENS

WIDTH = 80

REASONS: Mapping[int, str] = {
    401: "no key, or a wrong one",
    413: "a body above the limit",
    429: "above the tenant's limit per minute",
    503: "more requests at once than the tenant is promised, or no engine",
}
"""Why the gateway refuses, by status."""

PATH, MODEL = (
    "a path that is not offered",
    "a model that is not there, or that the tenant may not call",
)
"""Why it answers 404: the script of the gateway, or no route."""


@dataclass(frozen=True)
class Line:
    """A request in the access log."""

    tenant: str
    model: str
    status: int
    tokens: int
    milliseconds: int
    details: str

    @property
    def why(self) -> str:
        """Why it was refused."""
        if self.status == 404:
            return MODEL if self.details == "direct_response" else PATH
        return REASONS.get(self.status, self.details)


def fields(header: str) -> dict[str, str]:
    """The fields of the access log. `header`: the tenant's."""
    return {
        "tenant": f"%REQ({header})%",
        "model": f"%REQ({MODEL_HEADER})%",
        "status": "%RESPONSE_CODE%",
        "tokens": f"%DYNAMIC_METADATA({TOKEN_METADATA}:{TOKENS})%",
        "milliseconds": "%DURATION%",
        "details": "%RESPONSE_CODE_DETAILS%",
    }


def read(file: Path) -> list[Line]:
    """The requests of an access log."""
    found = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line)
    return [
        Line(
            tenant=each["tenant"] or "-",
            model=each["model"] or "-",
            status=int(each["status"] or 0),
            tokens=int(each["tokens"] or 0),
            milliseconds=int(each["milliseconds"] or 0),
            details=each["details"] or "",
        )
        for each in found
    ]


def show(console: Console, lines: Sequence[Line]) -> None:
    """Print the page."""
    if not lines:
        console.print("No request arrived.")
        return
    console.print(_answered(line for line in lines if line.status == 200))
    refused = Counter((line.tenant, line.status, line.why) for line in lines if line.status != 200)
    if refused:
        console.print(_refused(refused))


def _answered(lines: Iterable[Line]) -> Table:
    made = Table(title="Answered", title_justify="left", width=WIDTH)
    for name in ("tenant", "model"):
        made.add_column(name, overflow="fold")
    made.add_column("status", justify="right")
    for name in ("requests", "tokens", "p50 ms", "p99 ms"):
        made.add_column(name, justify="right")
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.tenant, line.model), []).append(line)
    for (tenant, model), own in sorted(groups.items()):
        times = sorted(line.milliseconds for line in own)
        tokens = sum(line.tokens for line in own)
        made.add_row(
            tenant,
            model,
            "200",
            f"{len(own):,}",
            f"{tokens:,}",
            f"{_share(times, 0.5):,}",
            f"{_share(times, 0.99):,}",
        )
    return made


def _refused(counts: Mapping[tuple[str, int, str], int]) -> Table:
    made = Table(title="Refused", title_justify="left", width=WIDTH)
    made.add_column("tenant", overflow="fold")
    made.add_column("status", justify="right")
    made.add_column("requests", justify="right")
    made.add_column("why", overflow="fold")
    for (tenant, status, why), count in sorted(counts.items()):
        made.add_row(tenant, str(status), f"{count:,}", why)
    return made


def _share(values: Sequence[int], share: float) -> int:
    return values[math.ceil(share * len(values)) - 1]
