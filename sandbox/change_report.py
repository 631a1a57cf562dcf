"""The report of a preview, an `up`, a refresh or an import, from the engine's events, without a run of the program."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from report.changes import changes_of
from report.cost import prices_in_use
from report.document import terminal
from report.document.model import Document
from report.engine_json import digest_of_events, is_of_a_refresh
from report.layers import in_order
from report.model_speeds import from_outputs
from report.moments import after_of, before_of, new_outputs, with_drift
from report.of_change import Extent, left_of_import, report_of
from report.pool_limits import pool_limits
from report.resources import as_mapping, as_sequence
from report.stack_sections import stack_sections
from report.view import View
from sandbox.home import Home
from sandbox.oci.cloud import Cloud
from sandbox.own_limits import own_limits
from sandbox.store import open_store
from sandbox.workspace import stack_file


def document_of(
    events: Iterable[Mapping[str, Any]],
    home: Home,
    stack: str,
    *,
    done: bool,
    extent: Extent,
    dangers_told: bool,
) -> Document:
    """The report about the change in these events. Raises InvalidInput and OSError for a wrong price file."""
    digest = digest_of_events(events, done=done)
    view = _view(digest, home, stack)
    with open_store(home.cloud) as store:
        there = own_limits(Cloud(store), view.after)
    return report_of(replace(view, account_limits=there), done=done, extent=extent, dangers_told=dangers_told)


def left_document(
    imported: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]], home: Home, stack: str
) -> Document | None:
    """What the program would still change of imported resources, from the events of the import and of a preview after
    it. None if the preview did not reach all of them."""
    taken = imported_urns(imported)
    digest = digest_of_events(events)
    reached = {str(each["urn"]) for each in _steps(digest)}
    return left_of_import(_view(digest, home, stack), taken) if taken <= reached else None


def imported_urns(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """The URNs of what an import took over, from its events."""
    return {
        str(each["urn"]) for each in _steps(digest_of_events(events, done=True)) if each["op"] == "import"
    }


def _steps(digest: Mapping[str, object]) -> list[Mapping[str, object]]:
    return [as_mapping(each) for each in as_sequence(digest.get("steps"))]


def _view(digest: Mapping[str, object], home: Home, stack: str) -> View:
    steps = _steps(digest)
    before = before_of(steps)
    after = in_order(after_of(steps, before).values())
    view = View(
        stack=stack,
        prices=prices_in_use(os.environ),
        after=after,
        before=in_order(before.values()),
        changes=changes_of(digest),
        outside=is_of_a_refresh(digest),
        pool_limits=pool_limits(stack_sections(stack_file(home.workspace, stack)), stack),
        speeds=from_outputs(new_outputs(steps)) or (),
        unresolved=_known_by(stack),
    )
    return with_drift(view, digest)


def _known_by(stack: str) -> str:
    """How to see what new resources refer to: that takes a run of the program, for which a page does not wait."""
    kept = f"`sandbox preview --stack {stack} --event-log change.json`"
    read = f"`playground report {stack} --preview change.json --resolve`"
    return f"{read} says more, after {kept}"


def rendered(document: Document, keys: Sequence[str], *, verbose: bool, others: bool = False) -> str:
    """The sections with these keys, or the others, as text for this terminal or pipe."""
    kept = [each for each in document.sections if (each.key in keys) != others]
    console = terminal.page_console()
    with console.capture() as captured:
        terminal.show(replace(document, sections=kept), console, verbose=verbose)
    return captured.get().rstrip("\n")
