"""`sandbox cloud` on a terminal: one line for each resource, long values only on request, no word cut in two."""

import json
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import click
import yaml

from facts.terminal import columns
from sandbox.cloud_view import noun
from sandbox.oci.model import Entry
from sandbox.store import Event

RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
LONG = 200
"""A value with more characters is only shown on request."""
USUAL = ("ACTIVE", "AVAILABLE", "ENABLED")
"""The usual states, which are not shown."""
_LISTED_KINDS = 6
_KIND_WIDTH = 26
_QUIET_DETAILS = frozenset({"urn", "cluster"})
"""Event details that are not shown: the name already tells the URN, and the cluster is the same. `--json` has them."""


def show_entries(found: Sequence[Entry], *, group_rules: bool) -> None:
    """Print the counts, then one line for each resource. With `group_rules`, a security group's rules are one line."""
    if not found:
        click.echo("no resources", err=True)
        return
    click.echo(_wrapped(_counts(found)))
    home = Counter(entry.region for entry in found if entry.region).most_common(1)
    region = home[0][0] if home else ""
    usual = f"The note shows a state other than {' or '.join(USUAL)}"
    click.echo(
        "\n".join(
            textwrap.wrap(f"{usual}{', and a region other than ' + region if region else ''}.", columns())
        )
    )
    click.echo()
    rows = sorted(_rows(found, region, group_rules=group_rules))
    kinds = max(len(row[0]) for row in rows)
    names = min(max(len(row[1]) for row in rows), max(columns() - kinds - 4, 20))
    for row in [("type", "name", "note"), *rows]:
        line = f"{row[0]:{kinds}}  {row[1]:{names}}  {row[2]}".rstrip()
        # A row that is too long continues on the next line.
        click.echo(
            line if len(line) <= columns() else f"{row[0]:{kinds}}  {row[1]}\n{'':{kinds}}  ({row[2]})"
        )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, columns(), break_on_hyphens=False, break_long_words=False)


def _counts(found: Sequence[Entry]) -> str:
    kinds = Counter(kind(entry) for entry in found)
    most = ", ".join(f"{count} {name}" for name, count in kinds.most_common(_LISTED_KINDS))
    rest = len(kinds) - _LISTED_KINDS
    more = f" and {rest} more types" if rest > 0 else ""
    return f"{len(found)} resources: {most}{more}."


def _rows(found: Sequence[Entry], home: str, *, group_rules: bool) -> Iterator[tuple[str, str, str]]:
    """Type, name and note of each resource."""
    names = {entry.id: shown_name(entry) for entry in found}
    rules: Counter[str] = Counter()
    for entry in found:
        if group_rules and entry.token == RULE:
            rules[str(entry.inputs.get("networkSecurityGroupId"))] += 1
        else:
            yield kind(entry), shown_name(entry), _note(entry, home)
    for group, count in rules.items():
        yield "security rules", names.get(group, group), f"{count} rules"


def _note(entry: Entry, home: str) -> str:
    notes = [entry.state] if entry.state not in USUAL else []
    notes += ["assumed"] if entry.assumed else []
    notes += [entry.region] if entry.region not in ("", home) else []
    return ", ".join(notes)


def kind(entry: Entry) -> str:
    """A resource's class, with its service if it fits."""
    full = noun(entry.token)
    return full if len(full) <= _KIND_WIDTH else full.rsplit(" ", 1)[-1]


def shown_name(entry: Entry) -> str:
    """The unique name in the program, else the name in the cloud. An object has its kubectl name."""
    if not entry.urn or entry.token.startswith("kubernetes:"):
        return entry.name
    return entry.urn.rsplit("::", 1)[-1]


def show_details(details: Mapping[str, Any], *, full: bool) -> None:
    """One resource as YAML. Unless `full`, only the length of a long value is shown."""
    shown = details if full else {key: _shortened(value) for key, value in details.items()}
    plain = json.loads(json.dumps(shown, default=str))
    # Each value is one line, however long: the terminal wraps it, and it can still be copied.
    click.echo(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=10**6).rstrip())


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_shortened(part) for part in value]
    if isinstance(value, str) and len(value) > LONG:
        return f"({len(value):,} characters: --full shows them)"
    return value


def show_events(found: Collection[Event]) -> None:
    """One line for each event (time, action, resource), and its details below."""
    day = ""
    for event in found:
        date, _, time = event.at.partition("T")
        if date != day:
            click.echo(date)
            day = date
        urn = str(event.detail.get("urn") or "")
        head = f"{time[:8]}  {event.source} {event.verb}"
        name = urn.rsplit("::", 1)[-1] or event.subject
        click.echo(f"{head}  {name}" if len(head) + len(name) + 2 <= columns() else f"{head}\n    {name}")
        for key, value in event.detail.items():
            if key not in _QUIET_DETAILS and value not in (None, "", {}, []):
                text = f"{key}: {value}"
                click.echo(textwrap.indent(_wrapped(text), "    "))
