"""The placement of hosts: availability domains of the call's region, and fault domains."""

import re
from typing import Final

from facts.regions import FAULT_DOMAINS
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import INSTANCE, POOL, RESERVATION, WITH_HOSTS
from sandbox.oci.rules.reading import fields
from sandbox.oci.services.identity.domains import is_domain_name

_DOMAIN = re.compile(r"\w{4}:[A-Z0-9-]+-AD-[1-9]", re.ASCII)

_STRICT: Final = (POOL, INSTANCE, RESERVATION)
"""Types for which any text that is not an availability domain is refused too."""


@rule("*", on="create update")
def availability_domain(call: Call) -> None:
    """400 for a domain that the call's region does not have; for hosts also for a text that is not a domain."""
    for path, field, text in fields(call.inputs):
        if field != "availabilityDomain" or not text:
            continue
        if _DOMAIN.fullmatch(text) is None and call.token not in _STRICT:
            continue
        if not is_domain_name(text, call.region):
            raise invalid_parameter(f"{path}: {text} is not an availability domain of {call.region}.")


@rule(*WITH_HOSTS, on="create update")
def fault_domain(call: Call) -> None:
    """400 for a fault domain other than FAULT-DOMAIN-1 to FAULT-DOMAIN-3."""
    for path, field, text in fields(call.inputs):
        if field in ("faultDomain", "faultDomains") and text and text not in FAULT_DOMAINS:
            raise invalid_parameter(
                f"{path}: {text} is not a fault domain; there are {', '.join(FAULT_DOMAINS)}."
            )
