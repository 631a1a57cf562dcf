"""The account, read with the OCI SDK."""

# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportOptionalMemberAccess=false

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol, cast

import oci

from infra.settings.tenancy import Tenancy
from report.limits.account import Scope

from .image_checks import NodeImageFacts
from .limit_checks import Availability
from .login import Login
from .preflight import Reservation


class _Row(Protocol):
    """One element of a response, with the SDK's attribute names."""

    def __getattr__(self, name: str) -> object: ...


class OracleAccount:
    """Implements preflight's Account with the SDK. It needs only `inspect` and `read` permissions."""

    def __init__(self, login: Login, tenancy: Tenancy) -> None:
        self._login = login
        self._tenancy_id = tenancy.tenancy_id
        self._compartment_id = tenancy.compartment_id
        self._definitions: dict[str, _Row | None] = {}

    @cached_property
    def _identity(self) -> oci.identity.IdentityClient:
        return self._login.client(oci.identity.IdentityClient)

    @cached_property
    def _compute(self) -> oci.core.ComputeClient:
        return self._login.client(oci.core.ComputeClient)

    @cached_property
    def _regions(self) -> Sequence[_Row]:
        return self._identity.list_region_subscriptions(self._tenancy_id).data

    def subscribed_regions(self) -> Sequence[str]:
        return sorted(str(row.region_name) for row in self._regions)

    def home_region(self) -> str:
        return next(str(row.region_name) for row in self._regions if row.is_home_region)

    def availability_domains(self) -> Sequence[str]:
        rows: Sequence[_Row] = self._identity.list_availability_domains(self._tenancy_id).data
        return sorted(str(row.name) for row in rows)

    def shapes(self, availability_domain: str) -> Sequence[str]:
        rows: Sequence[_Row] = oci.pagination.list_call_get_all_results(
            self._compute.list_shapes, self._compartment_id, availability_domain=availability_domain
        ).data
        return sorted({str(row.shape) for row in rows})

    @cached_property
    def _limits(self) -> oci.limits.LimitsClient:
        return self._login.client(oci.limits.LimitsClient)

    def _definition(self, name: str) -> _Row | None:
        """What OCI says about a limit: the service that it belongs to, and whether it is one of each domain."""
        if name not in self._definitions:
            rows = self._limits.list_limit_definitions(self._tenancy_id, name=name).data
            self._definitions[name] = next(iter(rows), None)
        return self._definitions[name]

    def limit(self, name: str, availability_domain: str | None) -> Availability:
        row = self._definition(name)
        if row is None:
            return Availability(None, None)
        service, scope = str(row.service_name), cast("Scope", row.scope_type)
        where = {"availability_domain": availability_domain} if scope == "AD" else {}
        if scope == "AD" and availability_domain is None:
            return Availability(None, None, service=service, scope=scope)
        try:
            found = self._limits.get_resource_availability(service, name, self._tenancy_id, **where).data
            own = self._limits.get_resource_availability(service, name, self._compartment_id, **where).data
        except oci.exceptions.ServiceError as error:
            if error.status not in (400, 404):
                raise
            return Availability(None, None, service=service, scope=scope)
        quota = own.effective_quota_value
        return Availability(
            found.available, found.used, None if quota is None else int(quota), service=service, scope=scope
        )

    def reservation(self, reservation_id: str, shape: str) -> Reservation | None:
        try:
            found = self._compute.get_compute_capacity_reservation(reservation_id).data
        except oci.exceptions.ServiceError as error:
            if error.status == 404:
                return None
            raise
        rows = [row for row in found.instance_reservation_configs or () if row.instance_shape == shape]
        if not rows:
            return None
        return Reservation(
            sum(int(row.reserved_count or 0) for row in rows), sum(int(row.used_count or 0) for row in rows)
        )

    def agent_plugins(self, system: str, release: str) -> Sequence[str]:
        client = self._login.client(oci.compute_instance_agent.PluginconfigClient)
        rows: Sequence[_Row] = oci.pagination.list_call_get_all_results(
            client.list_instanceagent_available_plugins, self._compartment_id, system, release
        ).data
        return sorted(str(row.name) for row in rows if row.is_supported)

    def capacity(self, shape: str, availability_domain: str) -> tuple[str, int | None]:
        models = oci.core.models
        report = self._compute.create_compute_capacity_report(
            models.CreateComputeCapacityReportDetails(
                compartment_id=self._tenancy_id,
                availability_domain=availability_domain,
                shape_availabilities=[
                    models.CreateCapacityReportShapeAvailabilityDetails(instance_shape=shape)
                ],
            )
        ).data
        row = report.shape_availabilities[0]
        return str(row.availability_status), row.available_count

    def kubernetes_versions(self) -> Sequence[str]:
        client = self._login.client(oci.container_engine.ContainerEngineClient)
        return [str(version) for version in client.get_cluster_options("all").data.kubernetes_versions]

    def image(self, image_id: str) -> NodeImageFacts | None:
        try:
            row = self._compute.get_image(image_id).data
        except oci.exceptions.ServiceError as error:
            if error.status == 404:
                return None
            raise
        return NodeImageFacts(
            name=str(row.display_name),
            system=str(row.operating_system),
            release=str(row.operating_system_version or ""),
        )

    def image_shapes(self, image_id: str) -> Sequence[str] | None:
        if self.image(image_id) is None:
            return None
        rows: Sequence[_Row] = oci.pagination.list_call_get_all_results(
            self._compute.list_image_shape_compatibility_entries, image_id
        ).data
        return sorted(str(row.shape) for row in rows)
