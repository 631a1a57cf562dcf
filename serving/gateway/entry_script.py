"""The script that Envoy runs for each request, between the check of the key and AI Gateway's processor.

Envoy Gateway's API keys have one client id for each key. A tenant has two keys during a rotation, so the script turns
both ids into the tenant's name. It is the only place that sets the tenant's header: without it, or after an error in
it, a request has no tenant and no route.
"""

import json
from collections.abc import Mapping, Sequence

CLIENT_HEADER = "x-playground-client"
"""Header with the client id of the key, between two filters. It never leaves the gateway."""

PATHS: Mapping[str, str] = {
    "/v1/chat/completions": "POST",
    "/v1/completions": "POST",
    "/v1/responses": "POST",
    "/v1/embeddings": "POST",
    "/cohere/v2/rerank": "POST",
    "/v1/models": "GET",
}
"""Everything that a tenant may call. AI Gateway v1.1 has rerank only below /cohere (cmd/extproc/mainlib/main.go)."""

_SCRIPT = """\
local tenants = {%(tenants)s}
local paths = {%(paths)s}
local models = {%(models)s}

local function answer(handle, status, body)
  handle:respond({[":status"] = status, ["content-type"] = "application/json"}, body)
end

local function refuse(handle, status, code, message)
  local text = '{"error":{"message":"' .. message .. '","type":"invalid_request_error","code":"' .. code .. '"}}'
  answer(handle, status, text)
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local tenant = tenants[headers:get("%(client)s") or ""]
  headers:remove("%(client)s")
  headers:remove("%(header)s")
  if tenant == nil then
    refuse(handle, "401", "invalid_api_key", "The API key is not valid.")
    return
  end
  local path = string.match(headers:get(":path") or "", "^[^?]*")
  if paths[path] == nil or paths[path] ~= headers:get(":method") then
    refuse(handle, "404", "unknown_url", "This gateway has no such path.")
    return
  end
  if path == "/v1/models" then
    answer(handle, "200", models[tenant])
    return
  end
  headers:replace("%(header)s", tenant)
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local reset = headers:get("x-ratelimit-reset")
  if headers:get(":status") == "429" and reset ~= nil and headers:get("retry-after") == nil then
    headers:add("retry-after", reset)
  end
end
"""


def client_id(tenant: str, index: int) -> str:
    """The client id of a tenant's key: the key of the Secret in which it is stored."""
    return f"{tenant}.{index + 1}"


def entry_script(tenants: Mapping[str, tuple[int, Sequence[str]]], header: str) -> str:
    """The script, from the number of keys and the models of each tenant."""
    ids = {client_id(name, index): name for name, (keys, _) in tenants.items() for index in range(keys)}
    listed = {name: _model_list(models) for name, (_, models) in tenants.items()}
    return _SCRIPT % {
        "tenants": _table(ids),
        "paths": _table(PATHS),
        "models": _table(listed),
        "client": CLIENT_HEADER,
        "header": header,
    }


def _table(entries: Mapping[str, str]) -> str:
    return ", ".join(f"[{_quoted(key)}] = {_quoted(value)}" for key, value in entries.items())


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _model_list(models: Sequence[str]) -> str:
    """The answer of /v1/models: only what the tenant may call."""
    data = [{"id": name, "object": "model", "created": 0, "owned_by": "genai-playground"} for name in models]
    return json.dumps({"object": "list", "data": data}, separators=(",", ":"))
