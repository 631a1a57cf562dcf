"""Who may do what, in plain words; what is too broad; groups that nothing uses."""

from collections.abc import Sequence

from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.rights.grants import Grant, Rights, rights_of
from report.rights.readers import Readable, Reader, readers_of
from report.view import View

_SHOWN = 8


def rights(view: View) -> Section:
    """The section `rights`."""
    found = rights_of(view.after)
    readable = readers_of(view.after, found)
    data = {
        "principals": len({each.who.name for each in found.grants}),
        "grants": [_grant(each) for each in found.grants],
        "readers": [_readable(each) for each in readable],
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
        blocks=_blocks(found, readable),
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


def _readable(found: Readable) -> dict[str, object]:
    return {
        "resource": found.name,
        "type": found.resource.type,
        "urn": found.resource.urn,
        "reads": found.reads,
        "who": [*dict.fromkeys(_reader(each) for each in found.readers)] or ["nobody"],
        "statements": [
            {"who": each.who, "statement": each.statement, "certain": each.certain, "denied": each.denied}
            for each in found.readers
        ],
    }


def _reader(reader: Reader) -> str:
    denied = "denied to " if reader.denied else ""
    more = [reader.condition] if reader.condition else []
    more += [] if reader.certain else ["if the statement's compartment contains it"]
    return f"{denied}{reader.who.partition(':')[0]}" + (f" ({', '.join(more)})" if more else "")


def _readers(readable: Sequence[Readable]) -> list[Block]:
    """Two tables: who reads the content, and who can change what has the data."""
    blocks: list[Block] = []
    for reads, title in ((True, "Who can read it"), (False, "Who can change it, and so get at its data")):
        rows = [
            [
                [Value(path=f"readers[{index}].resource"), f" ({each.kind})"],
                Value(path=f"readers[{index}].who"),
            ]
            for index, each in enumerate(readable)
            if each.reads is reads
        ]
        columns = [Column(name="what"), Column(name="who")]
        blocks += [Table(title=title, columns=columns, rows=rows, most=_SHOWN)] if rows else []
    return blocks


def _blocks(found: Rights, readable: Sequence[Readable]) -> list[Block]:
    blocks: list[Block] = [
        Sentence(parts=["BROAD GRANT: ", Value(path=f"broad[{index}]")], level="alarm")
        for index in range(len(found.broad))
    ]
    if not found.grants and not found.unreadable and not found.later:
        return [Sentence(parts=["The stack gives no rights."])]
    blocks += _readers(readable)
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
            Value(path=f"knownLater[{index}].statements", form="count"),
            " statement of " if count == 1 else " statements of ",
            Value(path=f"knownLater[{index}].policy"),
            " known after `up`",
        ]
        blocks.append(Sentence(parts=parts))
    return blocks
