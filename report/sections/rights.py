"""Who may do what, in plain words; what is too broad; groups that nothing uses."""

from collections.abc import Sequence

from facts.wording import plural
from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.rights.grants import Grant, Rights, rights_of
from report.view import View

_SHOWN = 12


def rights(view: View) -> Section:
    """The section `rights`."""
    found = rights_of(view.after)
    data = {
        "principals": len({each.who.name for each in found.grants}),
        "grants": [_grant(each) for each in found.grants],
        "broad": [each.sentence for each in found.broad],
        "unusedGroups": [f"{each.kind} {each.name}" for each in found.unused],
        "groupsOfTheTenancy": found.outside,
        "unboundRoles": found.unbound,
        "unreadable": [
            {
                "policy": each.policy.name,
                "path": f"statements[{each.index}]",
                "statement": each.text,
                "reason": getattr(each.parsed, "reason", ""),
            }
            for each in found.unreadable
        ],
        "knownLater": [{"policy": name, "statements": count} for name, count in found.later.items()],
    }
    return Section(
        key="rights",
        title="Rights",
        data=data,
        blocks=_blocks(found),
        failures={"broad-grant": [each.sentence for each in found.broad]},
    )


def _grant(grant: Grant) -> dict[str, object]:
    return {
        "who": grant.who.name,
        "kind": grant.who.kind,
        "members": grant.who.members or None,
        "may": grant.may,
        "broad": [*grant.broad],
        "statements": [*grant.statements],
        "sources": [*grant.sources],
    }


def _blocks(found: Rights) -> list[Block]:
    blocks: list[Block] = [
        Sentence(parts=["BROAD GRANT: ", Value(path=f"broad[{index}]")], level="alarm")
        for index in range(len(found.broad))
    ]
    if not found.grants and not found.unreadable and not found.later:
        return [Sentence(parts=["The stack gives no rights."])]
    grants = [
        [
            [Value(path=f"grants[{index}].who"), *_members(each, index)],
            ["may ", Value(path=f"grants[{index}].may"), *([" [BROAD]"] if each.broad else [])],
        ]
        for index, each in enumerate(found.grants)
    ]
    columns = [Column(name="who"), Column(name="what")]
    blocks.append(Table(title="Grants", columns=columns, rows=grants, most=_SHOWN))
    return [*blocks, *_rest(found)]


def _members(grant: Grant, index: int) -> Sequence[str | Value]:
    return [": ", Value(path=f"grants[{index}].members")] if grant.who.members else []


def _rest(found: Rights) -> list[Block]:
    """What is not a grant."""
    blocks: list[Block] = []
    for path, given, words in (
        ("unusedGroups", found.unused, "No statement names"),
        ("groupsOfTheTenancy", found.outside, "Not in the stack, so of the tenancy"),
        ("unboundRoles", found.unbound, "No binding of the stack gives these roles"),
    ):
        if given:
            blocks.append(Sentence(parts=[f"{words}: ", Value(path=path)]))
    for index in range(len(found.unreadable)):
        at = f"unreadable[{index}]"
        parts = ["CANNOT READ: ", Value(path=f"{at}.statement"), " (", Value(path=f"{at}.policy"), ")"]
        blocks.append(Sentence(parts=parts, level="warning"))
    for index, count in enumerate(found.later.values()):
        parts = [
            f"{plural('statement', count)} of ",
            Value(path=f"knownLater[{index}].policy"),
            " known after `up`",
        ]
        blocks.append(Sentence(parts=parts))
    return blocks
