"""The output of `sandbox cloud`: rows for people and for programs, with secrets masked."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from facts.provider_fields import Field, resource_fields
from sandbox.faults import Fault
from sandbox.oci.model import Entry
from sandbox.store import Event

MASKED = "[secret]"
_WORD = 32
"""A table never breaks a cell up to this width: a time, a region, a state, most names."""
_SECRET_NAME = re.compile(r"password|secretcontent|privatekey|kubeconfig|passphrase", re.IGNORECASE)


def emit(value: object) -> None:
    """Print JSON for programs."""
    click.echo(json.dumps(value, indent=2, default=str))


def on_terminal() -> bool:
    """Whether the output goes to a terminal."""
    return sys.stdout.isatty()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print a table on a terminal, or tab-separated lines elsewhere; `empty` (on standard error) if it has no rows.

    Nothing is cut off on a narrow terminal: long cells are wrapped.
    """
    lines = [[_cell(value) for value in row] for row in rows]
    if not lines:
        click.echo(empty, err=True)
        return
    if not on_terminal():
        for line in [list(columns), *lines]:
            click.echo("\t".join(line))
        return
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for column, cells in zip(columns, zip(*lines, strict=True), strict=True):
        shown.add_column(column, overflow="fold", no_wrap=max(map(len, cells)) <= _WORD)
    for line in lines:
        shown.add_row(*line)
    Console().print(shown, markup=False)


def _cell(value: object) -> str:
    """A value as JSON; text unchanged."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def noun(token: str) -> str:
    """The service and class of a type: "Core Subnet" for "oci:Core/subnet:Subnet"."""
    service = token.split(":")[1].split("/", maxsplit=1)[0] if token.count(":") == 2 else ""
    name = token.rsplit(":", 1)[-1] or token.rsplit("/", maxsplit=1)[-1].rstrip(":")
    return f"{service} {name}".strip()


def entry_row(entry: Entry) -> list[str]:
    """A resource in a table: type, name, region, state, id."""
    state = f"{entry.state} (assumed)" if entry.assumed else entry.state
    return [noun(entry.token), entry.name, entry.region or "-", state, entry.id]


ENTRY_COLUMNS = ("type", "name", "region", "state", "id")


def entry_summary(entry: Entry) -> dict[str, object]:
    """A resource in a JSON list."""
    return {
        "id": entry.id,
        "type": entry.token,
        "name": entry.name,
        "urn": entry.urn,
        "region": entry.region,
        "compartmentId": entry.compartment_id,
        "state": entry.state,
        "assumed": entry.assumed,
        "createdAt": entry.created_at,
        "deletedAt": entry.deleted_at,
    }


def entry_details(entry: Entry, *, secrets: bool) -> dict[str, object]:
    """All properties of a resource. Secrets are masked unless `secrets`."""
    fields = resource_fields(entry.token) or {}
    inputs, outputs = entry.inputs, entry.outputs
    if not secrets:
        inputs, outputs = mask(inputs, fields), mask(outputs, fields)
    return entry_summary(entry) | {"inputs": inputs, "outputs": outputs}


def mask(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """The values, with secrets masked: those that the provider marks as sensitive or whose name indicates a secret."""
    return {name: _masked(name, value, fields.get(name)) for name, value in values.items()}


def _masked(name: str, value: Any, field: Field | None) -> Any:
    if value in (None, "", [], {}):
        return value
    if (field is not None and field.sensitive) or (isinstance(value, str) and _is_secret(name, value)):
        return MASKED
    inner = field.of if field is not None and field.of is not None and not isinstance(field.of, str) else {}
    if isinstance(value, dict):
        return mask(value, inner)
    if isinstance(value, list):
        return [mask(each, inner) if isinstance(each, dict) else each for each in value]
    return value


def _is_secret(name: str, value: str) -> bool:
    return not value.startswith("ocid1.") and _SECRET_NAME.search(name) is not None


def event_row(event: Event) -> list[str]:
    """An event in a table."""
    detail = " ".join(f"{key}={value}" for key, value in event.detail.items())
    return [event.at, event.source, event.verb, event.subject, detail]


EVENT_COLUMNS = ("time", "source", "event", "subject", "detail")


def event_summary(event: Event) -> dict[str, object]:
    """An event in a JSON list."""
    return {
        "id": event.id,
        "time": event.at,
        "source": event.source,
        "event": event.verb,
        "subject": event.subject,
        "detail": event.detail,
    }


def fault_row(fault: Fault) -> list[str]:
    """A fault in a table."""
    what = {
        "latency": f"latency {fault.seconds:g} s",
        "limit": f"limit {fault.limit}",
        "drop": "drop of the answer" if fault.late else "drop",
        "down": f"down {fault.region or 'all regions'}",
    }.get(fault.kind, fault.kind)
    often = {None: "until cleared", 1: "once"}.get(fault.times, f"{fault.times} times")
    if fault.after:
        often += f", skipping the first {fault.after}"
    progress = "exhausted" if fault.exhausted else f"hits: {fault.hits}"
    types = fault.type.replace(",", ", ")
    return [fault.id, what, types, fault.operation, often, progress]


FAULT_COLUMNS = ("fault", "what", "type", "operation", "how often", "so far")
