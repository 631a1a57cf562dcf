"""A job that measures RCCL's all-reduce and the RDMA links between two nodes, and stores the results in a bucket.

The pods are those of an Indexed Job, with stable names in a headless Service, so Kubeflow's MPI operator is not needed:
it would add a controller, a CRD and SSH keys for two pods.
"""

from collections.abc import Iterator

import pulumi
from pulumi_kubernetes import batch, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.options import child

from .all_reduce_args import SCRIPT, AllReduceTestArgs, job_name
from .all_reduce_rules import all_reduce_problems, measured_shape_problems
from .pod.all_reduce_pod import all_reduce_cron
from .pod.rdma_places import nearby_problems
from .results import script_map
from .server_rules import image_problems


class AllReduceTest(CheckedArgs, pulumi.ComponentResource):
    """A CronJob whose two pods measure all-reduce and links, store their results, and fail if a figure is below its
    floor.

    Its service account accesses the bucket through OKE workload identity, which needs a policy: list the bucket, and
    read, add and overwrite objects in `results_folder`.
    """

    cron_job_name: pulumi.Output[str]
    """Name of the CronJob."""

    service_account: pulumi.Output[str]
    """Name of the service account, for the policy."""

    def __init__(
        self, name: str, args: AllReduceTestArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"all-reduce {name}")
        super().__init__("genai:index:AllReduceTest", name, {}, opts)
        called, labels = job_name(args.pool_name), _labels(args)
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
        service = self._service(name, metadata, labels)
        cron = batch.v1.CronJob(
            f"{name}-cron-job",
            batch.v1.CronJobInitArgs(metadata=metadata, spec=all_reduce_cron(args, called, code, labels)),
            opts=child(self, pulumi.ResourceOptions(depends_on=[account, held, service])),
        )
        self.cron_job_name = cron.metadata.apply(lambda found: found.name or called)
        self.service_account = account.metadata.apply(lambda found: found.name or called)
        self.register_outputs({"cronJobName": self.cron_job_name, "serviceAccount": self.service_account})

    def _service(
        self, name: str, metadata: "meta.v1.ObjectMetaArgs", labels: dict[str, str]
    ) -> "core.v1.Service":
        """Gives each pod a name. It has no pods until a job runs, so Pulumi must not wait for them."""
        return core.v1.Service(
            f"{name}-service",
            core.v1.ServiceInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=metadata.name,
                    namespace=metadata.namespace,
                    labels=labels,
                    annotations={"pulumi.com/skipAwait": "true"},
                ),
                spec=core.v1.ServiceSpecArgs(
                    cluster_ip="None", selector=labels, publish_not_ready_addresses=True
                ),
            ),
            opts=child(self),
        )


def _labels(args: AllReduceTestArgs) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": "all-reduce",
        "app.kubernetes.io/instance": job_name(args.pool_name),
        "app.kubernetes.io/managed-by": "pulumi",
    }


def _problems(args: AllReduceTestArgs, path: str) -> Iterator[Problem]:
    yield from image_problems(args.image, f"{path}.image")
    yield from image_problems(args.rclone_image, f"{path}.rcloneImage")
    yield from measured_shape_problems(args.shape, args.bus_gbs, shape_path=f"{path}.shape", path=path)
    yield from nearby_problems(args.nearby, f"{path}.nearby")
    yield from all_reduce_problems(args, path=path)
