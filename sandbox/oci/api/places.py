"""The compartment that a query names."""

from collections.abc import Mapping

from facts.ocids import parse_ocid
from facts.regions import REGIONS
from sandbox.oci.account import Account
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter, not_found
from sandbox.oci.rules.references import expected

_NAME = "compartmentId"


def check_compartment(cloud: Cloud, account: Account, query: Mapping[str, tuple[str, ...]]) -> None:
    """400 for another type or realm and for a text that is no OCID, 404 for a compartment that was deleted.

    A compartment that nobody created here is assumed to exist, as in bodies. The statuses are unverified.
    """
    for text in query.get(_NAME, ()):
        if text in ("", account.tenancy):
            continue
        ocid, found, realm = parse_ocid(text), cloud.find(text), REGIONS[account.region].realm
        if ocid is not None and ocid.realm != realm:
            raise invalid_parameter(f"{_NAME}: {text} is in realm {ocid.realm}, the call in {realm}.")
        if found is None:
            cloud.assumable(text, *expected("", _NAME), path=_NAME)
        elif not found.live:
            raise not_found(f"{_NAME}: {text} is being deleted.")
