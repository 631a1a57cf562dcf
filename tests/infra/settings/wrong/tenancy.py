"""Wrong management of the tenancy: the mistake, changes to a valid configuration, path and message of the problem."""

from tests.infra.settings.wrong.case import Wrong

TENANCY: list[Wrong] = [
    Wrong(
        "a manager of the tenancy outside the home region",
        [("tenancy.homeRegion", "us-phoenix-1"), ("governance", {"managesTenancy": True})],
        "governance.managesTenancy",
        "must be set by a stack in us-phoenix-1, the home region: identity's events occur only there",
    ),
]
