"""What a client can get wrong is answered with OCI's status and code, and changes nothing."""

from typing import Any

import pytest

from facts.oci_api import operations
from sandbox.oci.api.answering import LARGEST_BODY
from sandbox.oci.api.router import find_operation, handler, handlers
from sandbox.oci.errors import OciError
from tests.sandbox.wire.conftest import COMPARTMENT, Servers, Wire
from tests.sandbox.wire.http import call

VCNS = "/20160918/vcns"
VCN: dict[str, Any] = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
LIST = f"{VCNS}?compartmentId={COMPARTMENT}"


@pytest.mark.parametrize(
    ("sent", "body", "code", "words"),
    [
        ("GET /20160918/nothing", None, "404 NotFound", "no operation"),
        (f"PATCH {VCNS}", VCN, "405 MethodNotAllowed", "GET, POST"),
        (f"POST {VCNS}", b"{not json", "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b"", "400 MissingParameter", "body"),
        (f"POST {VCNS}", [VCN], "400 InvalidParameter", "must be an object, not a list"),
        (f"POST {VCNS}", VCN | {"cidrBlock5": "x"}, "400 InvalidParameter", "Did you mean cidrBlock?"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": "10.0.0.0/16"}, "400 InvalidParameter", "cidrBlocks must be a list"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": [7]}, "400 InvalidParameter", "cidrBlocks[0] must be a string, not 7"),
        (f"POST {VCNS}", VCN | {"isIpv6Enabled": "yes"}, "400 InvalidParameter", "must be a boolean"),
        (f"POST {VCNS}", VCN | {"freeformTags": []}, "400 InvalidParameter", "must be an object"),
        (f"POST {VCNS}", {"cidrBlocks": []}, "400 MissingParameter", "compartmentId"),
        (f"POST {VCNS}", VCN | {"compartmentId": None}, "400 MissingParameter", "compartmentId"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": ["10.0.0.0/8"]}, "400 InvalidParameter", "from /16 to /30"),
        (f"GET {VCNS}", None, "400 MissingParameter", "compartmentId"),
        (f"GET {LIST}&colour=red", None, "400 InvalidParameter", "colour"),
        (f"GET {LIST}&limit=many", None, "400 InvalidParameter", "limit must be an integer"),
        (f"GET {LIST}&limit=0", None, "400 InvalidParameter", "between 1 and 1000"),
        (f"GET {LIST}&sortBy=COLOUR", None, "400 InvalidParameter", "TIMECREATED, DISPLAYNAME"),
        (f"GET {LIST}&page=abc", None, "400 InvalidParameter", "page token"),
        (f"GET {VCNS}/ocid1.vcn.oc1.iad.aaaaunknown", None, "404 NotAuthorizedOrNotFound", "aaaaunknown"),
        (f"DELETE {VCNS}/not-an-ocid", None, "404 NotAuthorizedOrNotFound", "not-an-ocid"),
        ("POST /20160918/byoasns", {}, "501 NotImplemented", "CreateByoasn"),
        (f"GET {LIST}&limit=--5", None, "400 InvalidParameter", "limit must be an integer"),
        (f"GET {LIST}&limit=%C2%B2", None, "400 InvalidParameter", "limit must be an integer"),
        (f"GET {LIST}&limit={'9' * 5000}", None, "400 InvalidParameter", "limit must be an integer"),
        (f"GET {LIST}&page=NQ", None, "400 InvalidParameter", "page token"),
        (f"GET {LIST}&page=bnVsbA", None, "400 InvalidParameter", "page token"),
        (f"GET {LIST}&page=WyIiLCA1XQ", None, "400 InvalidParameter", "page token"),
        (f"POST {VCNS}", b"[" * 100_000, "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b"[" * 200 + b"]" * 200, "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b'{"displayName": "\\ud800"}', "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b'{"displayName": NaN}', "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b'{"displayName": 1e999}', "400 CannotParseRequest", "not JSON"),
        (f"POST {VCNS}", b"null", "400 MissingParameter", "body"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": [None]}, "400 InvalidParameter", "cidrBlocks[0] must not be null"),
        (f"POST {VCNS}", VCN | {"freeformTags": {"a": None}}, "400 InvalidParameter", "freeformTags.a must not"),
        (f"POST {VCNS}", VCN | {"definedTags": {"a": None}}, "400 InvalidParameter", "definedTags.a must not"),
        ("POST /20160918/volumes", {"compartmentId": COMPARTMENT, "sizeInGBs": 2**63}, "400 InvalidParameter",
         "must be an integer"),
        (f"POST {VCNS}", VCN | {"cidrBlock": "10.9.0.0/16"}, "400 InvalidParameter", "not one of cidrBlocks"),
        ("POST /20171215/mountTargets", {"compartmentId": COMPARTMENT, "availabilityDomain": "x",
         "subnetId": "ocid1.subnet.oc1.iad.aaaaother", "ipAddress": "0"}, "400 InvalidParameter", "not a valid IP"),
        (f"POST {VCNS}", VCN | {"compartmentId": ""}, "400 InvalidParameter", "compartmentId must not be empty"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": []}, "400 InvalidParameter", "one CIDR or more"),
        (f"POST {VCNS}", VCN | {"cidrBlocks": None}, "400 InvalidParameter", "one CIDR or more"),
        ("POST /20160918/instances", {"sourceDetails": {"imageId": "x"}}, "400 MissingParameter",
         "sourceDetails.sourceType"),
        (f"GET {VCNS}?compartmentId=hello", None, "400 InvalidParameter", "'hello' is not an OCID"),
        (f"GET {VCNS}?compartmentId=%ff", None, "400 InvalidParameter", "is not an OCID"),
        (f"GET {VCNS}?compartmentId=ocid1.vcn.oc1.iad.aaaaother", None, "400 InvalidParameter", "is a vcn"),
        (f"GET {VCNS}?compartmentId=ocid1.compartment.oc2..aaaaother", None, "400 InvalidParameter", "in realm oc2"),
        ("POST /20180608/vaults/x/actions/scheduleDeletion", {"timeOfDeletion": "2099-01-01T00:00:00"},
         "400 InvalidParameter", "RFC 3339"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused(wire: Wire, sent: str, body: Any, code: str, words: str) -> None:
    method, path = sent.split(" ", 1)
    answer = call(wire, method, path, body)
    assert f"{answer.status} {answer.code}" == code
    assert words in answer.message
    assert answer.headers["opc-request-id"]
    assert call(wire, "GET", LIST).body == []


def test_a_method_that_no_operation_has_is_refused_in_the_same_form(wire: Wire) -> None:
    answer = call(wire, "TRACE", VCNS)
    assert (answer.status, answer.code) == (405, "MethodNotAllowed")
    assert answer.headers["opc-request-id"]


def test_a_fault_of_the_sandbox_is_a_500_in_the_same_form(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("sandbox.wire.app.answer", broken)
    answer = call(wire, "GET", LIST)
    assert (answer.status, answer.code) == (500, "InternalError")
    assert answer.headers["opc-request-id"]
    assert "RuntimeError" in answer.headers["sandbox-note"]
    assert "broken" in capsys.readouterr().err


def test_a_header_that_no_answer_can_carry_is_refused(wire: Wire) -> None:
    bucket = f"/n/{call(wire, 'GET', '/n').body}/b"
    call(wire, "POST", bucket, {"compartmentId": COMPARTMENT, "name": "notes"})
    body = {"object": "a", "metadata": {"note": "one\r\ntwo: 2"}}
    answer = call(wire, "POST", f"{bucket}/notes/u", body)
    assert (answer.status, answer.code) == (400, "InvalidParameter")


@pytest.mark.parametrize("wanted", ["bytes=-", "bytes=²-", f"bytes=0-{'9' * 5000}"])
def test_a_range_that_is_none_is_no_fault(wire: Wire, wanted: str) -> None:
    bucket = f"/n/{call(wire, 'GET', '/n').body}/b"
    call(wire, "POST", bucket, {"compartmentId": COMPARTMENT, "name": "notes"})
    call(wire, "PUT", f"{bucket}/notes/o/a", b"7")
    answer = call(wire, "GET", f"{bucket}/notes/o/a", range=wanted)
    assert answer.status in (200, 416)


def test_a_body_that_is_too_large_is_refused(wire: Wire) -> None:
    answer = call(wire, "POST", VCNS, b"[" + b" " * LARGEST_BODY + b"]")
    assert (answer.status, answer.code) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize(
    "other",
    [
        "ocid1.subnet.oc1.iad.aaaaother",
        "ocid1.vcn.oc1.phx.aaaaother",
        "ocid1.vcn.oc2.us-langley-1.aaaaother",
        "vcn",
    ],
)
def test_a_vcn_of_another_type_region_or_realm_is_refused(wire: Wire, other: str) -> None:
    body = {"compartmentId": COMPARTMENT, "vcnId": other, "cidrBlock": "10.0.0.0/24"}
    answer = call(wire, "POST", "/20160918/subnets", body)
    assert (answer.status, answer.code) == (400, "InvalidParameter")


def test_a_resource_of_another_region_is_not_found(servers: Servers) -> None:
    here, there = servers.start("us-ashburn-1"), servers.start("eu-frankfurt-1")
    made = call(here, "POST", VCNS, VCN).body["id"]
    assert call(here, "GET", f"{VCNS}/{made}").status == 200
    assert call(there, "GET", f"{VCNS}/{made}").status == 404
    assert call(there, "GET", LIST).body == []


def test_an_id_of_another_type_in_the_path_is_not_found(wire: Wire) -> None:
    made = call(wire, "POST", VCNS, VCN).body["id"]
    assert call(wire, "GET", f"/20160918/subnets/{made}").status == 404


def test_a_deleted_compartment_takes_and_lists_nothing(wire: Wire) -> None:
    body = {"compartmentId": wire.profile.tenancy, "name": "one", "description": "a test"}
    made = call(wire, "POST", "/20160918/compartments", body).body["id"]
    assert call(wire, "GET", f"{VCNS}?compartmentId={made}").body == []
    assert call(wire, "DELETE", f"/20160918/compartments/{made}").status == 202
    for answer in (
        call(wire, "GET", f"{VCNS}?compartmentId={made}"),
        call(wire, "POST", VCNS, VCN | {"compartmentId": made}),
    ):
        assert (answer.status, answer.code) == (404, "NotAuthorizedOrNotFound")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("routeTables", "defaultRouteTableId"),
        ("securityLists", "defaultSecurityListId"),
        ("dhcps", "defaultDhcpOptionsId"),
    ],
)
def test_a_default_of_a_vcn_is_deleted_only_with_the_vcn(wire: Wire, path: str, name: str) -> None:
    vcn = call(wire, "POST", VCNS, VCN).body
    own = f"/20160918/{path}/{vcn[name]}"
    answer = call(wire, "DELETE", own)
    assert (answer.status, answer.code) == (409, "IncorrectState")
    assert call(wire, "GET", own).status == 200
    assert call(wire, "DELETE", f"{VCNS}/{vcn['id']}").status == 204
    assert call(wire, "GET", LIST).body == []


def test_a_stale_etag_is_refused_and_the_current_one_is_not(wire: Wire) -> None:
    made = call(wire, "POST", VCNS, VCN)
    path, etag = f"{VCNS}/{made.body['id']}", made.headers["etag"]
    changed = call(wire, "PUT", path, {"displayName": "a"}, if_match=etag)
    stale = call(wire, "PUT", path, {"displayName": "b"}, if_match=etag)
    assert changed.status == 200
    assert (stale.status, stale.code) == (412, "NoEtagMatch")
    assert call(wire, "DELETE", path, if_match=etag).status == 412
    assert call(wire, "DELETE", path, if_match=changed.headers["etag"]).status == 204


def test_an_etag_does_not_come_back_with_an_old_value(wire: Wire) -> None:
    made = call(wire, "POST", VCNS, VCN)
    path = f"{VCNS}/{made.body['id']}"
    old = call(wire, "PUT", path, {"displayName": "a"}).headers["etag"]
    call(wire, "PUT", path, {"displayName": "b"})
    now = call(wire, "PUT", path, {"displayName": "a"}).headers["etag"]
    assert call(wire, "GET", path).headers["etag"] == now
    refused = call(wire, "PUT", path, {"displayName": "c"}, if_match=old)
    assert (refused.status, refused.code) == (412, "NoEtagMatch")
    assert call(wire, "DELETE", path, if_match=now).status == 204


def test_a_retry_token_creates_once(wire: Wire) -> None:
    first = call(wire, "POST", VCNS, VCN, opc_retry_token="one")
    again = call(wire, "POST", VCNS, VCN, opc_retry_token="one")
    other = call(wire, "POST", VCNS, VCN | {"displayName": "x"}, opc_retry_token="one")
    assert again.body == first.body
    assert (other.status, other.code) == (409, "InvalidatedRetryToken")
    assert len(call(wire, "GET", LIST).body) == 1


def test_a_retry_token_means_nothing_to_an_operation_that_does_not_read_it(wire: Wire) -> None:
    path, body = f"/n/{call(wire, 'GET', '/n').body}/b", {"compartmentId": COMPARTMENT, "name": "notes"}
    assert call(wire, "POST", path, body, opc_retry_token="one").status == 200
    assert call(wire, "POST", path, body, opc_retry_token="one").status == 409


def test_a_retry_token_of_something_deleted_is_refused(wire: Wire) -> None:
    made = call(wire, "POST", VCNS, VCN, opc_retry_token="one")
    call(wire, "DELETE", f"{VCNS}/{made.body['id']}")
    answer = call(wire, "POST", VCNS, VCN, opc_retry_token="one")
    assert (answer.status, answer.code) == (409, "InvalidatedRetryToken")


def test_a_page_token_of_another_list_is_refused(wire: Wire) -> None:
    for name in ("a", "b"):
        call(wire, "POST", VCNS, VCN | {"displayName": name})
    token = call(wire, "GET", f"{LIST}&limit=1").headers["opc-next-page"]
    assert call(wire, "GET", f"{LIST}&limit=1&page={token}").status == 200
    answer = call(wire, "GET", f"/20160918/subnets?compartmentId={COMPARTMENT}&page={token}")
    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert "another list" in answer.message


def test_the_tenancy_is_known_after_the_cloud_is_emptied(wire: Wire) -> None:
    wire.cloud.store.clear()
    body = {"compartmentId": wire.profile.tenancy, "name": "one", "description": "a test"}
    assert call(wire, "POST", "/20160918/compartments", body).status == 200


def test_the_health_of_a_region_is_told(wire: Wire) -> None:
    assert call(wire, "GET", "/health").body == {"status": "ok", "region": wire.region}


def test_every_operation_that_is_answered_is_in_the_table() -> None:
    known = {(f"{each.package}.{each.client}", each.method_name) for each in operations()}
    assert handlers().keys() <= known


def test_every_other_operation_is_refused_by_its_name() -> None:
    for each in operations():
        if (f"{each.package}.{each.client}", each.method_name) in handlers():
            continue
        path = "/".join("x" if part.startswith("{") else part for part in each.path.split("/"))
        found, _ = find_operation(each.method, path)
        assert (found.method, found.path) == (each.method, each.path)
        with pytest.raises(OciError, match=each.name) as refusal:
            handler(each)
        assert refusal.value.status == 501, each
