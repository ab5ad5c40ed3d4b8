"""The first calls of an integrator in Python, with a client that a public generator made of docs/openapi.yaml.

Run by the test beside it, with the address, a token of the centre's system, one of the bureau's, and the code of a case
that waits for the bureau.
"""

import sys
from io import BytesIO
from typing import Any

from zhongzhi_client import AuthenticatedClient, types
from zhongzhi_client.api.acts import case_sign
from zhongzhi_client.api.cases import case_attach, cases_list, cases_register
from zhongzhi_client.api.statistics import statistics
from zhongzhi_client.models import EntryInRequest, PartyInRequest, UploadInRequest

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def answered(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.parsed


def main(address: str, centre: str, bureau: str, waiting: str) -> None:
    client = AuthenticatedClient(base_url=address, token=centre)
    listed = answered(cases_list.sync_detailed(client=client, limit=10), 200)
    assert waiting in {row.code for row in listed.results}
    entry = EntryInRequest(
        narrative="自家土地少了3垄，怀疑邻地农户多种。",
        territory="150526103200",
        category="0901",
        parties=[PartyInRequest(name="岳某某", phone="13847500001")],
        external_number="2026-118",
    )
    case = answered(cases_register.sync_detailed(client=client, body=entry), 201)
    again = answered(cases_register.sync_detailed(client=client, body=entry), 409)
    assert again.case == case.code
    photo = types.File(payload=BytesIO(PNG), file_name="地头.png", mime_type="image/png")
    file = answered(case_attach.sync_detailed(case.code, client=client, body=UploadInRequest(file=photo)), 201)
    assert file.name == "地头.png"
    own = AuthenticatedClient(base_url=address, token=bureau)
    signed = answered(case_sign.sync_detailed(waiting, client=own), 200)
    assert signed.status == "handling"
    figures = answered(statistics.sync_detailed(client=client), 200)
    assert figures.to_dict()
    print(case.code)


main(*sys.argv[1:])
