"""Nouns of the stack that manages the tenancy."""

from functools import partial

from components.governance.change_notices import ChangeNotices, ChangeNoticesArgs, NoticeChoices
from components.governance.security_zone import SecurityZone, SecurityZoneArgs, SecurityZoneChoices
from components.governance.vulnerability_scanning import (
    ScanningChoices,
    VulnerabilityScanning,
    VulnerabilityScanningArgs,
)
from tests.infra.settings.nouns.noun import Noun

TENANCY: tuple[Noun, ...] = (
    Noun(
        choices=SecurityZoneChoices,
        path="governance.securityZone",
        section=lambda values: {"managesTenancy": True, "securityZone": values},
        component=SecurityZone,
        args=partial(SecurityZoneArgs, tenancy_id="t", compartment_id="c", zone_name="zone"),
    ),
    Noun(
        choices=ScanningChoices,
        path="governance.scanning",
        section=lambda values: {"managesTenancy": True, "scanning": values},
        component=VulnerabilityScanning,
        args=partial(VulnerabilityScanningArgs, compartment_id="c", scan_name="scans"),
    ),
    Noun(
        choices=NoticeChoices,
        path="governance.notices",
        section=lambda values: {"managesTenancy": True, "notices": values},
        component=ChangeNotices,
        args=partial(ChangeNoticesArgs, tenancy_id="t", topic_id="o", name_prefix="n"),
    ),
)
