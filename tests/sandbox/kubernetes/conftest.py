"""A cluster of the OCI stand-in and a served Kubernetes provider."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from sandbox.kubernetes.provider.provider import KubernetesProvider
from sandbox.kubernetes.provider.waiting import Patience
from sandbox.oci.cloud import Cloud
from sandbox.store import Store, open_store
from tests.sandbox.kubernetes.bed import Bed, Engine, add_cluster, add_pool, kubeconfig


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "cloud.db")
    yield store
    store.close()


@pytest.fixture
def cloud(store: Store) -> Cloud:
    """A cluster with a public endpoint, one CPU node of 4 OCPUs and one node of eight MI300X."""
    cloud = Cloud(store)
    add_cluster(cloud)
    add_pool(cloud, "system", "VM.Standard.E5.Flex", 1, nodeShapeConfig={"ocpus": 4, "memoryInGbs": 64})
    add_pool(cloud, "gpu", "BM.GPU.MI300X.8", 1)
    return cloud


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> Patience:
    """How long the provider waits. A test with the mark `parametrize("patience", …, indirect=True)` gives another."""
    return getattr(request, "param", Patience(quiet=0.15, most=2))


@pytest.fixture
def bed(store: Store, cloud: Cloud, patience: Patience) -> Iterator[Bed]:
    provider = KubernetesProvider(store, cloud=cloud, patience=patience)
    server = grpc.server(ThreadPoolExecutor(8))
    add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield Bed(provider, f"127.0.0.1:{port}")
    server.stop(None)


@pytest.fixture
def engine(bed: Bed) -> Engine:
    """An engine whose provider talks to the cluster."""
    engine = bed.connect()
    engine.configure(kubeconfig())
    return engine
