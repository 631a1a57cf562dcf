"""What a refresh found outside the stack, before the engine's own steps: the sections of its own change, shortened."""

from collections.abc import Iterator
from dataclasses import replace

from report.document.model import Block, Section, Sentence, Table
from report.resources import as_sequence
from report.sections.changes import changes
from report.sections.cost import cost
from report.sections.data_at_risk import data_at_risk
from report.sections.moved import reach_moved, rights_moved
from report.view import View

KEYS = ("foundChanges", "foundDataAtRisk", "foundCost", "foundReachOfChange", "foundRightsOfChange")
"""The keys of these sections: `found`, and the key of the section of which each is a short form."""

_MOVES = ("internet", "opened", "ports", "closed", "given", "taken", "alarms", "closedPairs", "broad")
"""Parts of the sections on reach and rights that say that something moved."""


def found_outside(view: View, *, whole: bool = True) -> list[Section]:
    """The sections about what a refresh found; empty if it found nothing. Without `whole`: only what differs.

    No section fails `--fail-on`: nothing of it is asked for, and the change may set it back.
    """
    if view.found is None:
        return []
    sections = [_listed(view.found), *(_meanings(view.found) if whole else ())]
    return [
        replace(
            each,
            key=f"found{each.key[0].upper()}{each.key[1:]}",
            title="Found by the refresh"
            if each.key == "changes"
            else f"Found by the refresh: {each.title.lower()}",
            blocks=[*map(_marked, each.blocks)],
            failures={},
        )
        for each in sections
    ]


def _listed(found: View) -> Section:
    section = changes(found)
    tables = [each for each in section.blocks if isinstance(each, Table)]
    said = Sentence(parts=["This was changed outside the stack. The engine's own steps begin with it."])
    return replace(section, blocks=[*tables, said])


def _meanings(found: View) -> Iterator[Section]:
    danger = data_at_risk(found)
    if danger.alarms:
        yield danger
    money = cost(found)
    moved = [each for each in money.blocks if isinstance(each, Table) and each.title == "What moves the cost"]
    if moved:
        yield replace(money, blocks=moved)
    for section in (reach_moved(found), rights_moved(found)):
        if any(as_sequence(section.data.get(each)) for each in _MOVES):
            yield section


def _marked(block: Block) -> Block:
    """An alarm names the refresh: the one of the change itself looks the same."""
    if not isinstance(block, Sentence) or block.level != "alarm":
        return block
    return replace(block, parts=["FOUND BY THE REFRESH: ", *block.parts])
