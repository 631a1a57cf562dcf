"""The draft of a new stack file: its text, its changes, and the values that only its owner knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from facts.cidrs import parse_network
from facts.engine_yaml import read_yaml
from facts.ocids import is_placeholder, parse_ocid
from facts.problem import InvalidInput, Problem, refuse
from infra.project.stackfile import StackFile, project_folder, read_stack_file, stack_names
from infra.settings import Settings, examine
from infra.settings.governance import MANAGES_TENANCY
from infra.settings.network import Network
from infra.settings.rules.derived_names import stack_name_problems
from infra.settings.values.placeholders import filled_places
from infra.settings.values.secrets import leaves

from .encryption import encryption_problems
from .names import Names
from .ranges import Move, free_range, networks_in
from .shared_tags import ignored_tags
from .text import Addition, changed_text
from .values import AccountValues

_OWN = ("tenancy.tenancyId", "tenancy.compartmentId")


@dataclass(frozen=True)
class Change:
    """A value that differs from the source's. `before` is None if the source does not set it, `after` if the new file
    does not."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A new stack file that `check` accepts."""

    name: str
    source: str
    text: str
    changes: Sequence[Change]
    placeholders: Sequence[Problem]
    """The values to find, each with the command or the page that shows it."""

    same: Sequence[str]
    """Paths of OCIDs that both stacks have."""

    @property
    def file(self) -> Path:
        """The file of the new stack."""
        return project_folder() / f"Pulumi.{self.name}.yaml"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A stack to copy from: its settings without problems, and its text."""

    name: str
    settings: Settings
    stack_file: StackFile
    text: str
    content: Mapping[str, object]

    @property
    def file(self) -> str:
        return self.stack_file.name


def read_source(name: str) -> Source:
    """The source. Raises NoStackFileError, or InvalidInput with all problems of its settings."""
    file = read_stack_file(name)
    found = examine(file.sections, name, encrypted=file.encrypted, beside=file.problems)
    if found.settings is None:
        raise InvalidInput(
            found.problems, f"the settings of {name}, which must be correct before they are copied"
        )
    path = project_folder() / file.name
    content = read_yaml(path).value
    return Source(
        name=name,
        settings=found.settings,
        stack_file=file,
        text=path.read_bytes().decode("utf-8-sig"),
        content=cast(Mapping[str, object], content) if isinstance(content, Mapping) else {},
    )


def refuse_name(name: str) -> None:
    """Refuse a name that no stack can have, or that a stack already has."""
    refuse((replace(each, path="NAME") for each in stack_name_problems(name)), "the new stack")
    file = project_folder() / f"Pulumi.{name}.yaml"
    if file.exists() or file.is_symlink():
        fix = "Choose another name: the command overwrites no file"
        refuse([Problem("NAME", name, f"already has the file {file.name}", fix)], "the new stack")


def refuse_encrypted(source: Source, environment: Mapping[str, str]) -> None:
    """Refuse encrypted values that the new stack could not read."""
    problems = encryption_problems(source.content, source.stack_file.encrypted, source.name, environment)
    refuse(problems, f"the values of {source.stack_file.name}")


def used_networks() -> list[IPv4Network]:
    """The ranges of the stacks in the project. Raises InvalidInput for a file that cannot be read."""
    used: list[IPv4Network] = []
    for stack in stack_names():
        sections = read_stack_file(stack).sections
        own = _range(sections)
        if own is not None:
            used += [own, *(each for each in networks_in(sections) if not each.supernet_of(own))]
    return used


def _network(sections: Mapping[str, object]) -> Mapping[str, object]:
    network = sections.get("network")
    return cast(Mapping[str, object], network) if isinstance(network, Mapping) else {}


def _range(sections: Mapping[str, object]) -> IPv4Network | None:
    """The range of a stack's own network; None for a network that exists without the stack."""
    network = _network(sections)
    if network.get("existing"):
        return None
    found = parse_network(str(network.get("cidr", Network().cidr)))
    return found if isinstance(found, IPv4Network) else None


def move_of(source: Source, used: Sequence[IPv4Network], wanted: IPv4Network | None) -> Move | None:
    """The range of the new network; None if the source's network is not its own. Raises InvalidInput."""
    old = _range(source.stack_file.sections)
    if old is None:
        if wanted is not None:
            fix = "Remove --cidr: the network is not created"
            problem = Problem(
                "--cidr", str(wanted), f"is not possible: {source.name} uses an existing network", fix
            )
            refuse([problem], "the command")
        return None
    services = parse_network(source.settings.cluster.services_cidr)
    taken = [*used, *([services] if isinstance(services, IPv4Network) else [])]
    if wanted is None:
        return Move(old, free_range(old, taken))
    other = next((each for each in taken if wanted.overlaps(each)), None)
    if other is not None:
        allowed = f"overlaps {other}, which another stack or the cluster's services use"
        refuse(
            [Problem("--cidr", str(wanted), allowed, "Without --cidr a free range is chosen")],
            "the new stack",
        )
    return Move(old, wanted)


