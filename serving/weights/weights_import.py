"""One model from the hub into the bucket, by a Job."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_kubernetes import batch, core, meta

from facts.problem import Problem, refuse
from serving.catalogue import Model, also_beside, catalogue
from serving.options import child
from serving.unprivileged import NOBODY

from .hub_token import TOKEN_KEY
from .weights_pod import WeightsBucketArgs, WeightsImagesArgs, container, rclone_container, volumes
from .weights_rules import images_problems, import_problems

HUB = "https://huggingface.co"
WORKERS = 4
GB_PER_SECOND = 0.1
"""From hub to bucket. Assumed, and slow on purpose: it decides only how long is waited."""

LEAST_SECONDS = 1800
RETRIES = 6
LABELS = {"app.kubernetes.io/name": "weights-import", "app.kubernetes.io/managed-by": "pulumi"}


@dataclass(frozen=True, kw_only=True)
class WeightsImportArgs:
    """Which model, from where, to where."""

    namespace: pulumi.Input[str]
    """Namespace of the Job. It must exist; the baseline pod security level is enough."""

    model: str
    """Key of the model in the catalogue, e.g. `qwen3-32b`."""

    catalogue: str | None = None
    """Absolute path of a folder with files of further models, as a model server takes. Default: none."""

    revision: str | None = None
    """Commit of the model's repository. Default: the catalogue's, which may be a placeholder."""

    bucket: WeightsBucketArgs
    """Where it goes."""

    images: WeightsImagesArgs
    """Images of the pod."""

    scripts: pulumi.Input[str]
    """ConfigMap with the programs (`WeightsHome.scripts`)."""

    service_account: pulumi.Input[str]
    """Service account that a policy lets write objects of the bucket (`WeightsHome.import_account`)."""

    hugging_face_secret: pulumi.Input[str] | None = None
    """Existing Secret in the namespace with a token for gated models. Default: none."""

    hugging_face_secret_key: str | None = None
    """Key of the token in that Secret. Default: `token`."""

    hub: str | None = None
    """Address of the hub, or of a mirror that speaks its protocol. Default: https://huggingface.co."""

    workers: int | None = None
    """Files fetched at once, 1 to 32. Default: 4."""


class WeightsImport(pulumi.ComponentResource):
    """A Job that brings a model at a commit from the hub into the bucket, checked file by file.

    It is waited for. Run again it fetches only what is not there; a later commit is another folder of the bucket,
    and nothing here deletes the former.
    """

    job_name: pulumi.Output[str]
    """Name of the Job, known once the model is in the bucket."""

    def __init__(
        self, name: str, args: WeightsImportArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        further = also_beside(Path(args.catalogue), f"{name}.catalogue") if args.catalogue else []
        refuse([*further, *_problems(args, name)], f"the import {name}")
        super().__init__("genai:index:WeightsImport", name, {}, opts)
        model = catalogue()[args.model]
        revision = args.revision or model.revision
        seconds = import_seconds(model)
        called = f"import-{model.name.replace('.', '-')}-{revision[:8].lower().rstrip('-')}"
        job = batch.v1.Job(
            f"{name}-job",
            batch.v1.JobInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=called,
                    namespace=args.namespace,
                    labels=LABELS,
                    # A Job that failed is replaced by the next `up`: its fields would not let it start again.
                    annotations={"pulumi.com/replaceUnready": "true"},
                ),
                spec=batch.v1.JobSpecArgs(
                    backoff_limit=RETRIES,
                    active_deadline_seconds=seconds,
                    template=_template(args, model, revision),
                ),
            ),
            opts=child(self, _patient(seconds)),
        )
        self.job_name = job.metadata.apply(lambda found: found.name or called)
        self.register_outputs({"jobName": self.job_name})


def _problems(args: WeightsImportArgs, path: str) -> Iterator[Problem]:
    yield from images_problems(args.images.python, args.images.rclone, f"{path}.images")
    yield from import_problems(
        model=args.model,
        revision=args.revision,
        has_token=args.hugging_face_secret is not None,
        workers=_workers(args),
        hub=args.hub or HUB,
        path=path,
    )


def _workers(args: WeightsImportArgs) -> int:
    return WORKERS if args.workers is None else args.workers


def _template(args: WeightsImportArgs, model: Model, revision: str) -> "core.v1.PodTemplateSpecArgs":
    words: list[pulumi.Input[str]] = [
        *("--hub", args.hub or HUB, "--bucket", args.bucket.name, "--repository", model.repository),
        *("--model", model.name, "--revision", revision, "--workers", str(_workers(args))),
    ]
    importer = container(
        "import",
        args.images,
        args.bucket,
        module="importer",
        words=words,
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "4Gi"}, requests={"cpu": "1", "memory": "2Gi"}
        ),
        variables=_token(args),
        user=NOBODY,
    )
    pod = core.v1.PodSpecArgs(
        restart_policy="OnFailure",
        enable_service_links=False,
        service_account_name=args.service_account,
        init_containers=[rclone_container(args.images, user=NOBODY)],
        containers=[importer],
        volumes=volumes(args.scripts),
    )
    return core.v1.PodTemplateSpecArgs(metadata=meta.v1.ObjectMetaArgs(labels=LABELS), spec=pod)


def _patient(seconds: int) -> pulumi.ResourceOptions:
    waited = f"{seconds + 300}s"
    return pulumi.ResourceOptions(
        custom_timeouts=pulumi.CustomTimeouts(create=waited, update=waited),
        # Its name is its own, so that a second one does not write beside it.
        delete_before_replace=True,
    )


def import_seconds(model: Model) -> int:
    """How long an import may take, from the size of the weights."""
    return max(LEAST_SECONDS, math.ceil(model.weights_gb / GB_PER_SECOND))


def _token(args: WeightsImportArgs) -> "list[core.v1.EnvVarArgs]":
    if args.hugging_face_secret is None:
        return []
    reference = core.v1.SecretKeySelectorArgs(
        name=args.hugging_face_secret, key=args.hugging_face_secret_key or TOKEN_KEY
    )
    source = core.v1.EnvVarSourceArgs(secret_key_ref=reference)
    return [core.v1.EnvVarArgs(name="HF_TOKEN", value_from=source)]
