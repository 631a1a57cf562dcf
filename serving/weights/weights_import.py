"""A Job that imports one model from the hub into the bucket."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_kubernetes import batch, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.catalogue import Model, catalogue
from serving.catalogue.own_models import add_models_from
from serving.options import child
from serving.unprivileged import NOBODY

from .hub_token import TOKEN_KEY
from .weights_pod import WeightsBucketArgs, WeightsImagesArgs, container, rclone_container, volumes
from .weights_rules import images_problems, import_problems

HUB = "https://huggingface.co"
WORKERS = 4
GB_PER_SECOND = 0.1
"""From the hub to the bucket. Assumed, and slow on purpose: it only decides the timeout."""

LEAST_SECONDS = 1800
RETRIES = 6
LABELS = {"app.kubernetes.io/name": "weights-import", "app.kubernetes.io/managed-by": "pulumi"}


@dataclass(frozen=True, kw_only=True)
class WeightsImportArgs:
    """The model, its source, and the bucket."""

    namespace: pulumi.Input[str]
    """Namespace of the Job. It must exist. The baseline pod security level is enough."""

    model: str
    """Key of the model in the catalogue, e.g. `qwen3-32b`."""

    catalogue: str | None = None
    """Absolute path of a folder with more models, as for a model server. Default: none."""

    revision: str | None = None
    """Commit of the model's repository. Default: the catalogue's, which may be a placeholder."""

    bucket: WeightsBucketArgs
    """Bucket of the weights."""

    images: WeightsImagesArgs
    """Images of the pod."""

    scripts: pulumi.Input[str]
    """ConfigMap with the programs (`WeightsHome.scripts`)."""

    service_account: pulumi.Input[str]
    """Service account that may write objects of the bucket (`WeightsHome.import_account`)."""

    hugging_face_secret: pulumi.Input[str] | None = None
    """Existing Secret in the namespace with a token for gated models. Default: none."""

    hugging_face_secret_key: str | None = None
    """Key of the token in that Secret. Default: `token`."""

    hub: str | None = None
    """Address of the hub, or of a mirror with the same protocol. Default: https://huggingface.co."""

    workers: int | None = None
    """Files downloaded at the same time, 1 to 32. Default: 4."""


class WeightsImport(CheckedArgs, pulumi.ComponentResource):
    """A Job that imports a model at a commit from the hub into the bucket, and checks each file.

    Pulumi waits for it. A repeated Job downloads only missing files. A new commit has its own folder in the bucket. Old
    folders are never deleted.
    """

    job_name: pulumi.Output[str]
    """Name of the Job, known after the model is in the bucket."""

    def __init__(
        self, name: str, args: WeightsImportArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        further = add_models_from(Path(args.catalogue), f"{name}.catalogue") if args.catalogue else []
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
                    # The next `up` replaces a failed Job: a Job cannot start again.
                    annotations={"pulumi.com/replaceUnready": "true"},
                ),
                spec=batch.v1.JobSpecArgs(
                    backoff_limit=RETRIES,
                    active_deadline_seconds=seconds,
                    template=_template(args, model, revision),
                ),
            ),
            opts=child(self, _options(seconds)),
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


def _options(seconds: int) -> pulumi.ResourceOptions:
    waited = f"{seconds + 300}s"
    return pulumi.ResourceOptions(
        custom_timeouts=pulumi.CustomTimeouts(create=waited, update=waited),
        # The name is fixed, so that two Jobs never write at the same time.
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
