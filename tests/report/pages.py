"""The page of a change, as a terminal of 80 columns shows it."""

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from facts.prices import load_prices
from report.changes import changes_of
from report.document.terminal import show
from report.engine_json import is_of_a_refresh
from report.moments import after_of, before_of, with_drift
from report.of_change import Extent, report_of
from report.resources import as_mapping, as_sequence
from report.view import View


def page_of(
    digest: Mapping[str, object], *, done: bool, extent: Extent = "short", told: bool = False, **more: Any
) -> str:
    """`digest`: in the form of `preview --json`. `more`: further fields of the view."""
    steps = [as_mapping(each) for each in as_sequence(digest["steps"])]
    before = before_of(steps)
    view = View(
        stack="staging",
        prices=load_prices(),
        before=[*before.values()],
        after=[*after_of(steps, before).values()],
        changes=changes_of(digest),
        outside=is_of_a_refresh(digest),
        **more,
    )
    out = io.StringIO()
    document = report_of(with_drift(view, digest), done=done, extent=extent, dangers_told=told)
    show(document, Console(file=out, width=80, highlight=False))
    return out.getvalue()
