"""Names for the OCIDs in statements and rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.policies import Place
from report.resources import Resource

COMPARTMENT = "oci:Identity/compartment:Compartment"
TENANCY = "ocid1.tenancy."

_SHOWN = 6
"""The last characters of an OCID, which the console shows too."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """What the stack knows of its OCIDs."""

    names: Mapping[str, str]
    """Names of the stack's resources by OCID."""

    compartments: Mapping[str, str]
    """Names of the stack's own compartments by OCID."""

    above: Mapping[str, str]
    """The compartment above each of the stack's own compartments."""

    own: str | None
    """The compartment with most resources of the stack."""

    def named(self, ocid: str) -> str:
        """The name of a resource, or the end of its OCID."""
        return self.names.get(ocid) or (f"…{ocid[-_SHOWN:]}" if ocid.startswith("ocid1.") else ocid)

    def compartment(self, ocid: str) -> str:
        """A compartment in words."""
        if ocid.startswith(TENANCY):
            return "the tenancy"
        if ocid in self.compartments:
            return f"the compartment {self.compartments[ocid]}"
        return "the stack's compartment" if ocid == self.own else f"the compartment {self.named(ocid)}"

    def said(self, place: Place) -> str:
        """The place of a statement in words."""
        if place.compartment_id:
            return self.compartment(place.compartment_id)
        return f"the compartment {place.path}" if place.path else "the tenancy"

    def covers(self, place: Place, ocid: str | None) -> bool | None:
        """Whether a place is this compartment or contains it. None: the stack does not tell, because the compartment
        above its own is not in the stack, or because the place is given by names."""
        if place.compartment_id is None and place.path is None:
            return True
        if ocid is None:
            return None
        if place.path is not None:
            return self._is_named(place.path, ocid)
        if place.compartment_id is not None and place.compartment_id.startswith(TENANCY):
            return True
        upwards = self._upwards(ocid)
        if place.compartment_id in upwards:
            return True
        # A compartment of the stack that is not above this one does not contain it. Of others nothing is known.
        return False if place.compartment_id in self.compartments or upwards[-1].startswith(TENANCY) else None

    def _is_named(self, path: str, ocid: str) -> bool | None:
        last = path.strip("'").rsplit(":", 1)[-1].lower()
        known = {id for id, name in self.compartments.items() if name.lower() == last}  # noqa: A001
        return bool(known & {*self._upwards(ocid)}) if known else None

    def _upwards(self, ocid: str) -> list[str]:
        """A compartment and those above it, as far as the stack knows them."""
        found = [ocid]
        while found[-1] in self.above and self.above[found[-1]] not in found:
            found.append(self.above[found[-1]])
        return found


def places_of(resources: Sequence[Resource]) -> Places:
    """What these resources tell about OCIDs."""
    own = [each for each in resources if each.type == COMPARTMENT and each.id]
    used = Counter(
        where
        for each in resources
        if each.custom and isinstance(where := each.inputs.get("compartmentId"), str)
        if not where.startswith(TENANCY)
    )
    return Places(
        names={each.id: _name(each) for each in resources if each.id and each.id.startswith("ocid1.")},
        compartments={str(each.id): _name(each) for each in own},
        above={str(each.id): str(each.inputs.get("compartmentId")) for each in own},
        own=used.most_common(1)[0][0] if used else None,
    )


def _name(resource: Resource) -> str:
    for key in ("displayName", "name"):
        if isinstance(found := resource.inputs.get(key), str):
            return found
    return resource.name
