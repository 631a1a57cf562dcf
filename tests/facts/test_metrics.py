"""The vocabulary of OCI Monitoring: every file has a source, and every line is read."""

import re

import pytest

from facts.metrics import FOLDER, GPU_HEALTH, RDMA_HEALTH, is_percent, metric_of, namespaces, parse_metrics

COMMON = "# x\n* every 1m\n* sender nodes\n* dimensions a,b\n"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_each_namespace_names_its_source_and_has_metrics(file):
    text = file.read_text(encoding="utf-8")
    head = text[: text.index("\n* ")]
    assert "https://" in head or "oci-landing-zones" in head or "third-part" in head, head
    assert namespaces()[file.stem]
    names = re.findall(r"^([A-Za-z]\S*) ", text, re.MULTILINE)
    assert len(names) == len(set(names)), "a metric occurs twice"


def test_health_metrics_are_known_by_namespace():
    assert "GpuEccDoubleBitErrors" in namespaces()[GPU_HEALTH]
    assert "RdmaLinkSpeedFault" in namespaces()[RDMA_HEALTH]


def test_a_metric_has_the_dimensions_of_its_file_and_its_own():
    fault = metric_of(GPU_HEALTH, "Fault")
    assert fault
    assert {"resourceId", "faultCode", "pcieAddress"} <= fault.dimensions
    assert metric_of(GPU_HEALTH, "GpuFault") is None
    assert metric_of("gpu", "Fault") is None


def test_how_often_a_metric_is_sent_and_when_it_is_sent_at_all():
    hourly, idle = (
        metric_of("oci_objectstorage", "StoredBytes"),
        metric_of("oci_objectstorage", "AllRequests"),
    )
    assert hourly
    assert idle
    assert (hourly.minutes, hourly.idle) == (60, False)
    assert (idle.minutes, idle.idle) == (1, True)


def test_a_name_that_only_third_parties_know_is_marked():
    assert all(each.third_party for each in namespaces()["oci_opensearch"].values())
    assert not any(each.third_party for each in namespaces()["oci_lbaas"].values())


def test_a_bare_metal_metric_is_marked():
    assert {name for name, each in namespaces()["oci_vcn"].items() if each.machines == "bm"} == {
        "SmartnicBufferDropsFromHost",
        "SmartnicBufferDropsFromNetwork",
    }


def test_percentages_are_known():
    assert is_percent("oci_redis", "MemoryUtilization")
    assert not is_percent("oci_redis", "NetworkBytesIn")
    assert not is_percent("oci_redis", "Nothing")


@pytest.mark.parametrize("line", ["M furlongs", "M count sometimes", "M count every=1h colour=red"])
def test_a_line_that_cannot_be_read_is_an_error(line: str):
    with pytest.raises(ValueError, match="M "):
        list(parse_metrics(COMMON + line + "\n"))
