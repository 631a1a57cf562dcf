"""Tokens in the lengths and alphabets that the named scanners look for."""

import re
from itertools import cycle, islice

import pytest

from facts.secrets import secret_form

FORMS = [
    *("ops_eyJ~250", "pat~14.#64", "LTAI~20", "ATATT3~186", "ATATT3xFfGF0~170=~8", "ATCTT3xFfG~100/~8=~8"),
    *("ATBB~32", "dapi#32", "dop_v1_#64", "doo_v1_#64", "dor_v1_#64", "dckr_pat_~27"),
    *("dckr_oat_~32", "dp.pt.~43", "dp.st.~43", "dp.st.prd-eu.~43", "dp.scim.~43", "figd_~40"),
    *("figu_~40", "figuh_~40", "figor_~40", "figp_~44", "fo1_~43", "fm1r_~100"),
    *("FlyV1,fm2_~200", "glsa_~32_#8", "glc_eyJ~60", "glc_~10/~20", "hvs.~90", "hvb.~138"),
    *("~14.atlasv1.~67", "HRKU-AA~58", "lsv2_pt_#32_#10", "lsv2_sk_#32_#10", "lin_api_~40", "key-~32"),
    *("#32-#8-#8", "NRAK-~27", "NRII-~25", "NRIQ-~25", "#32FFFFNRAL", "eu01xx#26FFFFNRAL"),
    *("#36NRAL", "ntn_12345678901~35", "secret_~43", "npm_~36", "pscale_tkn_~43", "pscale_pw_~43"),
    *("pscale_oauth_~43", "PMAK-#24-#34", "pul-#40", "pypi-AgEIcHlwaS5vcmc~50", "r8_~5-~31", "SG.~22.~43"),
    *("shpat_#32", "shpca_#32", "shppa_#32", "shpss_AB#30", "sq0atp-~22", "sq0csp-~43"),
    *("sbp_#40", "sb_secret_~8-~31", "123456789:A~34"),
]
"""`~N` stands for N letters and digits, and `#N` for N digits of hexadecimal numbers."""


def written(form: str, *, most: int = 999) -> str:
    """The token of a form, with at most so many characters for each `N`. A comma is a space."""
    alphabets = {"~": "a1b2", "#": "f0e1"}

    def run(found: re.Match[str]) -> str:
        return "".join(islice(cycle(alphabets[found[1]]), min(int(found[2]), most)))

    return re.sub(r"([~#])(\d+)", run, form).replace(",", " ")


@pytest.mark.parametrize("form", FORMS)
def test_a_token_is_recognized_in_a_text(form: str):
    assert secret_form(f"the value is {written(form)} since May") == "an access token"


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_before_a_short_text_is_no_token(form: str):
    assert secret_form(f"the value is {written(form, most=5)} since May") is None
