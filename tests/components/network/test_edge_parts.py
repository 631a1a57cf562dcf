"""Certificate, firewall, DNS zone and flow logs: their resources and their refusals."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest

from components.network.dns_zone import (
    DnsRecordArgs,
    DnsZone,
    DnsZoneArgs,
    dns_zone_problems,
    normalised,
)
from components.network.flow_logs import FlowLogs, FlowLogsArgs, flow_log_problems
from components.network.server_certificate import (
    ServerCertificate,
    ServerCertificateArgs,
    certificate_problems,
)
from components.network.web_firewall import WebFirewall, WebFirewallArgs, web_firewall_problems
from facts.problem import InvalidInput, Problem
from tests.support.monitor import Recording, oci_options, run

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
POLICY = "oci:Waf/appFirewallPolicy:AppFirewallPolicy"
CERTIFICATE = "oci:CertificatesManagement/certificate:Certificate"


def certificate(**changes: Any) -> Recording:
    args = {"compartment_id": "c", "public_certificate": PEM, "chain": PEM, "private_key": "key", **changes}
    return run(lambda: ServerCertificate("prod-tls", ServerCertificateArgs(**args), oci_options()) and None)


def firewall(**changes: Any) -> Recording:
    args = {"compartment_id": "c", "load_balancer_id": "lb", **changes}
    return run(lambda: WebFirewall("prod-firewall", WebFirewallArgs(**args), oci_options()) and None)


def zone(**changes: Any) -> Recording:
    args = {"compartment_id": "c", "zone_name": "genai.example.com", **changes}
    return run(
        lambda: DnsZone("prod-dns", DnsZoneArgs(**args), oci_options()) and None,
        outputs=lambda *_: {"nameservers": [{"hostname": "ns1.p1.dns.oraclecloud.net."}]},
    )


def flow_logs(**changes: Any) -> Recording:
    args = {"compartment_id": "c", "vcn_id": "vcn", **changes}
    return run(lambda: FlowLogs("prod-flow-logs", FlowLogsArgs(**args), oci_options()) and None)


def test_a_certificate_is_imported_with_its_key_as_a_secret():
    made = certificate().one(CERTIFICATE)
    assert made.inputs["certificateConfig"]["configType"] == "IMPORTED"
    assert "certificateConfig" in made.secrets


def test_a_certificate_that_includes_its_chain_is_refused():
    with pytest.raises(InvalidInput, match="into `chain`"):
        certificate(public_certificate=PEM + PEM)


def test_a_firewall_blocks_matches_of_managed_rules_and_does_not_read_prompts():
    rule = firewall().one(POLICY).inputs["requestProtection"]["rules"][0]
    assert (rule["actionName"], rule["isBodyInspectionEnabled"]) == ("block", False)
    keys = {each["key"]: each["version"] for each in rule["protectionCapabilities"]}
    assert keys["9420000"] == 2
    assert keys["9410000"] == 3
    assert "POST" in rule["protectionCapabilitySettings"]["allowedHttpMethods"]


def test_a_rate_limit_counts_requests_of_a_client():
    inputs = firewall(requests_limit=600, period_seconds=60, block_seconds=0).one(POLICY).inputs
    rule = inputs["requestRateLimiting"]["rules"][0]
    assert rule["configurations"] == [
        {"periodInSeconds": 60, "requestsLimit": 600, "actionDurationInSeconds": 0}
    ]
    actions = {each["name"]: each for each in inputs["actions"]}
    assert actions[rule["actionName"]]["code"] == 429


def test_every_rule_names_an_existing_action():
    inputs = firewall(requests_limit=1, mode="check").one(POLICY).inputs
    names = {each["name"] for each in inputs["actions"]}
    rules = inputs["requestProtection"]["rules"] + inputs["requestRateLimiting"]["rules"]
    assert rules
    assert {rule["actionName"] for rule in rules} <= names


def test_without_a_balancer_there_is_only_a_policy():
    assert firewall(load_balancer_id=None).of_type("oci:Waf/appFirewall:AppFirewall") == []


def test_a_zone_has_its_records_and_an_output_with_its_name_servers():
    made = zone(
        records={"www": DnsRecordArgs(domain="www.genai.example.com", type="A", values=["192.0.2.1"])}
    )
    assert made.one("oci:Dns/rrset:Rrset").inputs["items"] == [
        {"domain": "www.genai.example.com", "rtype": "A", "rdata": "192.0.2.1", "ttl": 300}
    ]
    assert (made.named("prod-dns").outputs or {})["nameServers"] == ["ns1.p1.dns.oraclecloud.net."]


def test_a_protected_zone_keeps_its_name_servers():
    made = zone(protect=True).one("oci:Dns/zone:Zone")
    assert (made.protect, made.retain_on_delete) == (True, True)


def test_a_private_zone_and_its_records_have_the_same_view():
    record = DnsRecordArgs(domain="genai.example.com", type="A", values=["10.0.1.9"])
    made = zone(view_id="view", records={"apex": record})
    assert made.one("oci:Dns/zone:Zone").inputs["scope"] == "PRIVATE"
    assert made.one("oci:Dns/rrset:Rrset").inputs["viewId"] == "view"


@pytest.mark.parametrize(
    ("kind", "text", "as_stored"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("CNAME", "a.example.com", "a.example.com."),
        ("CNAME", "a.example.com.", "a.example.com."),
        ("TXT", 'v="1"', '"v=\\"1\\""'),
        ("TXT", '"ready"', '"ready"'),
    ],
)
def test_record_data_is_written_in_the_form_that_oci_returns(kind: str, text: str, as_stored: str):
    assert normalised(kind, text) == as_stored


def test_a_record_may_contain_a_value_that_is_known_later():
    def program() -> None:
        later = pulumi.Output.from_input("203.0.113.9")
        record = DnsRecordArgs(domain="genai.example.com", type="A", values=[later])
        zone_args = DnsZoneArgs(compartment_id="c", zone_name="genai.example.com", records={"apex": record})
        DnsZone("prod-dns", zone_args, oci_options())

    made = run(program, outputs=lambda *_: {"nameservers": []})
    assert made.one("oci:Dns/rrset:Rrset").inputs["items"][0]["rdata"] == "203.0.113.9"


def test_flow_logs_cover_the_whole_vcn_through_a_filter():
    made = flow_logs(retention_days=90, sample_one_in=10)
    source = made.one("oci:Logging/log:Log").inputs["configuration"]["source"]
    filter_id = "ocid1.capturefilter.oc1.iad.prod-flow-logs-filter"
    assert source == {
        "sourceType": "OCISERVICE",
        "service": "flowlogs",
        "category": "vcn",
        "resource": "vcn",
        "parameters": {"capture_filter": filter_id},
    }
    rule = made.one("oci:Core/captureFilter:CaptureFilter").inputs["flowLogCaptureFilterRules"][0]
    assert (rule["samplingRate"], rule["flowLogType"], rule["ruleAction"]) == (10, "ALL", "INCLUDE")


def test_all_parts_survive_a_first_preview():
    def program() -> None:
        options = oci_options()
        ServerCertificate(
            "tls",
            ServerCertificateArgs(compartment_id="c", public_certificate=PEM, chain=PEM, private_key="k"),
            options,
        )
        WebFirewall("wall", WebFirewallArgs(compartment_id="c"), options)
        DnsZone("dns", DnsZoneArgs(compartment_id="c", zone_name="a.example.com"), options)
        FlowLogs("flows", FlowLogsArgs(compartment_id="c", vcn_id="v"), options)

    assert len(run(program, preview=True).resources) > 8


def records(**changes: Any) -> dict[str, DnsRecordArgs]:
    record = {"domain": "www.example.com", "type": "A", "values": ["192.0.2.1"], **changes}
    return {"www": DnsRecordArgs(**record)}


ALIAS = DnsRecordArgs(domain="www.example.com", type="CNAME", values=["a.example.com"])
Problems = Callable[..., Iterator[Problem]]


@pytest.mark.parametrize(
    ("problems", "given", "path"),
    [
        (certificate_problems, ("key", PEM), "x.publicCertificate"),
        (certificate_problems, (PEM, ""), "x.chain"),
        (dns_zone_problems, ("Example.com", {}), "x.zone"),
        (dns_zone_problems, ("example.com", records(domain="www.example.org")), "x.records.www.domain"),
        (dns_zone_problems, ("example.com", records(domain="www_")), "x.records.www.domain"),
        (dns_zone_problems, ("example.com", records(type="ALIAS")), "x.records.www.type"),
        (dns_zone_problems, ("example.com", records(ttl=5)), "x.records.www.ttl"),
        (dns_zone_problems, ("example.com", records(values=[])), "x.records.www.values"),
        (dns_zone_problems, ("example.com", records(values=["here"])), "x.records.www.values[0]"),
        *(
            (
                dns_zone_problems,
                ("example.com", records(type=kind, values=[value])),
                "x.records.www.values[0]",
            )
            for kind, value in (
                ("CNAME", "."),
                ("CNAME", "A.example.com"),
                ("MX", "\u0661\u0660 mail.example.com"),
                ("TXT", '"open'),
                ("TXT", '"a" b'),
                ("TXT", '"a"b"'),
                ("TXT", f'"{"ü" * 128}"'),
                ("TXT", f'"a" "{"b" * 256}"'),
                ("TXT", "\ud800"),
            )
        ),
        (dns_zone_problems, ("example.com", {**records(), "alias": ALIAS}), "x.records.alias"),
        (dns_zone_problems, ("example.com", {**records(), "again": records()["www"]}), "x.records.again"),
    ],
)
def test_a_mistake_is_reported_with_its_path(problems: Problems, given: tuple[Any, ...], path: str):
    assert [problem.path for problem in problems(*given, path="x")] == [path]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("MX", "0 ."),
        ("SRV", "0 0 0 ."),
        ("TXT", '""'),
        ("TXT", '"a \\" quoted \\\\ text"'),
        ("TXT", f'"{"a" * 251}\\065\\066\\067\\""'),
        ("TXT", f'"{"a" * 255}" "b"'),
    ],
)
def test_the_data_of_a_record_passes(kind: str, value: str):
    assert not [*dns_zone_problems("example.com", records(type=kind, values=[value]), path="x")]


@pytest.mark.parametrize(
    ("problems", "given", "path"),
    [
        (web_firewall_problems, {"mode": "allow"}, "x.mode"),
        (web_firewall_problems, {"capabilities": {}}, "x.capabilities"),
        (web_firewall_problems, {"capabilities": {"sqli": 1}}, "x.capabilities.sqli"),
        (web_firewall_problems, {"capabilities": {"²": 1}}, "x.capabilities.²"),
        (web_firewall_problems, {"capabilities": {"9420000": 0}}, "x.capabilities.9420000"),
        (web_firewall_problems, {"allowed_methods": ["FETCH"]}, "x.allowedMethods[0]"),
        (web_firewall_problems, {"requests_limit": 0}, "x.requestsLimit"),
        (web_firewall_problems, {"period_seconds": 60}, "x.periodSeconds"),
        (web_firewall_problems, {"requests_limit": 1, "period_seconds": 0}, "x.periodSeconds"),
        (flow_log_problems, {"retention_days": 365}, "x.retentionDays"),
        (flow_log_problems, {"sample_one_in": 0}, "x.sampleOneIn"),
        (flow_log_problems, {"kind": "DROP"}, "x.kind"),
    ],
)
def test_an_invalid_option_is_reported_with_its_path(problems: Problems, given: dict[str, Any], path: str):
    of_logs = problems is flow_log_problems
    args = (
        FlowLogsArgs(compartment_id="c", vcn_id="v", **given)
        if of_logs
        else WebFirewallArgs(compartment_id="c", **given)
    )
    assert [problem.path for problem in problems(args, path="x")] == [path]
