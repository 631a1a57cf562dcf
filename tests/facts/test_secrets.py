"""Texts that are recognized as secrets by their form or name, and texts that are not."""

import base64

import pytest

from facts.secrets import is_secret_name, secret_form

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----\n"
PKCS8 = bytes.fromhex("308204bd020100300d06092a864886f70d0101010500048204a7") + bytes(40)
CERTIFICATE = bytes.fromhex("308203253082020da0030201020214") + bytes(40)

SECRETS = {
    "Hugging Face": "hf_" + "aB3" * 8,
    "GitHub": "ghp_" + "a1" * 18,
    "GitHub, fine-grained": "github_pat_" + "A1b2" * 8,
    "GitLab": "glpat-" + "a1" * 10,
    "AWS": "AKIA" + "ABCDEFGH12345678",
    "GitLab, feature flags": "glffct-" + "a1" * 10,
    "AWS, Bedrock": "ABSK" + "Q2b" * 40,
    "AWS, a service's bearer token": "ABIA" + "ABCDEFGH12345678",
    "AWS, for a while": "key is ASIA" + "ABCDEFGH12345678",
    "Google": "AIza" + "a" * 35,
    "OpenAI": "sk-proj-" + "a1" * 12,
    "Slack": "xoxb-" + "123456789012-abcdef",
    "a webhook of Slack": "https://hooks.slack.com/services/T0/B0/xyz",
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
    "a bearer": "Authorization: Bearer abc123def456ghi",
    "a basic login": "basic dXNlcjpwYXNzd29yZDE=",
    "an address": "https://user:pass@host/path",
    "an address of a database": "postgresql://me:sesame@10.0.0.1:5432/db",
    "an address without a user": "redis://:sesame@10.0.0.1",
    "a private key": PEM,
    "a private key of OpenSSH": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
    "a private key in base64": base64.b64encode(PEM.encode()).decode(),
    "a private key in DER": base64.b64encode(PKCS8).decode(),
    "a parameter": "jdbc:oracle:thin:@db?user=me&password=sesame1",
    "an argument": "--token=abcdef123",
    "an argument of two words": "serve --api-key abcdef123456",
    "Google, for an hour": "ya29." + "a0Af" * 6,
    "a connection string of Azure": "AccountName=x;AccountKey=" + "A1b2" * 21 + "==",
    "a bus of Azure": "SharedAccessKeyName=Root;SharedAccessKey=" + "A1b2" * 11,
    "a shared access signature": "https://x.blob.core.windows.net/c?sv=2022&sig=" + "A1b2" * 11,
    "an application of Azure": "abc8Q~" + "a1" * 17,
    "NVIDIA": "nvapi-" + "a1" * 32,
    "Stripe": "sk_" + "live_" + "a1" * 12,
    "age": "AGE-SECRET-KEY-1" + "Q2" * 29,
    "a webhook of Teams": "https://x.webhook.office.com/webhookb2/0/IncomingWebhook/1",
    "a webhook of Discord": "https://discord.com/api/webhooks/1/abc",
    "a pre-authenticated request": "https://objectstorage.us-ashburn-1.oraclecloud.com/p/"
    + "aB3_" * 8
    + "/n/x/b/y/o/z",
    "a token before a host": "https://" + "a1" * 10 + "@github.com/x",
    "a kubeconfig": "users:\n- user:\n    token: abcdef123456",
    "a kubeconfig in base64": base64.b64encode(b"users:\n- user:\n    token: abcdef123456\n").decode(),
    "a client's key": "client-key-data: " + base64.b64encode(PEM.encode()).decode(),
    "JSON": '{"password": "sesame2000"}',
    "a netrc": "machine x login y password sesame2000",
    "a header": "X-API-Key: abcdef123456",
    "a basic login without a digit": "Authorization: Basic " + base64.b64encode(b"me:sesame-open").decode(),
    "Elasticsearch": "Authorization: ApiKey " + "a1B2" * 10 + "==",
    "a login of Kafka": 'PlainLoginModule required username="me" password="sesame!";',
    "a login of curl": "curl -u admin:OpenSesame https://example.com",
    "a login of MySQL": "mysqldump -h db -u root -pOpenSesame shop",
    "PuTTY": "PuTTY-User-Key-File-3: ssh-ed25519",
    "a registry's login": '{"auths": {"r": {"auth": "bWU6c2VzYW1l"}}}',
}
HARMLESS = {
    "prose": "The bearer of this basic education must be a platform engineer",
    "an address": "https://objectstorage.us-ashburn-1.oraclecloud.com/n/example/b/images/o/ubuntu",
    "an address with a port": "https://idcs-0123456789abcdef.identity.oraclecloud.com:443",
    "an image": "docker.io/vllm/vllm-openai-rocm@sha256:" + "0f" * 32,
    "an OCID": "ocid1.vaultsecret.oc1.iad.amaaaaaa" + "a1b2c3" * 8,
    "a public key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "a" * 40 + " me@host",
    "a certificate": "-----BEGIN CERTIFICATE-----\nMIIDJTCCAg2g\n-----END CERTIFICATE-----",
    "a certificate in DER": base64.b64encode(CERTIFICATE).decode(),
    "a commit": "0123456789abcdef0123456789abcdef01234567",
    "a statement": "Allow group 'Default'/'team' to use secret-family in compartment x where target.secret.name = 'a'",
    "a template": "password=${PASSWORD_FROM_FILE}",
    "a template in YAML": "password: ${PASSWORD_2000}",
    "a reference": "existingSecret: grafana-admin-2027",
    "a user before a host": "ssh://git@github.com/x",
    "prose with a colon": "Token: ask the platform team",
    "prose with a year": "the password policy of 2027",
    "user and group": "docker run -u 100000:100000 image",
    "a user in a namespace": "kubectl --user system:serviceaccount:default:me get pods",
    "a scheme of authentication": "authorization: Basic or ApiKey authentication",
    "a port of MySQL": "mysql -h db -P3306 -p",
    "options of the engine": "--max-num-batched-tokens 262144 --tokenizer-mode auto1234",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_recognized_by_its_form(text: str):
    assert secret_form(text)


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_a_text_that_is_not_a_secret_passes(text: str):
    assert secret_form(text) is None


@pytest.mark.parametrize(
    "name",
    ["PASSWD", "DB_PASS", "dbPass", "adminPassword", "pwd", "HF_TOKEN", "apiKey", "api-key", "AWS_SECRET_ACCESS_KEY",
     "clientSecret", "credentials", "Authorization", "signing_key", "passphrase", "db_pw", "GITHUB_PAT", "PASSWORD_1",
     "password2", "CLIENT_SECRET_VALUE", "DD_APP_KEY", "SESSION_KEY", "MASTER_KEY", "NEW_RELIC_LICENSE_KEY",
     "REDISCLI_AUTH", "tokenB64"],
)  # fmt: skip
def test_a_secret_is_recognized_by_its_name(name: str):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["bypass", "compass", "sshPublicKey", "keyId", "passwordSecretId", "existingSecret", "imagePullSecret",
     "max-num-batched-tokens", "huggingFaceTokenInVault", "secretsKeyId", "tokenizer", "auth", "path", "mountPath",
     "format", "bypass1", "key", "passwordSecretVersion", "tokenTimeout"],
)  # fmt: skip
def test_a_name_that_only_sounds_like_a_secret_passes(name: str):
    assert not is_secret_name(name)
