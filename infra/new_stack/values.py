"""Values of an account: OCIDs, region, the identity domain's address, node images.

A value of another tenancy or region becomes a placeholder in the form of its kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from facts.ocids import PLACEHOLDER_MARK, is_placeholder, parse_ocid
from facts.regions import REGIONS
from infra.settings.values.ocid import OF_THE_TENANCY

TENANCY, COMPARTMENT, REGION = "tenancy.tenancyId", "tenancy.compartmentId", "tenancy.region"
DOMAIN = "identity.domain.endpoint"
NO_DOMAIN = f"https://idcs-{PLACEHOLDER_MARK}.identity.oraclecloud.com:443"

_OCIR = re.compile(r"[a-z0-9-]+\.ocir\.io/[^/]+/(?P<name>.+)", re.ASCII)
"""An image in Oracle's registry: the host of a region, the namespace of a tenancy, the name."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Tenancy, compartment and region of an environment. Empty: unknown."""

    tenancy_id: str
    compartment_id: str
    region: str


@dataclass(frozen=True, kw_only=True)
class AccountValues:
    """The source's place, the new place, and what the account has answered, by path."""

    old: Place
    new: Place
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    """They replace placeholders, and values of another tenancy or region."""

    fixed: Mapping[str, str] = field(default_factory=dict[str, str])
    """They replace every value, by path."""

    @property
    def another_tenancy(self) -> bool:
        """Whether the source's values belong to another tenancy."""
        return not is_placeholder(self.old.tenancy_id) and self.old.tenancy_id != self.new.tenancy_id

    @property
    def another_compartment(self) -> bool:
        """Whether the new stack is in another compartment than the source. Two placeholders are the same one."""
        return self.another_tenancy or self.old.compartment_id != self.new.compartment_id

    @property
    def another_region(self) -> bool:
        """Whether the new stack is in another region than the source."""
        return self.old.region != self.new.region

    def value(self, path: str, text: str) -> str:
        """The value in the new account. Values that no account owns are not changed."""
        own = {TENANCY: self.new.tenancy_id, COMPARTMENT: self.new.compartment_id, REGION: self.new.region}
        known = {**own, **self.fixed}
        if path in known:
            return known[path]
        if path in self.answers and (is_placeholder(text) or self.another_tenancy or self.another_region):
            return self.answers[path]
        if path == DOMAIN:
            return NO_DOMAIN if self.another_tenancy else text
        if self.another_region and text == self.new.region:
            return self.old.region
        image = _OCIR.fullmatch(text)
        if image and self.another_tenancy:
            return f"{REGIONS[self.new.region].key}.ocir.io/{PLACEHOLDER_MARK}/{image['name']}"
        return self._ocid(text)

    def _ocid(self, text: str) -> str:
        found = parse_ocid(text)
        if found is None:
            return text
        regional = bool(found.region) and found.resource_type not in OF_THE_TENANCY
        if not (self.another_tenancy or (regional and self.another_region)):
            return text
        region = REGIONS[self.new.region]
        place = region.key if regional else ""
        return f"ocid1.{found.resource_type}.{region.realm}.{place}.{PLACEHOLDER_MARK}"


def placeholder(kind: str, region: str) -> str:
    """A placeholder for an OCID of the tenancy, such as a compartment's."""
    return f"ocid1.{kind}.{REGIONS[region].realm}..{PLACEHOLDER_MARK}"