@dataclass(kw_only=True)
class _Changes:
    """Applies all changes to each value, and records them."""

    values: AccountValues
    move: Move | None
    names: Names
    found: dict[str, Change] = field(default_factory=dict[str, Change])

    def value(self, path: str, text: str) -> str:
        new = self.values.value(path, text)
        if new == text and self.move:
            new = self.move.text(text)
        if new == text:
            new = self.names.value(path, text)
        if new != text:
            self.found[path] = Change(path, text, new)
        return new

    def comment(self, text: str) -> str:
        return self.names.comment(self.move.text(text) if self.move else text)


def draft(
    name: str,
    source: Source,
    values: AccountValues,
    move: Move | None,
    *,
    additions: Sequence[Addition] = (),
) -> Draft:
    """The new stack file. Raises InvalidInput if it would not be valid."""
    file, encrypted = source.stack_file, source.stack_file.encrypted
    dns = source.settings.network.edge.dns
    names = Names(source.name, name, dns.zone if dns else None)
    changes = _Changes(values=values, move=move, names=names)
    more = [*additions, *_own_range(source, move), *ignored_tags(source.name, source.settings, values)]
    removals = [
        *_of_the_compartment(source, values),
        *_of_the_tenancy(source, values),
        *_tag_namespace(source, values, names),
    ]
    text = changed_text(
        source.text,
        file.name,
        changes.value,
        changes.comment,
        additions=more,
        removals=removals,
        encrypted=bool(encrypted),
    )
    found, same = _checked(name, source, text, values)
    added = [Change(each.path, None, each.text) for each in more]
    removed = [Change(path, "set", None) for path in removals]
    return Draft(
        name=name,
        source=source.name,
        text=text,
        changes=[*changes.found.values(), *added, *removed],
        placeholders=found,
        same=same,
    )


def _of_the_compartment(source: Source, values: AccountValues) -> list[str]:
    """What only one stack of a compartment may have: the quotas of two would bound each other's resources. A new stack
    in a compartment of its own keeps it."""
    if values.another_compartment or source.settings.governance.quotas is None:
        return []
    return ["governance.quotas"]


def _of_the_tenancy(source: Source, values: AccountValues) -> list[str]:
    """What only one stack of a tenancy may have. A new stack in another tenancy keeps it."""
    governance = source.settings.governance
    if values.another_tenancy or not governance.manages_tenancy:
        return []
    logs = source.settings.observability.logs
    return [
        MANAGES_TENANCY,
        *(f"governance.{key}" for key in governance.of_the_tenancy),
        *(f"observability.logs.{key}" for key in (logs.of_the_tenancy if logs else ())),
    ]


def _tag_namespace(source: Source, values: AccountValues, names: Names) -> list[str]:
    """The name of a namespace that the source's stack creates: it is unique in the tenancy. The default has the new
    stack's name."""
    path, tags = "governance.tags.namespace", source.settings.governance.tags
    if values.another_tenancy or tags is None or not tags.manage or tags.namespace is None:
        return []
    return [path] if names.value(path, tags.namespace) == tags.namespace else []


def _own_range(source: Source, move: Move | None) -> list[Addition]:
    if move is None or move.old == move.new or "cidr" in _network(source.stack_file.sections):
        return []
    return [Addition("network", "cidr", str(move.new))]


def _checked(name: str, source: Source, text: str, values: AccountValues) -> tuple[list[Problem], list[str]]:
    """The placeholders of the new file, and the OCIDs that it shares with the source. Raises InvalidInput."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"Pulumi.{name}.yaml"
        path.write_text(text, encoding="utf-8")
        new = read_stack_file(name, path)
    found = examine(new.sections, name, encrypted=new.encrypted, beside=new.problems)
    refuse(found.problems, f"{path.name}, which was not written")
    places = [
        filled_places(each, stack=name, tenancy=values.new.tenancy_id, compartment=values.new.compartment_id)
        for each in found.placeholders
    ]
    return places, list(_shared(source.text, new.sections))


def _shared(source: str, sections: Mapping[str, object]) -> Sequence[str]:
    return [
        path
        for section, content in sections.items()
        for path, _, text in leaves(section, content)
        if isinstance(text, str)
        and path not in _OWN
        and parse_ocid(text)
        and not is_placeholder(text)
        and text in source
    ]
