"""Wrong management of the tenancy: the mistake, changes to a valid configuration, path and message of the problem."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.wrong.case import Wrong

WORK = "ocid1.compartment.oc1..aaaaaaaawork"


def managing(**keys: Any) -> list[Change]:
    """Changes that make the stack the manager of the tenancy, with these keys."""
    return [("governance", {"managesTenancy": True, **keys})]


TENANCY: list[Wrong] = [
    Wrong(
        "a manager of the tenancy outside the home region",
        [("tenancy.homeRegion", "us-phoenix-1"), *managing()],
        "governance.managesTenancy",
        "must be set by a stack in us-phoenix-1, the home region: identity's events occur only there",
    ),
    Wrong(
        "Cloud Guard in a stack that does not manage the tenancy",
        [("governance", {"cloudGuard": {}})],
        "governance.cloudGuard",
        "must be set by the stack that manages the tenancy, which sets governance.managesTenancy",
    ),
    Wrong(
        "a tag of creators in a stack that does not manage the tenancy",
        [("governance", {"creatorTag": True})],
        "governance.creatorTag",
        "must be set by the stack that manages the tenancy, which sets governance.managesTenancy",
    ),
    Wrong(
        "an unknown reporting region",
        managing(cloudGuard={"reportingRegion": "us-asburn-1"}),
        "governance.cloudGuard.reportingRegion",
        "'us-asburn-1'; must be the name of an OCI region. Did you mean `us-ashburn-1`?",
    ),
    Wrong(
        "a reporting region of another realm",
        managing(cloudGuard={"reportingRegion": "uk-gov-london-1"}),
        "governance.cloudGuard.reportingRegion",
        "'uk-gov-london-1'; must be in realm oc1",
    ),
    Wrong(
        "a reporting region of a Cloud Guard that somebody else configures",
        managing(cloudGuard={"enabledElsewhere": True, "reportingRegion": "us-ashburn-1"}),
        "governance.cloudGuard.reportingRegion",
        "must not be set with enabledElsewhere: only the configuration of Cloud Guard has it",
    ),
    Wrong(
        "a target with an invalid name",
        managing(cloudGuard={"compartments": {"All of it": WORK}}),
        "governance.cloudGuard.compartments",
        "'All of it'; must be 1 to 63 lower-case letters, digits and hyphens, a letter first",
    ),
    Wrong(
        "a target that is not a compartment",
        managing(cloudGuard={"compartments": {"work": "ocid1.vcn.oc1.iad.aaaaaaaavcn"}}),
        "governance.cloudGuard.compartments.work",
        "must be the OCID of compartment or tenancy, not of vcn",
    ),
    Wrong(
        "two targets of one compartment",
        managing(cloudGuard={"compartments": {"one": WORK, "two": WORK}}),
        "governance.cloudGuard.compartments.two",
        "must have a target of its own; governance.cloudGuard.compartments.one has the one of this compartment",
    ),
    Wrong(
        "a target with the name of the tenancy's own",
        managing(cloudGuard={"compartments": {"tenancy": WORK}}),
        "governance.cloudGuard.compartments.tenancy",
        "must have another name: the tenancy's own target has this name",
    ),
    Wrong(
        "a security zone without Cloud Guard",
        managing(securityZone={}),
        "governance.securityZone",
        "must not be set without governance.cloudGuard: security zones need Cloud Guard",
    ),
    Wrong(
        "a security zone without customer keys",
        [
            ("vault", {"kind": "none"}),
            ("cluster.secretsKeyId", "ocid1.key.oc1.iad.aaaaaaaakey"),
            *managing(cloudGuard={}, securityZone={}),
        ],
        "governance.securityZone.policies",
        "boot_volume_without_vault_key, buckets_without_vault_key, file_system_without_vault_key without a vault: "
        "nothing would have a customer's key. Set vault.kind to shared or private",
    ),
    Wrong(
        "an unknown policy of a security zone",
        managing(cloudGuard={}, securityZone={"policies": ["public_bucket"]}),
        "governance.securityZone.policies[0]",
        "'public_bucket'; must be a policy of security zones. Did you mean `public_buckets`?",
    ),
    Wrong(
        "scans on a day that does not exist",
        managing(scanning={"day": "SUN"}),
        "governance.scanning.day",
        "'SUN'; must be a day of the week",
    ),
    Wrong(
        "a repository twice",
        managing(scanning={"repositories": ["smg", "smg"]}),
        "governance.scanning.repositories[1]",
        "'smg'; must not be repeated",
    ),
    Wrong(
        "a repository with its registry and tag",
        managing(scanning={"repositories": ["iad.ocir.io/space/smg:1.0"]}),
        "governance.scanning.repositories[0]",
        "must be the name of a repository: lower-case letters",
    ),
    Wrong(
        "no image of a repository",
        managing(scanning={"repositories": [], "images": 0}),
        "governance.scanning.images",
        "0; must be 1 or more",
    ),
    Wrong(
        "notices without a topic",
        [*managing(notices={}), ("observability", {"topics": []})],
        "governance.notices.topic",
        "must be set: no topic in observability.topics gets WARNING",
    ),
    Wrong(
        "notices to a topic that does not exist",
        [
            *managing(notices={"topic": "securty"}),
            ("observability", {"topics": [{"name": "security"}]}),
        ],
        "governance.notices.topic",
        "'securty'; must be in observability.topics. Did you mean `security`?",
    ),
    Wrong(
        "notices that nobody gets",
        [*managing(notices={}), ("observability", {"topics": [{"name": "security"}]})],
        "governance.notices.topic",
        "'security'; must have a subscription",
    ),
    Wrong(
        "an unknown kind of change",
        [
            *managing(notices={"without": ["signins"]}),
            (
                "observability",
                {
                    "topics": [
                        {
                            "name": "security",
                            "subscriptions": {"team": {"protocol": "EMAIL", "endpoint": "a@example.com"}},
                        }
                    ]
                },
            ),
        ],
        "governance.notices.without[0]",
        "'signins'; must be a kind of change. Did you mean `sign-ins`?",
    ),
]
