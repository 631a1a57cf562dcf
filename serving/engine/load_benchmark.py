"""A job that measures an engine under load, and stores the results in a bucket."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch, core, meta

from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_TAINT_KEY
from facts.problem import Problem, refuse
from serving.engine.environment import OFFLINE
from serving.options import child
from serving.unprivileged import unprivileged
from serving.weights.hub_token import TOKEN_KEY
from serving.weights.weights_mount import MountedWeightsArgs, wait_container, weights_mounts, weights_volumes

from .job_rules import benchmark_problems, load_of
from .results import RESULTS, job_mounts, job_volumes, rclone_container, script_map
from .server_rules import image_problems

SCRIPT = "load_benchmark.py"
DEADLINE_SECONDS = 3600
WAIT_SECONDS = 600
"""How long the job waits for weights on a new node. A node with an engine already has them."""

FETCH = 'rclone copy "$FROM" /results --include last.json || [ $? -eq 3 ]'
"""rclone exits with 3 if the folder does not exist, as in the first run."""

KEEP = """rclone copy /results "$FROM" --exclude regression.txt
if [ -e /results/regression.txt ]; then cat /results/regression.txt; exit 1; fi"""


@dataclass(frozen=True, kw_only=True)
class LoadBenchmarkArgs:
    """The engine to measure, the load, and the place of the results."""

    namespace: pulumi.Input[str]
    """Namespace of the job. It must be the engine's, because others may not connect."""

    url: pulumi.Input[str]
    """Address of the engine, without /v1."""

    model_name: str
    """Name of the model in requests."""

    repository: str
    """The model's repository on the hub, from which the benchmark loads the tokenizer."""

    image: str
    """The engine's image, pinned. It contains `vllm bench` of the engine's own version."""

    rclone_image: str
    """Image of rclone, pinned: `name@sha256:…`."""

    bucket: pulumi.Input[str]
    """Name of the bucket for results."""

    bucket_namespace: pulumi.Input[str]
    """Object Storage namespace of the bucket."""

    compartment_id: pulumi.Input[str]
    """OCID of the bucket's compartment."""

    region: str
    """Region of the bucket, e.g. `us-ashburn-1`."""

    prefix: str | None = None
    """Folder in the bucket, with a folder of results for each model. Default: `benchmarks`."""

    schedule: str | None = None
    """When it runs, as a cron expression in UTC. Default: never by itself. Run it with
    `kubectl create job --from=cronjob/MODEL-benchmark NAME`."""

    requests: int | None = None
    """Requests per run. Default: 512."""

    concurrency: int | None = None
    """Requests at the same time. Default: 64."""

    input_tokens: int | None = None
    """Tokens per prompt. Default: 1,024."""

    output_tokens: int | None = None
    """Tokens per answer. Default: 256."""

    tolerance_percent: int | None = None
    """How much worse than the last run a result may be, in percent: 1 to 90. Default: 10."""

    node_selector: Mapping[str, str] | None = None
    """Nodes to run on. The engine's nodes already have its image. The job requests no GPU. Default: any."""

    weights: MountedWeightsArgs | None = None
    """Staged weights, from which the tokenizer is read. Default: it is downloaded from the hub."""

    weights_folder: str | None = None
    """Folder of the staged weights: `weights_folder(model, revision)`. Required with `weights`."""

    hugging_face_secret: pulumi.Input[str] | None = None
    """Existing Secret with a token for a gated model's tokenizer, under `token`. Default: none."""


class LoadBenchmark(CheckedArgs, pulumi.ComponentResource):
    """A CronJob that reads the last result, measures with `vllm bench serve`, stores the new result, and fails if it is
    worse.

    Its service account accesses the bucket through OKE workload identity, which needs a policy: list the bucket,
    and read, add and overwrite objects in `results_folder`.
    """

    cron_job_name: pulumi.Output[str]
    """Name of the CronJob."""

    service_account: pulumi.Output[str]
    """Name of the service account, for the policy."""

    def __init__(
        self, name: str, args: LoadBenchmarkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"benchmark {name}")
        super().__init__("genai:index:LoadBenchmark", name, {}, opts)
        called = account_name(args.model_name)
        labels = {"app.kubernetes.io/name": "load-benchmark", "app.kubernetes.io/managed-by": "pulumi"}
        metadata = meta.v1.ObjectMetaArgs(name=called, namespace=args.namespace, labels=labels)
        account = core.v1.ServiceAccount(
            f"{name}-account", core.v1.ServiceAccountInitArgs(metadata=metadata), opts=child(self)
        )
        code, held = script_map(
            f"{name}-script",
            SCRIPT,
            prefix=called,
            namespace=args.namespace,
            labels=labels,
            opts=child(self),
        )
        cron = batch.v1.CronJob(
            f"{name}-cron-job",
            batch.v1.CronJobInitArgs(metadata=metadata, spec=_cron(args, called, code, labels)),
            opts=child(self, pulumi.ResourceOptions(depends_on=[account, held])),
        )
        self.cron_job_name = cron.metadata.apply(lambda found: found.name or called)
        self.service_account = account.metadata.apply(lambda found: found.name or called)
        self.register_outputs({"cronJobName": self.cron_job_name, "serviceAccount": self.service_account})


