"""The report of a preview or an `up`, from the engine's events and without another run of the program."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console

from facts.engine_yaml import read_yaml
from facts.problem import InvalidInput
from report.changes import changes_of
from report.cost import prices_in_use
from report.document import terminal
from report.document.model import Document
from report.engine_json import digest_of_events
from report.layers import in_order
from report.moments import after_of, before_of
from report.of_change import Extent, report_of
from report.pool_limits import pool_limits
from report.resources import as_mapping, as_sequence
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
    steps = [as_mapping(each) for each in as_sequence(digest.get("steps"))]
    before = before_of(steps)
    after = in_order(after_of(steps, before).values())
    with open_store(home.cloud) as store:
        there = own_limits(Cloud(store), after)
    view = View(
        stack=stack,
        prices=prices_in_use(os.environ),
        after=after,
        before=in_order(before.values()),
        changes=changes_of(digest),
        pool_limits=pool_limits(_sections(home, stack), stack),
        # Only the program knows the loads that the models are meant for: `playground report` predicts their speed.
        speeds=(),
        account_limits=there,
    )
    return report_of(view, done=done, extent=extent, dangers_told=dangers_told)


def _sections(home: Home, stack: str) -> Mapping[str, object]:
    """The sections of the stack file, without the name of the project."""
    try:
        content = as_mapping(read_yaml(stack_file(home.workspace, stack)).value)
    except InvalidInput:
        return {}
    return {key.rpartition(":")[2]: value for key, value in as_mapping(content.get("config")).items()}


def rendered(document: Document, keys: Sequence[str], *, verbose: bool, others: bool = False) -> str:
    """The sections with these keys, or the others, as text for this terminal or pipe."""
    kept = [each for each in document.sections if (each.key in keys) != others]
    console = Console(highlight=False)
    with console.capture() as captured:
        terminal.show(replace(document, sections=kept), console, verbose=verbose)
    return captured.get().rstrip("\n")
