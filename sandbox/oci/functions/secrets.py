"""What secrets say. The model never made up their content: it says the same text for the same secret and version."""

import base64
import hashlib
from typing import Any

from sandbox.oci.functions import Query, function
from sandbox.oci.services.vault import SECRET


@function("oci:Secrets/getSecretbundle:getSecretbundle")
def secret_bundle(query: Query) -> dict[str, Any]:
    """The current version's content; 404 if the secret is not there."""
    secret = query.cloud.require(query.args["secretId"], SECRET, path="secretId", region=query.region)
    number = str(secret.outputs.get("currentVersionNumber") or "1")
    text = "Aa1#" + hashlib.blake2b(f"{secret.id}/{number}".encode(), digest_size=13).hexdigest()
    content = base64.b64encode(text.encode()).decode()
    return {
        "secretBundleContents": [{"content": content, "contentType": "BASE64"}],
        "stages": ["CURRENT", "LATEST"],
        "versionNumber": number,
    }
