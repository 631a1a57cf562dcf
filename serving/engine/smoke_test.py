"""A job that tests a new engine with the kinds of requests that its users will send."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import refuse
from serving.jobs import script
from serving.options import child
from serving.unprivileged import NOBODY

from .job_rules import smoke_test_problems

SCRIPT = "smoke_test.py"
DEFAULT_TIMEOUT_SECONDS = 120
CHECKS = 6
TRIES = 2


@dataclass(frozen=True, kw_only=True)
class SmokeTestArgs:
    """The engine to test, and the values whose change repeats the test."""

    namespace: pulumi.Input[str]
    """Namespace of the job. It must be the engine's, because others may not connect."""

    url: pulumi.Input[str]
    """Address of the engine, without /v1. The job waits until it is known, which is after the engine is ready."""

    model_name: str
    """Name of the model in requests."""

    image: str
    """Image with Python 3.11 or newer, pinned: `name@sha256:…`."""

    tested: Mapping[str, str]
    """Values that the result depends on, such as the engine's image and revision. A change repeats the test."""

    tools: bool | None = None
    """Whether the model supports tool calls, with a parser. Default: yes."""

    timeout_seconds: int | None = None
    """Timeout of one answer. Default: 120."""

    api_key_secret: pulumi.Input[str] | None = None
    """Existing Secret with the engine's key under `api-key`. Default: none."""


class SmokeTest(CheckedArgs, pulumi.ComponentResource):
    """A Job with the smoke test: models, sampled chat, streaming, a tool call, metrics, and health at the end.

    Pulumi waits for it, so `up` fails if engines do not answer. The Job and its log stay until the next test.
    """

    job_name: pulumi.Output[str]
    """Name of the Job, known after the test has passed."""

    def __init__(self, name: str, args: SmokeTestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        timeout = args.timeout_seconds or DEFAULT_TIMEOUT_SECONDS
        refuse(smoke_test_problems(args.image, timeout, path=name), f"smoke test {name}")
        super().__init__("genai:index:SmokeTest", name, {}, opts)
        called = smoke_job_name(args)
        metadata = meta.v1.ObjectMetaArgs(
            name=called,
            namespace=args.namespace,
            labels={"app.kubernetes.io/name": "smoke-test", "app.kubernetes.io/managed-by": "pulumi"},
        )
        code = core.v1.ConfigMap(
            f"{name}-script",
            core.v1.ConfigMapInitArgs(metadata=metadata, data={SCRIPT: script(SCRIPT)}, immutable=True),
            opts=child(self),
        )
        deadline = timeout * (CHECKS + TRIES) * TRIES
        job = batch.v1.Job(
            f"{name}-job",
            batch.v1.JobInitArgs(
                metadata=metadata,
                spec=batch.v1.JobSpecArgs(
                    backoff_limit=TRIES - 1,
                    active_deadline_seconds=deadline,
                    template=core.v1.PodTemplateSpecArgs(
                        metadata=meta.v1.ObjectMetaArgs(labels={"app.kubernetes.io/name": "smoke-test"}),
                        spec=_pod(args, called, timeout),
                    ),
                ),
            ),
            opts=child(
                self,
                pulumi.ResourceOptions(
                    depends_on=[code], custom_timeouts=pulumi.CustomTimeouts(create=f"{deadline + 300}s")
                ),
            ),
        )
        self.job_name = job.metadata.apply(lambda found: found.name or called)
        self.register_outputs({"jobName": self.job_name})


def smoke_job_name(args: SmokeTestArgs) -> str:
    """Name of the Job, which shows what is tested."""
    return f"{args.model_name[:40]}-smoke-{_digest(args, args.timeout_seconds or DEFAULT_TIMEOUT_SECONDS)}"


def _digest(args: SmokeTestArgs, timeout: int) -> str:
    """A new name for each new test: a Job cannot change, and the new Job must run before the old one is deleted."""
    what = [script(SCRIPT), args.image, args.model_name, args.tools, timeout, sorted(args.tested.items())]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:8]


def _pod(args: SmokeTestArgs, code: str, timeout: int) -> "core.v1.PodSpecArgs":
    return core.v1.PodSpecArgs(
        restart_policy="Never",
        enable_service_links=False,
        automount_service_account_token=False,
        security_context=core.v1.PodSecurityContextArgs(
            run_as_non_root=True,
            run_as_user=NOBODY,
            seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
        ),
        containers=[_container(args, timeout)],
        volumes=[core.v1.VolumeArgs(name="script", config_map=core.v1.ConfigMapVolumeSourceArgs(name=code))],
    )


def _container(args: SmokeTestArgs, timeout: int) -> "core.v1.ContainerArgs":
    left_out = ["--leave-out", "tool-call"] if args.tools is False else []
    return core.v1.ContainerArgs(
        name="smoke-test",
        image=args.image,
        command=["python3", "-I", f"/job/{SCRIPT}"],
        args=[
            *("--url", args.url),
            *("--model", args.model_name),
            *("--timeout", str(timeout)),
            *("--report", "/dev/termination-log"),
            *left_out,
        ],
        env=None if args.api_key_secret is None else [_api_key(args.api_key_secret)],
        resources=core.v1.ResourceRequirementsArgs(
            requests={"cpu": "100m", "memory": "64Mi"}, limits={"memory": "256Mi"}
        ),
        security_context=core.v1.SecurityContextArgs(
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
        volume_mounts=[core.v1.VolumeMountArgs(name="script", mount_path="/job", read_only=True)],
    )


def _api_key(secret: pulumi.Input[str]) -> "core.v1.EnvVarArgs":
    key = core.v1.SecretKeySelectorArgs(name=secret, key="api-key")
    return core.v1.EnvVarArgs(name="API_KEY", value_from=core.v1.EnvVarSourceArgs(secret_key_ref=key))
