"""The grants of a stack, by principal: the statements of its policies, and the bindings of its cluster."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from facts.policies import Condition, Statement, Unreadable, parse_statement
from report.resources import Resource, as_sequence

from .broad import POLICY, Broad, broad_grants, broad_statement
from .conditions import what_in_words
from .groups import KnownGroup, find, groups_of, named_in, unused
from .places import Places, places_of
from .principals import KINDS, Who, listed, principals_of
from .roles import bound, unbound


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One principal and what it may do."""

    who: Who
    may: str
    """In words, for example `read objects in the bucket model-artifacts of the compartment genai`."""

    statements: Sequence[str]
    """The statements as they are written. For Kubernetes: the binding and its role."""

    sources: Sequence[str]
    """The policies or bindings, by their names in the stack."""

    broad: Sequence[str] = ()
    """Why it is too broad."""

    denied: bool = False


@dataclass(frozen=True, kw_only=True)
class Written:
    """A statement of a policy as it is written."""

    policy: Resource
    index: int
    text: str
    parsed: Statement | Unreadable


@dataclass(frozen=True, kw_only=True)
class Rights:
    """Everything that the section says, except who can read what."""

    grants: Sequence[Grant]
    broad: Sequence[Broad]
    unreadable: Sequence[Written]
    later: Mapping[str, int]
    """How many statements of a policy are not known yet."""

    unused: Sequence[KnownGroup]
    outside: Sequence[str]
    """Groups that statements name and that are not in the stack."""

    unbound: Sequence[str]
    """Roles of the cluster that nothing binds."""

    places: Places
    groups: Sequence[KnownGroup] = field(default_factory=list[KnownGroup])


def rights_of(resources: Sequence[Resource]) -> Rights:
    """The rights that these resources give."""
    places, groups = places_of(resources), groups_of(resources)
    statements = [*written(resources)]
    parsed = [each.parsed for each in statements if isinstance(each.parsed, Statement)]
    bindings = [*bound(resources, groups, places)]
    used = [named for each in parsed for named in named_in(each.subject)]
    used += [("group", name) for _, name in bindings if name]
    grants = [*_merged(statements, groups, places)]
    grants += [
        Grant(who=each.who, may=each.may, statements=each.written, sources=[each.source], broad=each.broad)
        for each, _ in bindings
    ]
    return Rights(
        grants=sorted(grants, key=lambda each: (not each.broad, KINDS.index(each.who.kind), each.who.name)),
        broad=broad_grants(resources),
        unreadable=[each for each in statements if isinstance(each.parsed, Unreadable)],
        later=_later(resources),
        unused=unused(groups, used),
        outside=sorted(
            {f"{kind} {places.named(name)}" for kind, name in used if not find(groups, kind, name)}
        ),
        unbound=[*unbound(resources)],
        places=places,
        groups=groups,
    )


def written(resources: Sequence[Resource]) -> Iterator[Written]:
    """The statements whose text is known."""
    for policy in resources:
        if policy.type == POLICY:
            for index, text in enumerate(as_sequence(policy.inputs.get("statements"))):
                if isinstance(text, str):
                    yield Written(policy=policy, index=index, text=text, parsed=parse_statement(text))


def _later(resources: Sequence[Resource]) -> dict[str, int]:
    found: dict[str, int] = {}
    for policy in resources:
        if policy.type == POLICY:
            given = policy.inputs.get("statements")
            unknown = [each for each in as_sequence(given) if not isinstance(each, str)]
            if count := len(unknown) if isinstance(given, list | tuple) else 1:
                found[policy.name] = count
    return found


_Key = tuple[Who, str, str, str, bool]


def _merged(statements: Sequence[Written], groups: Sequence[KnownGroup], places: Places) -> Iterator[Grant]:
    """One grant for statements that differ only in the resource type or the permission."""
    whats: dict[_Key, list[str]] = {}
    first: dict[_Key, tuple[Condition | None, Grant]] = {}
    for each in statements:
        statement = each.parsed
        if not isinstance(statement, Statement):
            continue
        denied = statement.kind.lower() == "deny"
        verb = "use the permission" if statement.permissions else statement.verb
        what = list(statement.permissions) or [statement.resource.replace("-", " ").lower()]
        broad = broad_statement(each.text)
        for who, rest in principals_of(statement, groups, places):
            # A broad grant stays alone, so that the report shows its statement.
            key = (who, verb, f"{places.said(statement.place)}{'|'.join(broad)}", str(rest), denied)
            whats.setdefault(key, []).extend(each for each in what if each not in whats.get(key, []))
            _, known = first.get(key, (None, None))
            first[key] = (
                rest,
                Grant(
                    who=who,
                    may=places.said(statement.place),
                    statements=[*(known.statements if known else ()), each.text],
                    sources=sorted({*(known.sources if known else ()), each.policy.name}),
                    broad=broad,
                    denied=denied,
                ),
            )
    for key, (rest, grant) in first.items():
        verb = key[1] + ("s" if key[1].endswith("permission") and len(whats[key]) > 1 else "")
        may = what_in_words(f"{verb} {listed(whats[key])}", rest, grant.may, places)
        yield replace(grant, may=f"not {may}" if grant.denied else may)
