"""The interface between the component and a router: one plan in, a command line and its paths and ports out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from facts.routers import RouterOption, router_options

from .target import PORT

NAMESPACE_VARIABLE = "POD_NAMESPACE"
"""The pod's own namespace. Kubernetes replaces `$(POD_NAMESPACE)` in a container's arguments."""

HTTP_PORT = PORT
METRICS_PORT = 29000

STARTUP_SECONDS = 10
"""How long a router tries to register an engine that Kubernetes says is ready, before it gives up and tries again. The
routers' defaults of 10 and 30 minutes delay removals, because a broken pod holds up the queue."""


@dataclass(frozen=True, kw_only=True)
class RouterPlan:
    """What a router must do, in no router's terms."""

    selector: Mapping[str, str]
    """Labels of the engine pods, in the router's own namespace."""

    engine_port: int
    request_seconds: int
    """The longest request, with margin."""

    drain_seconds: int
    """Time for running requests after SIGTERM."""

    attempts: int
    """Attempts for a request, the first included."""

    breaker_failures: int
    """Failures in a row after which an engine gets no requests."""

    breaker_seconds: int
    """Seconds until such an engine is tried again."""

    health_seconds: int
    """Seconds between health checks of an engine."""

    options: Mapping[str, str]
    """More options of the program, by name without dashes."""


@dataclass(frozen=True, kw_only=True)
class RouterProgram:
    """A router that can stand before engines."""

    name: str
    """Name of the program, as in `facts.routers`."""

    command: tuple[str, ...]
    live_path: str
    ready_path: str
    refused: Mapping[str, str]
    """Options that a user may not set, each with the reason."""

    own_options: Callable[[RouterPlan], Mapping[str, str | None]]
    """The program's own options for a plan. None is the value of a switch."""

    @property
    def options(self) -> Mapping[str, RouterOption]:
        """All options of the program."""
        return router_options(self.name)

    def arguments(self, plan: RouterPlan) -> list[str]:
        """The arguments after the command."""
        words: list[str] = []
        for name, value in self.own_options(plan).items():
            words += [f"--{name}"] if value is None else [f"--{name}", *value.split(" ")]
        for name, value in plan.options.items():
            if self.options[name].kind != "switch":
                words += [f"--{name}", value]
            elif value == "true":
                words.append(f"--{name}")
        return words


def discovery(plan: RouterPlan) -> dict[str, str | None]:
    """Options of both programs: where to listen, and how to find the engines in the router's own namespace."""
    return {
        "host": "0.0.0.0",  # noqa: S104 - the pod's own network
        "port": str(HTTP_PORT),
        "prometheus-host": "0.0.0.0",  # noqa: S104
        "prometheus-port": str(METRICS_PORT),
        "service-discovery": None,
        "selector": " ".join(f"{key}={value}" for key, value in sorted(plan.selector.items())),
        "service-discovery-namespace": f"$({NAMESPACE_VARIABLE})",
        "service-discovery-port": str(plan.engine_port),
        "worker-startup-timeout-secs": str(STARTUP_SECONDS),
        "worker-startup-check-interval": "1",
    }


def resilience(plan: RouterPlan) -> dict[str, str | None]:
    """Options of both programs: time limits, attempts, breaker and health checks."""
    return {
        "request-timeout-secs": str(plan.request_seconds),
        "retry-max-retries": str(plan.attempts),
        "cb-failure-threshold": str(plan.breaker_failures),
        "cb-timeout-duration-secs": str(plan.breaker_seconds),
        "health-check-interval-secs": str(plan.health_seconds),
        "health-check-timeout-secs": str(plan.health_seconds),
    }


SETTINGS_DECIDE: Mapping[str, str] = {
    **dict.fromkeys(
        ("host", "port", "prometheus-host", "prometheus-port"), "the ports of its Service are fixed"
    ),
    **dict.fromkeys(
        (
            "service-discovery",
            "selector",
            "service-discovery-namespace",
            "service-discovery-port",
            "worker-urls",
            "worker-startup-timeout-secs",
            "worker-startup-check-interval",
        ),
        "the router finds the engines of its model by their labels",
    ),
    "request-timeout-secs": "it follows from the longest answer",
    "retry-max-retries": "`attempts` sets it",
    "cb-failure-threshold": "`breakerFailures` sets it",
    "cb-timeout-duration-secs": "`breakerSeconds` sets it",
    "health-check-interval-secs": "`healthSeconds` sets it",
    "health-check-timeout-secs": "`healthSeconds` sets it",
    "help": "it prints the options and ends",
    **dict.fromkeys(
        ("disable-retries", "disable-circuit-breaker"),
        "an engine that stops would then fail requests",
    ),
    **dict.fromkeys(("api-key",), "a key in plain text would be in the state and in the pod's command line"),
    **dict.fromkeys(
        ("prefill", "decode", "prefill-selector", "decode-selector", "prefill-policy", "decode-policy"),
        "one router serves engines that all do the same",
    ),
    "enable-igw": "one router serves one model",
    "health-check-endpoint": "the engines answer health checks at /health only",
    "rate-limit-tokens-per-second": "the gateway limits tenants",
    "log-dir": "the root file system is read-only, and the logs go to the container's output",
}
"""Options of both programs that a user may not set, each with the reason."""
