"""The permissions of connectors to write to their targets. The Console adds them by itself, the API does not.

Source: `facts/connectors.py`.
"""

from collections.abc import Mapping

from facts.connectors import BUCKET, NEEDED, PRINCIPAL, STREAM, TARGET_VARIABLE
from facts.policies import All, Anyone, Place, Statement, Test

Statements = Mapping[str, Statement]


def connector_grants(kind: str, target: str, target_compartment_id: str, compartment_id: str) -> Statements:
    """What the connectors of a compartment need for one target.

    `kind`: the target's kind in the API. `target`: a bucket's name, or an OCID. Topics and functions have no variable,
    so their statements hold for all of the target's compartment.
    """
    tests = [Test("request.principal.type", PRINCIPAL)]
    if kind in (BUCKET, STREAM):
        tests.append(Test(TARGET_VARIABLE[kind], target))
    tests.append(Test("request.principal.compartment.id", compartment_id))
    return {
        f"connectors {verb} {resource}": Statement(
            subject=Anyone(),
            verb=verb,
            resource=resource,
            place=Place.of(target_compartment_id),
            where=All(tuple(tests)),
        )
        for verb, resource in NEEDED[kind]
    }
