"""Matches the resources that a stack would create with the existing ones: by type, compartment, name and parent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from facts.problem import Problem
from infra.offline.recording import Registered

from .listings import GONE, LISTINGS, NAMESPACE, Listing

Row = Mapping[str, object]
"""One existing resource, by the SDK's attribute names."""

Rows = Callable[[Listing, str, Mapping[str, str], str], Iterable[Row]]
"""Returns the rows of a list call from the listing, the region, the arguments and the client's address."""


@dataclass(frozen=True)
class Found:
    """A resource of the program, and its import id."""

    resource: Registered
    import_id: str


@dataclass(kw_only=True)
class Matches:
    """The result: what exists, what does not, what is not looked up, and what is not clear."""

    found: list[Found] = field(default_factory=list[Found])
    missing: list[Registered] = field(default_factory=list[Registered])
    not_looked_up: list[Registered] = field(default_factory=list[Registered])
    problems: list[Problem] = field(default_factory=list[Problem])


class Matcher:
    """Walks the resources in the order of their registration, so that parents are known before their children."""

    def __init__(
        self, resources: Sequence[Registered], rows: Rows, namespace: str, chosen: Mapping[str, str]
    ) -> None:
        """`chosen`: ids that the user has chosen, by resource name."""
        self._resources = resources
        self._rows = rows
        self._chosen = dict(chosen)
        self._known: dict[str, str] = {NAMESPACE: namespace}
        self._unknown: set[str] = set()
        self._regions = {
            each.urn: str(each.inputs.get("region", ""))
            for each in resources
            if each.type == "pulumi:providers:oci"
        }
        self.matches = Matches()

    def run(self) -> Matches:
        """Match every resource with an id."""
        for resource in self._resources:
            if resource.custom and not resource.type.startswith("pulumi:"):
                self._match(resource)
        for name, chosen in self._chosen.items():
            allowed = "is not a resource that the stack would create and that is looked up"
            self.matches.problems.append(
                Problem.not_one_of(
                    "--use", f"{name}={chosen}", self._names(), allowed, otherwise="The program names them"
                )
            )
        return self.matches

    def _names(self) -> list[str]:
        return [each.name for each in self._resources if each.type in LISTINGS]

    def _match(self, resource: Registered) -> None:
        listing = LISTINGS.get(resource.type)
        if listing is None:
            self.matches.not_looked_up.append(resource)
            self._unknown.add(resource.id)
            return
        inputs = self._inputs(resource, listing)
        chosen = self._chosen.pop(resource.name, None)
        rows = [] if inputs is None else self._candidates(resource, listing, inputs)
        if chosen is not None:
            rows = self._choose(resource, rows, chosen, listing, inputs or {})
        if len(rows) > 1:
            self.matches.problems.append(_ambiguous(resource, rows, listing, inputs or {}))
        if len(rows) == 1:
            import_id = _filled(listing.id, rows[0], inputs or {})
            self.matches.found.append(Found(resource, import_id))
            self._remember(resource, listing, rows[0])
        elif not rows:
            self.matches.missing.append(resource)
        if len(rows) != 1:
            self._unknown.add(resource.id)
            self._unknown |= {str((resource.outputs or {}).get(output)) for output in listing.outputs}

    def _inputs(self, resource: Registered, listing: Listing) -> dict[str, str] | None:
        """The inputs that the listing needs, with real ids; None if one belongs to a resource that does not exist."""
        arguments = (each.removeprefix("?") for each in listing.arguments.values())
        names = {*arguments, *listing.equal, *listing.optional, listing.endpoint, NAMESPACE}
        found: dict[str, str] = {}
        for name in names:
            value = NAMESPACE if name == NAMESPACE else _input(resource.inputs, name)
            if isinstance(value, str):
                if value in self._unknown:
                    return None
                found[name] = self._known.get(value, value)
        return found

    def _candidates(self, resource: Registered, listing: Listing, inputs: Mapping[str, str]) -> list[Row]:
        arguments = {
            key: source[1:] if source.startswith("=") else inputs[source.removeprefix("?")]
            for key, source in listing.arguments.items()
            if not source.startswith("?") or source[1:] in inputs
        }
        region = self._regions.get(resource.provider.rpartition("::")[0], "")
        rows = self._rows(listing, region, arguments, inputs.get(listing.endpoint, ""))
        return [row for row in rows if row.get("lifecycle_state") not in GONE and _same(row, listing, inputs)]

    def _remember(self, resource: Registered, listing: Listing, row: Row) -> None:
        self._known[resource.id] = str(row.get("id") or row.get("topic_id") or resource.id)
        for output, attribute in listing.outputs.items():
            self._known[str((resource.outputs or {}).get(output))] = str(row.get(attribute))

    def _choose(
        self,
        resource: Registered,
        rows: Sequence[Row],
        chosen: str,
        listing: Listing,
        inputs: Mapping[str, str],
    ) -> list[Row]:
        ids = {_filled(listing.id, row, inputs): row for row in rows}
        if chosen in ids:
            return [ids[chosen]]
        allowed = "must be one of the existing resources that the stack would create under this name"
        fix = f"They are: {', '.join(ids)}" if ids else "There is none"
        self.matches.problems.append(Problem("--use", f"{resource.name}={chosen}", allowed, fix))
        return []


def _input(inputs: Mapping[str, object], path: str) -> object:
    """The value of an input, inside of a block by a dotted path."""
    name, _, rest = path.partition(".")
    value = inputs.get(name)
    return _input(cast("Mapping[str, object]", value), rest) if rest and isinstance(value, Mapping) else value


def _same(row: Row, listing: Listing, inputs: Mapping[str, str]) -> bool:
    required = all(row.get(attribute) == inputs.get(name) for name, attribute in listing.equal.items())
    return required and all(
        name not in inputs or row.get(attribute) == inputs[name]
        for name, attribute in listing.optional.items()
    )


def _filled(form: str, row: Row, inputs: Mapping[str, str]) -> str:
    values = {key: str(value) for key, value in row.items() if isinstance(value, str)} | dict(inputs)
    return form.format_map({**values, "id": str(row.get("id")), "name": str(row.get("name"))})


def _ambiguous(
    resource: Registered, rows: Sequence[Row], listing: Listing, inputs: Mapping[str, str]
) -> Problem:
    ids = ", ".join(_filled(listing.id, row, inputs) for row in rows)
    fix = f"Choose one: --use {resource.name}=ID"
    return Problem(resource.name, ids, f"{len(rows)} existing resources have its name and type", fix)