def account_name(model_name: str) -> str:
    """Name of a benchmark's service account and of its CronJob, which may have at most 52 characters."""
    return f"{model_name[:41]}-benchmark"


def results_folder(prefix: str, model_name: str) -> str:
    """Folder of a model's results in the bucket."""
    return f"{prefix}/{model_name}"


def _problems(args: LoadBenchmarkArgs, path: str) -> Iterator[Problem]:
    yield from image_problems(args.image, f"{path}.image")
    yield from image_problems(args.rclone_image, f"{path}.rcloneImage")
    yield from benchmark_problems(args, path=path)


def _cron(
    args: LoadBenchmarkArgs, account: str, code: str, labels: Mapping[str, str]
) -> "batch.v1.CronJobSpecArgs":
    return batch.v1.CronJobSpecArgs(
        # A CronJob needs a schedule even if it is suspended.
        schedule=args.schedule or "0 0 1 1 *",
        suspend=args.schedule is None,
        time_zone="Etc/UTC",
        # Two runs at the same time would disturb each other.
        concurrency_policy="Forbid",
        job_template=batch.v1.JobTemplateSpecArgs(
            spec=batch.v1.JobSpecArgs(
                backoff_limit=0,
                active_deadline_seconds=DEADLINE_SECONDS,
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=labels), spec=_pod(args, account, code)
                ),
            )
        ),
    )


def _pod(args: LoadBenchmarkArgs, account: str, code: str) -> "core.v1.PodSpecArgs":
    folder = results_folder(load_of(args).prefix, args.model_name)
    return core.v1.PodSpecArgs(
        restart_policy="Never",
        enable_service_links=False,
        service_account_name=account,
        node_selector=args.node_selector,
        tolerations=[core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")],
        init_containers=[*_waits(args), rclone_container(args, folder, "fetch", FETCH), _measure(args)],
        containers=[rclone_container(args, folder, "keep", KEEP)],
        volumes=[*job_volumes(code), *(weights_volumes(args.weights) if args.weights else ())],
    )


def _waits(args: LoadBenchmarkArgs) -> "list[core.v1.ContainerArgs]":
    return [wait_container(args.image, args.weights_folder, WAIT_SECONDS)] if args.weights_folder else []


def _measure(args: LoadBenchmarkArgs) -> "core.v1.ContainerArgs":
    token = core.v1.SecretKeySelectorArgs(name=args.hugging_face_secret, key=TOKEN_KEY)
    source = core.v1.EnvVarSourceArgs(secret_key_ref=token)
    environment = [core.v1.EnvVarArgs(name="HF_HOME", value="/tmp/hub")]  # noqa: S108  in the container's own file system
    if args.weights is not None:
        environment += [core.v1.EnvVarArgs(name=name, value=value) for name, value in OFFLINE.items()]
    elif args.hugging_face_secret is not None:
        environment.append(core.v1.EnvVarArgs(name="HF_TOKEN", value_from=source))
    load = load_of(args)
    return core.v1.ContainerArgs(
        name="measure",
        image=args.image,
        command=["python3", f"/job/{SCRIPT}"],
        args=[
            *("--url", args.url),
            *("--model", args.model_name),
            *("--repository", args.repository),
            *(("--tokenizer", args.weights_folder) if args.weights_folder else ()),
            *("--results", RESULTS),
            *("--requests", str(load.requests)),
            *("--concurrency", str(load.concurrency)),
            *("--input-tokens", str(load.input_tokens)),
            *("--output-tokens", str(load.output_tokens)),
            *("--tolerance", str(load.tolerance_percent / 100)),
            *("--image", args.image),
        ],
        env=environment,
        resources=core.v1.ResourceRequirementsArgs(
            requests={"cpu": "4", "memory": "8Gi"}, limits={"memory": "16Gi"}
        ),
        volume_mounts=[*job_mounts(), *(weights_mounts() if args.weights else ())],
        # Runs as the image's own user: vLLM's image for ROCm has no other user, and its caches belong to root.
        security_context=unprivileged(),
    )
