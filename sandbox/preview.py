"""The first lines of a preview: what the cloud will refuse, what is open to anybody, what the change loses, and engines
for which there is no room. Read from the engine's events.

`sandbox.engine_page` shows the rest of the page below these lines. On a terminal, the lines are repeated below a page
that is longer than the screen.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from facts.own_commands import as_run_here
from report.changes import changes_of
from report.danger import FORESEEN, danger_lines
from report.engine_json import step_of_event
from report.gpu_pools import gpu_pools
from report.resources import from_state
from report.wording import lines_of, some
from sandbox.oci.cloud import Cloud
from sandbox.oci.foresight import Planned, refused_deletions
from sandbox.open_caches import open_caches
from sandbox.planned import Dependencies, unreachable_clusters
from sandbox.store import Store

_GOES = frozenset({"delete", "delete-replaced"})
_WIDEST = 120


def danger(found: Sequence[Mapping[str, Any]], store: Store, dependencies: Dependencies) -> list[str]:
    """The lines about refusals, losses and missing room in these events, worst first; empty if there are none."""
    steps = list(_metadata(found))
    digest: dict[str, Any] = {"steps": [step_of_event(each) for each in steps]}
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    refused = [
        *_warnings(found),
        *_deletions(Cloud(store), digest["steps"]),
        *unreachable_clusters(store, steps, dependencies),
    ]
    told = [*refusal_lines(refused, digest["steps"]), *open_caches(Cloud(store), steps, dependencies)]
    lines = [line for text in told for line in lines_of(as_run_here(text), width)]
    waiting = [line for text in room_lines(digest["steps"]) for line in lines_of(text, width)]
    return [*lines, *danger_lines(changes_of(digest), width), *waiting]


def room_lines(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each GPU pool on which engines would wait forever after the change."""
    after = (step["newState"] for step in steps if step["newState"] and step["op"] not in _GOES)
    return [f"NO ROOM: {use}" for use in gpu_pools(map(from_state, after)) if not use.placement.fits]


def _metadata(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for event in events:
        if "resourcePreEvent" in event:
            yield event["resourcePreEvent"]["metadata"]


Refused = tuple[str, str]
"""The URN of the refused resource (empty if the engine names none), and the cloud's message."""


def refusal_lines(refused: Iterable[Refused], steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each refusal. A refused resource that refers to another refused one is only counted in its line.

    For example, a changed network range is refused together with all its subnets, but only the network must be fixed.
    """
    steps, found = list(steps), dict[str, list[str]]()
    for urn, text in dict.fromkeys(refused):
        found.setdefault(urn, []).append(text)
    ids = {step["urn"]: str((step["oldState"] or {}).get("id") or "") for step in steps}
    inputs = {step["urn"]: json.dumps((step["newState"] or {}).get("inputs")) for step in steps}

    def cause(urn: str, seen: tuple[str, ...] = ()) -> str:
        others = (each for each in found if each not in (urn, *seen) and ids.get(each))
        named = next((each for each in others if ids[each] in inputs.get(urn, "")), None)
        return cause(named, (*seen, urn)) if named else urn

    causes = {urn: cause(urn) for urn in found}
    # Two resources that refer to each other would each be counted in the other's line. So each gets its own line.
    causes = {urn: root if causes[root] == root else urn for urn, root in causes.items()}
    return [
        _line(urn, text, [each for each, root in causes.items() if root == urn != each and text == texts[0]])
        for urn, texts in found.items()
        if causes[urn] == urn
        for text in texts
    ]


def _line(urn: str, text: str, followers: Sequence[str]) -> str:
    names = [each.rsplit("::", 1)[-1] for each in followers]
    beside = f", and {len(names)} that refer to it ({some(names)})" if names else ""
    name = f"{urn.rsplit('::', 1)[-1]}{beside}: " if urn else ""
    return f"REFUSED: {name}{FORESEEN}: {text}"


def _warnings(events: Iterable[Mapping[str, Any]]) -> Iterator[Refused]:
    for event in events:
        said = event.get("diagnosticEvent") or {}
        if FORESEEN in said.get("message", ""):
            text = said["message"].split(FORESEEN, 1)[1].split("<{%")[0].strip(": \n")
            yield said.get("urn", ""), text


def _deletions(cloud: Cloud, steps: Iterable[Mapping[str, Any]]) -> Iterator[Refused]:
    for entry, error in refused_deletions(cloud, _planned(steps)):
        yield entry.urn, error.answer


def _planned(steps: Iterable[Mapping[str, Any]]) -> Iterator[Planned]:
    created: set[str] = set()
    for step in steps:
        old, new = step["oldState"] or {}, step["newState"] or {}
        if step["op"] == "create-replacement":
            created.add(step["urn"])
        if not old.get("id") or not old.get("type", "").startswith("oci:") or old.get("retainOnDelete"):
            continue
        if step["op"] in _GOES:
            first = step["op"] == "delete-replaced" and step["urn"] not in created
            yield Planned(old["id"], None, first=first)
        elif step["op"] == "update":
            yield Planned(old["id"], new.get("inputs") or {})
