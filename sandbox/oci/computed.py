"""Outputs that the provider computes: identifiers, states, times and others."""

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from facts.provider_fields import Field
from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import import_all
from sandbox.oci.engine_values import UNKNOWN
from sandbox.oci.ids import derived_ocid, ocid_type
from sandbox.oci.resource_types import ready_state
from sandbox.oci.schema import Fields

_EMPTY: dict[str, Any] = {"str": "", "int": 0, "float": 0, "bool": False}


@dataclass(frozen=True)
class CreateContext:
    """The data from which a resource's own outputs are computed, on create and on update.

    `outputs` start as the inputs and the general computed values. `old` are the outputs before an update.
    """

    cloud: Cloud
    id: str
    token: str
    region: str
    tenancy: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    old: dict[str, Any] | None

    @property
    def unique(self) -> str:
        """Eleven characters for host names. The same id always gives the same ones."""
        return hashlib.blake2b(self.id.encode()).hexdigest()[:11]


_Outputs = Callable[[CreateContext], dict[str, Any]]
_COMPUTED: dict[str, _Outputs] = {}


def computed(*tokens: str) -> Callable[[_Outputs], _Outputs]:
    """Register the function that computes the outputs of these types, on create and on update."""

    def register(function: _Outputs) -> _Outputs:
        _COMPUTED.update(dict.fromkeys(tokens, function))
        return function

    return register


def outputs_of(context: CreateContext, fields: Fields) -> dict[str, Any]:
    """All outputs of a resource that is created or updated."""
    import_all()
    outputs = context.outputs
    for name, field in fields.items():
        if field.computed and outputs.get(name) is None:
            known = context.old.get(name) if context.old else None
            outputs[name] = known if known is not None else _general(context, name, field)
    outputs["id"] = context.id
    if "timeUpdated" in fields:
        outputs["timeUpdated"] = provider_time()
    found = _COMPUTED.get(context.token)
    if found is not None:
        outputs.update(found(context))
    return {name: value for name, value in outputs.items() if value is not None}


def preview_outputs(fields: Fields, inputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs in the preview of a create: the inputs, and an unknown for each value that the cloud computes."""
    unknown = {name: UNKNOWN for name, field in fields.items() if field.computed and inputs.get(name) is None}
    return {**inputs, **unknown}


def state_of(token: str, fields: Fields, outputs: dict[str, Any]) -> str:
    """The lifecycle state for the model: the resource's own `state` if it has one."""
    field = fields.get("state")
    shown = outputs.get("state") if field is not None and not field.input else None
    return shown or ready_state(token)


def provider_time(at: datetime | None = None) -> str:
    """A time as the provider prints it: 2026-11-21 10:04:21.312 +0000 UTC."""
    at = at or datetime.now(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} +0000 UTC"


def _general(context: CreateContext, name: str, field: Field) -> Any:
    if field.type == "map":
        return {}
    if field.type in ("list", "set"):
        return None if field.single else []
    if field.type == "str":
        return _text(context, name, read_only=not field.input)
    return _EMPTY[field.type]


def _text(context: CreateContext, name: str, *, read_only: bool) -> str:
    """A computed string. It is empty for an optional reference that is not set."""
    if name == "state":
        return ready_state(context.token)
    if name == "displayName":
        return f"{ocid_type(context.token)}{datetime.now(UTC):%Y%m%d%H%M%S}"
    if not read_only:
        return context.tenancy if name == "compartmentId" else ""
    if re.match(r"time(Created|Updated|Modified|Last)", name):
        return provider_time()
    return _identifier(context, name)


def _identifier(context: CreateContext, name: str) -> str:
    host = f"{context.unique}.{context.region}.oci.oraclecloud.com"
    if name in ("compartmentId", "tenancyId", "tenancyOcid", "compartmentOcid"):
        return context.tenancy
    if name.endswith(("Endpoint", "Url")):
        return f"https://{host}"
    known: dict[str, Callable[[], str]] = {
        "etag": lambda: str(uuid.uuid4()),
        "namespace": lambda: namespace_of(context.tenancy),
        "fqdn": lambda: host,
        "hostname": lambda: host,
        "ocid": lambda: derived_ocid(ocid_type(context.token), context.region, context.id),
    }
    return known.get(name, str)()


def namespace_of(tenancy: str) -> str:
    """The tenancy's object storage namespace: twelve letters."""
    digest = hashlib.blake2b(tenancy.encode(), digest_size=12).digest()
    return "ax" + "".join("abcdefghijklmnopqrstuvwxyz"[byte % 26] for byte in digest[:10])
