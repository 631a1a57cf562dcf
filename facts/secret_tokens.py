"""Tokens that their issuers begin with a fixed mark, so that they can be recognized.

Each pattern is the mark and the alphabet that the issuer's own page on its tokens or API keys describes; the page is
named beside it. The lengths are lower bounds, because issuers lengthen their tokens.
"""

import re

_MARKED: tuple[tuple[str, str], ...] = (
    ("1Password, Service accounts", r"ops_eyJ[A-Za-z0-9+/_-]{40,}"),
    ("Airtable, Personal access tokens", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}"),
    ("Alibaba Cloud, AccessKey pair", r"LTAI[A-Za-z0-9]{12,}"),
    ("Atlassian, API tokens; Bitbucket, App passwords", r"AT(ATT3x|BB|CTT3x)[A-Za-z0-9_=-]{24,}"),
    ("Databricks, Personal access tokens", r"dapi[0-9a-f]{32}"),
    ("DigitalOcean, Access tokens", r"do[oprt]_v1_[0-9a-f]{40,}"),
    ("Docker, Access tokens", r"dckr_[op]at_[A-Za-z0-9_-]{20,}"),
    ("Doppler, Auth token formats", r"dp\.(pt|st|ct|sa|scim|audit)\.([A-Za-z0-9_]+\.)?[A-Za-z0-9]{30,}"),
    ("Figma, Access tokens", r"fig[dou]r?_[A-Za-z0-9_-]{30,}"),
    ("Fly.io, Access tokens", r"(FlyV1 )?(fm[12][ar]?|fo1)_[A-Za-z0-9+/=_-]{40,}"),
    ("Grafana, Service account tokens", r"gl(sa|c)_[A-Za-z0-9_=]{20,}"),
    ("HashiCorp Vault, Tokens", r"hv[bsr]\.[A-Za-z0-9_-]{24,}"),
    ("HCP Terraform, API tokens", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9]{40,}"),
    ("Heroku, OAuth: token formats", r"HRKU-[A-Za-z0-9_-]{30,}"),
    ("LangSmith, API keys", r"lsv2_(pt|sk)_[0-9a-f]{32}"),
    ("Linear, API", r"lin_(api|oauth)_[A-Za-z0-9]{30,}"),
    ("Mailgun, API keys", r"key-[0-9a-f]{32}"),
    ("New Relic, API keys", r"NRAK-[A-Z0-9]{20,}|[0-9a-f]{32,36}NRAL"),
    ("Notion, Authentication", r"ntn_[A-Za-z0-9]{40,}"),
    ("npm, Access tokens", r"npm_[A-Za-z0-9]{30,}"),
    ("PlanetScale, Service tokens and passwords", r"pscale_(tkn|pw|oauth)_[A-Za-z0-9_=.-]{30,}"),
    ("Postman, API keys", r"PMAK-[0-9a-f]{24}-[0-9a-f]{30,}"),
    ("Pulumi, Access tokens", r"pul-[0-9a-f]{40}"),
    ("PyPI, API tokens", r"pypi-AgE[A-Za-z0-9_-]{40,}"),
    ("Replicate, API tokens", r"r8_[A-Za-z0-9]{30,}"),
    ("SendGrid, API keys", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    ("Shopify, Access tokens", r"shp(at|ca|pa|ss)_[0-9a-f]{32}"),
    ("Square, Access tokens", r"sq0(atp|csp)-[A-Za-z0-9_-]{20,}"),
    ("Supabase, Management API", r"sb(p|_secret)_[A-Za-z0-9_]{30,}"),
    ("Telegram, Bots: authorizing your bot", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
)

MARKED = re.compile(r"\b(" + "|".join(pattern for _, pattern in _MARKED) + ")", re.ASCII)
"""Any of these tokens."""
