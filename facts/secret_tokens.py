"""Tokens that their issuers begin with a fixed mark, so that they can be recognized.

Sources: the rules of two scanners, gitleaks (config/gitleaks.toml, commit b58d3f10) and TruffleHog (pkg/detectors,
commit 3ab759fef). The comment beside a pattern names the rule or the detector, or the issuer's page if neither scanner
has the form. Lengths are lower bounds, because issuers lengthen their tokens.
"""

import re

_MARKED = (
    r"ops_eyJ[A-Za-z0-9+/_-]{40,}",  # gitleaks: 1password-service-account-token
    r"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}",  # gitleaks: airtable-personnal-access-token
    r"LTAI[A-Za-z0-9]{12,}",  # gitleaks: alibaba-access-key-id
    r"ATATT3[A-Za-z0-9_=+/-]{24,}",  # gitleaks: atlassian-api-token
    r"ATCTT3[A-Za-z0-9_=+/-]{24,}",  # TruffleHog: atlassian/v2
    r"ATBB[A-Za-z0-9_=.-]{24,}",  # TruffleHog: bitbucketapppassword
    r"dapi[0-9a-f]{32}",  # gitleaks: databricks-api-token
    r"do[opr]_v1_[0-9a-f]{40,}",  # TruffleHog: digitaloceanv2
    r"dot_v1_[0-9a-f]{40,}",  # unverified: neither scanner has this mark of DigitalOcean
    r"dckr_[op]at_[A-Za-z0-9_-]{20,}",  # TruffleHog: dockerhub/v2
    r"dp\.(pt|st|ct|sa|scim|audit)\.([A-Za-z0-9_-]+\.)?[A-Za-z0-9]{30,}",  # TruffleHog: doppler
    r"fig([dp]|[ou][rh]?)_[A-Za-z0-9_=-]{30,}",  # TruffleHog: figmapersonalaccesstoken/v2 and v3
    r"(FlyV1 )?(fm[12][ar]?|fo1)_[A-Za-z0-9+/=,_-]{40,}",  # gitleaks: flyio-access-token
    r"gl(sa|c)_[A-Za-z0-9_=+/]{20,}",  # gitleaks: grafana-service-account-token, grafana-cloud-api-token
    r"hv[bs]\.[A-Za-z0-9_-]{24,}",  # gitleaks: vault-batch-token, vault-service-token
    r"hvr\.[A-Za-z0-9_-]{24,}",  # unverified: neither scanner has recovery tokens of HashiCorp Vault
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9]{40,}",  # TruffleHog: terraformcloudpersonaltoken
    r"HRKU-[A-Za-z0-9_-]{30,}",  # gitleaks: heroku-api-key-v2
    r"lsv2_(pt|sk)_[0-9a-f]{32}",  # TruffleHog: langsmith
    r"lin_api_[A-Za-z0-9]{30,}",  # gitleaks: linear-api-key
    r"lin_oauth_[A-Za-z0-9]{30,}",  # unverified: neither scanner has this mark of Linear
    r"key-[0-9a-z]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b",  # TruffleHog: mailgun
    r"NR(AK|II|IQ)-[A-Za-z0-9_-]{20,}",  # TruffleHog: newrelicuserkey, newrelicinsightsinsertkey and …querykey
    r"[0-9a-z]{32}(FFFF|[0-9a-f]{0,4})NRAL",  # TruffleHog: newreliclicensekey
    r"ntn_[A-Za-z0-9]{40,}",  # gitleaks: notion-api-token
    r"secret_[A-Za-z0-9]{43}\b",  # TruffleHog: notion
    r"npm_[A-Za-z0-9]{30,}",  # gitleaks: npm-access-token
    r"pscale_(tkn|pw|oauth)_[A-Za-z0-9_=.-]{30,}",  # gitleaks: planetscale-api-token and its like
    r"PMAK-[0-9A-Fa-f]{24}-[0-9A-Fa-f]{30,}",  # gitleaks: postman-api-token
    r"pul-[0-9a-z]{40}",  # TruffleHog: pulumi
    r"pypi-AgE[A-Za-z0-9_-]{40,}",  # gitleaks: pypi-upload-token
    r"r8_[A-Za-z0-9_-]{30,}",  # TruffleHog: replicate
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",  # TruffleHog: sendgrid
    r"shp(at|ca|pa|ss)_[0-9A-Fa-f]{32}",  # gitleaks: shopify-access-token and its like
    r"sq0(atp|csp)-[A-Za-z0-9_-]{20,}",  # gitleaks: square-access-token. TruffleHog: squareapp
    r"sbp_[A-Za-z0-9_]{30,}",  # TruffleHog: supabasetoken
    r"sb_secret_[A-Za-z0-9_-]{30,}",  # Supabase, "Understanding API keys"
    r"[0-9]{8,10}:A[A-Za-z0-9_-]{34}",  # gitleaks: telegram-bot-api-token
)

MARKED = re.compile(rf"\b({'|'.join(_MARKED)})", re.ASCII)
"""Any of these tokens."""
