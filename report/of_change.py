"""The report that follows a preview or an `up`: what a reader needs of a change, or of a new stack."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

from report.document.model import Block, Document, Section, Sentence, Table, Value
from report.resources import STACK_TYPE, Resource
from report.sections import SECTIONS
from report.sections.changes import changes
from report.sections.cost import cost
from report.sections.data_at_risk import data_at_risk
from report.sections.found import found_outside
from report.sections.limits import limits
from report.sections.models import models
from report.sections.moved import reach_moved, rights_moved
from report.sections.reach import reach
from report.sections.rights import rights
from report.view import View

_ROWS = 5
"""Rows of a table, the first ones, in the short form."""


Extent = Literal["changes", "brief", "short", "whole"]
"""changes: only what changes. brief: without what the summary of a stack says. short: what a reader needs of the
change. whole: every section."""


def report_of(view: View, *, done: bool, extent: Extent = "short", dangers_told: bool = False) -> Document:
    """The document about the change of a view.

    `done`: whether the change was made. `dangers_told`: whether what is at risk was shown before.
    """
    summarised = extent == "brief" and _is_new(view)
    found = [
        *found_outside(view, whole=extent != "changes"),
        *([] if summarised else [changes(view, done=done)]),
        *_sections(view, extent, done=done),
    ]
    kept = [each for each in found if not (dangers_told and each.key == "dataAtRisk")]
    origin = "an update by the engine" if done else "a preview of the engine"
    origin = "a refresh by the engine" if view.outside else origin
    return Document(stack=view.stack, origin=origin, currency=view.prices.currency, sections=kept)


def left_of_import(view: View, imported: Collection[str]) -> Document:
    """What the program would still change of imported resources.

    The view is that of a preview after the import. `imported`: the URNs that the preview reached.
    """
    changed = [each for each in view.changes or () if each.resource.urn in imported]
    section = changes(replace(view, changes=changed))
    section = replace(section, key="leftOfImport", title="What the program would still change of it")
    return Document(
        stack=view.stack,
        origin="a preview after an import",
        currency=view.prices.currency,
        sections=[section],
    )


def _sections(view: View, extent: Extent, *, done: bool) -> list[Section]:
    # After an `up`, and of a change outside, what is in use contains the change already.
    of_limits = limits(replace(view, before=view.after) if done or view.outside else view)
    if extent == "whole":
        return [of_limits if make is limits else make(view) for make in SECTIONS.values()]
    if extent == "changes" or not (_in_a_cloud(view.after) or view.outside):
        return []
    too_low = [replace(of_limits, blocks=of_limits.alarms)] if of_limits.alarms else []
    return [*too_low, *_of_a_change(view, extent)]


def _of_a_change(view: View, extent: Extent) -> list[Section]:
    if not view.changes:
        return [] if extent == "brief" or view.outside else [_short(cost(view), ())]
    if _is_new(view):
        return _of_a_new_stack(view, brief=extent == "brief")
    return [
        data_at_risk(view),
        _short(cost(view), ("What moves the cost",)),
        *_models(view),
        reach_moved(view),
        rights_moved(view),
    ]


def _of_a_new_stack(view: View, *, brief: bool) -> list[Section]:
    if brief:
        return [_short(reach(view), ()), _counted(rights(view))]
    return [
        _short(cost(replace(view, before=None)), ("By layer",)),
        *_models(view),
        _short(reach(view), ("From the internet",)),
        _counted(rights(view)),
    ]


def _is_new(view: View) -> bool:
    return _in_a_cloud(view.after) and not _in_a_cloud(view.before or ())


def _in_a_cloud(resources: Sequence[Resource]) -> bool:
    return any(each.custom and not each.is_provider and each.type != STACK_TYPE for each in resources)


def _models(view: View) -> list[Section]:
    """The models, if there are GPU pools."""
    found = models(view)
    return [_short(found, ("",))] if found.data["pools"] or found.data["unknownSizes"] else []


def _short(section: Section, titles: Collection[str]) -> Section:
    """A section with its sentences, and the first rows of the tables with these titles."""
    return replace(section, blocks=[each for block in section.blocks for each in _kept(block, titles)])


def _kept(block: Block, titles: Collection[str]) -> Sequence[Block]:
    if isinstance(block, Sentence):
        return [block]
    if not isinstance(block, Table) or block.title not in titles:
        return []
    return [block if block.title == "By layer" else replace(block, most=_ROWS)]


def _counted(section: Section) -> Section:
    """The section on rights, with a count in place of who may do what."""
    short = [each for each in section.blocks if isinstance(each, Sentence) and each.level != "plain"]
    said = Sentence(parts=[Value(path="principals", form="count"), " principals get rights"])
    return replace(section, blocks=[said, *short])
