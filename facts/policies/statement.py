"""A policy statement as a value: who may do what, where, and under which conditions. `str()` writes it in OCI's
language."""

from dataclasses import dataclass

from .conditions import Condition


@dataclass(frozen=True)
class Group:
    """The users of a group; with `domain`, of a group in that identity domain."""

    name: str
    domain: str | None = None

    def __str__(self) -> str:
        return f"group {_qualified(self.name, self.domain)}"


@dataclass(frozen=True)
class DynamicGroup:
    """The instances or resources of a dynamic group."""

    name: str
    domain: str | None = None

    def __str__(self) -> str:
        return f"dynamic-group {_qualified(self.name, self.domain)}"


@dataclass(frozen=True)
class Service:
    """An OCI service that acts for itself."""

    name: str

    def __str__(self) -> str:
        return f"service {self.name}"


@dataclass(frozen=True)
class Anyone:
    """Every user and every resource. Use it only with conditions that name the principal."""

    word: str = "any-user"

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True)
class Named:
    """A subject as it is written: several groups, a group by its OCID, a resource."""

    text: str

    def __str__(self) -> str:
        return self.text


Subject = Group | DynamicGroup | Service | Anyone | Named


@dataclass(frozen=True)
class Place:
    """Where the statement applies: a compartment by its OCID or its path of names, or the tenancy if neither is
    given."""

    compartment_id: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        if self.compartment_id:
            return f"compartment id {self.compartment_id}"
        return f"compartment {self.path}" if self.path else "tenancy"

    @classmethod
    def of(cls, ocid: str) -> "Place":
        """The place with this OCID, a compartment's or the tenancy's."""
        return cls() if ocid.startswith("ocid1.tenancy.") else cls(compartment_id=ocid)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One grant, with a verb and a resource type, or with permissions."""

    subject: Subject
    place: Place
    verb: str = ""
    resource: str = ""
    permissions: tuple[str, ...] = ()
    where: Condition | None = None
    kind: str = "Allow"

    def __str__(self) -> str:
        what = f"{{{', '.join(self.permissions)}}}" if self.permissions else f"{self.verb} {self.resource}"
        where = f" where {self.where}" if self.where else ""
        return f"{self.kind} {self.subject} to {what} in {self.place}{where}"


def _qualified(name: str, domain: str | None) -> str:
    if domain:
        return f"'{domain}'/'{name}'"
    plain = name.replace("-", "").replace("_", "").isalnum()
    # Without quotes, the word `id` announces an OCID.
    return name if plain and name.lower() != "id" else f"'{name}'"
