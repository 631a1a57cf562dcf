"""Traffic: how requests reach the engines."""

from typing import Literal

from pydantic import Field

from infra.settings.base import Section

from .candidates import CandidateSettings
from .gateway import GatewayCertificate, GatewayLimits, ModelGatewaySettings, TenantSettings
from .scaling import ModelScaling
from .watching import Watching


class Router(Section):
    """Routers between the gateway and the engines, for every model."""

    implementation: Literal["smg", "vllm-router"] = "smg"
    """The router's program. `smg` answers only the paths and the model that it knows. `vllm-router` passes everything
    on to an engine, and asks every engine for the tokens of each prompt."""

    image: str
    """Repository of an image with the program, e.g. `iad.ocir.io/NAMESPACE/smg`: docs/serving.md says how to build
    one."""

    image_digest: str
    """Digest of the image: `sha256:` and 64 hexadecimal digits."""

    replicas: int = 2
    """Routers of each model, 1 to 20. They share no memory: with more of them, fewer requests find their prompt's
    cache."""

    attempts: int = 5
    """Attempts for a request, the first included, 2 to 10. A stream that has begun is never repeated."""

    breaker_failures: int = 2
    """Failures after which an engine gets no requests, 1 to 10. Must be below `attempts`."""

    breaker_seconds: int = 10
    """Seconds until such an engine is tried again, 1 to 600."""

    health_seconds: int = 2
    """Seconds between health checks of an engine, and their time limit, 1 to 10."""

    cpus: int = 1
    """Processors to reserve for each router, 1 to 32."""

    memory_gib: int = 2
    """Memory of each router in GiB, 1 to 256."""

    options: dict[str, str] = Field(default_factory=dict[str, str])
    """More options of the program, by name without dashes, e.g. `policy`. `true` and `false` set a switch. Options that
    the other keys set, and options that need a key or another part, are refused."""


class Traffic(Section):
    """How requests reach the engines."""

    router: Router | None = None
    """Routers of the models. Default: none, requests go to the engines' Services."""

    watching: Watching | None = None
    """Alert rules and monitors. Default: none."""

    scaling: dict[str, ModelScaling] = Field(default_factory=dict[str, ModelScaling])
    """Models whose number of engines follows the load, by name. It needs `watching`, and `serving.platform.keda` and
    `prometheus`. The model's `replicas` is then only the first number. Default: none."""

    host_name: str | None = None
    """Host name of the gateway, one for the environment. Required with tenants."""

    certificate: GatewayCertificate | None = None
    """The gateway's certificate. Default: TLS ends at the edge's load balancer, so `gateway.backendSet` is required."""

    gateway: ModelGatewaySettings = Field(default_factory=ModelGatewaySettings)
    """The gateway of the models."""

    limits: GatewayLimits = Field(default_factory=GatewayLimits)
    """Limits of all tenants."""

    candidates: dict[str, CandidateSettings] = Field(default_factory=dict[str, CandidateSettings])
    """Other releases of models, by the name of the model (docs/releases.md)."""

    tenants: tuple[TenantSettings, ...] = ()
    """Tenants. The gateway exists if there is at least one."""
