"""What a preview ends in, from the engine's own events: what the cloud will refuse, then what the change loses."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from report.changes import changes_of
from report.danger import FORESEEN, danger_lines
from sandbox.oci.cloud import Cloud
from sandbox.oci.foresight import Planned, foreseen, refused_deletions
from sandbox.store import Store

_GOES = frozenset({"delete", "delete-replaced"})
_WIDEST = 120


def ending(events: Path, store: Store) -> list[str]:
    """The lines, worst first; none where nothing is refused or lost."""
    found = list(_events(events))
    digest = {"steps": [_step(each) for each in _metadata(found)]}
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    refused = [*_warnings(found), *_deletions(Cloud(store), digest["steps"])]
    lines = [line for text in dict.fromkeys(refused) for line in wrap(text, width, subsequent_indent="  ")]
    return [*lines, *danger_lines(changes_of(digest), width)]


def _events(path: Path) -> Iterator[Mapping[str, Any]]:
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _metadata(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for event in events:
        if "resourcePreEvent" in event:
            yield event["resourcePreEvent"]["metadata"]


def _step(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A step as `preview --json` spells it."""
    kinds = {
        path: {"kind": diff.get("diffKind")} for path, diff in (metadata.get("detailedDiff") or {}).items()
    }
    return {
        "op": metadata["op"],
        "urn": metadata["urn"],
        "oldState": metadata.get("old"),
        "newState": metadata.get("new"),
        "detailedDiff": kinds,
        "replaceReasons": metadata.get("keys"),
        "diffReasons": metadata.get("diffs"),
    }


def _warnings(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for event in events:
        said = event.get("diagnosticEvent") or {}
        if FORESEEN in said.get("message", ""):
            text = said["message"].split(FORESEEN, 1)[1].split("<{%")[0].strip(": \n")
            yield f"REFUSED: {said.get('urn', '').rsplit('::', 1)[-1]}: {FORESEEN}: {text}"


def _deletions(cloud: Cloud, steps: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry, error in refused_deletions(cloud, _planned(steps)):
        yield f"REFUSED: {entry.urn.rsplit('::', 1)[-1]}: {foreseen(error)}"


def _planned(steps: Iterable[Mapping[str, Any]]) -> Iterator[Planned]:
    for step in steps:
        old, new = step["oldState"] or {}, step["newState"] or {}
        if not old.get("id") or not old.get("type", "").startswith("oci:") or old.get("retainOnDelete"):
            continue
        if step["op"] in _GOES:
            yield Planned(old["id"], None)
        elif step["op"] == "update":
            yield Planned(old["id"], new.get("inputs") or {})
