"""Examples of the API's document: what a first call looks like, for people and for programs that try each operation."""

from typing import Any, Final

UID: Final = "0193b2c4-7a10-7c3e-9d55-2f6a8b1c4d70"
PLACE: Final = "150526103200"
DAY: Final = "2026-11-30"
LAND: Final = {
    "narrative": "两户因地界石被移动发生争执，请求调解。",
    "territory": PLACE,
    "parties": [{"side": "applicant", "name": "王某"}, {"side": "respondent", "name": "李某"}],
}
IN_PATHS: Final[dict[str, Any]] = {
    "code": "ZJ1505262026113000001R",
    "uid": UID,
    "id": 1,
    "file_id": UID,
    "key": f"worker-{UID}",
    "name": "risk",
    "number": "GD20261130001",
    "profile": "hotline",
}
OF_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "case_attachment_download": {"purpose": "identity", "reason": "核对附件中的界石照片"},
    "territory_detail": {"code": PLACE},
    "statistic": {"name": "registered"},
    "warning_act": {"name": "confirm"},
    "statistics": {"territory": PLACE[:9]},
    "duty_responsible": {"territory": PLACE},
}
"""Parameters that mean something else there, or that stand in the query."""
IN_QUERIES: Final = {"limit": 20}
WHY: Final = {"reason": "不属于本单位职责范围。"}
BODIES: Final[dict[str, dict[str, Any]]] = {
    "beat_change": {"name": "巨日合第一警格", "grids": [f"{PLACE}001"]},
    "beat_end": {"ends_on": DAY, "reason": "警格调整"},
    "case_ask_extension": {"reason": "需等待重新丈量的结果。"},
    "case_party_reveal": {"purpose": "contact", "reason": "电话联系当事人"},
    "case_put_by_number": LAND | {"reason": "来电补充"},
    "case_report_outcome": {"outcome": "peoples_mediation", "note": "重新丈量，各自归还。"},
    "case_return": WHY,
    "case_supplement": {"request": "请尽快丈量。"},
    "case_task_done": {"result": "已上门走访，双方愿意调解。"},
    "case_task_release": {"reason": "已由另一单位办理。"},
    "case_upload_begin": {"name": "合同.pdf", "size": 3145728},
    "case_withdraw": {"reason": "双方已自行和解。"},
    "case_write_note": {"on": DAY, "text": "已到现场丈量。"},
    "exchange_take": {
        "xxid": "20261130-1",
        "gdbh": "GD20261130002",
        "xh": 1,
        "bt": "界石被移动",
        "nr": LAND["narrative"],
        "qhdm": PLACE,
        "lb": "0901",
        "sqr": {"xm": "王某", "lxdh": "13847500001"},
    },
    "hazard_reopen": {"reason": "又有落石。"},
    "hazard_solve": {"result": "已清理并设置警示牌。"},
    "hazard_watch": {"note": "雨后再看。"},
    "mediation_fail": {"reason": "refused", "note": "一方不再参加。", "told": ["litigation"]},
    "obligation_perform": {"on": DAY, "note": "已归还土地。"},
    "referral_answer": {"text": "已按期办理。"},
    "referral_extend": {"reason": "需等待鉴定。"},
    "referral_return": WHY,
    "roster_correct": {"name": "王某", "public_phone": "0475-7220001"},
    "roster_end": {"ends_on": DAY, "reason": "调离"},
    "beats_open": {"name": "巨日合第一警格", "grids": [f"{PLACE}001"], "station": 1},
    "cases_register": LAND,
    "cases_settle": LAND | {"outcome": "settlement", "note": "双方当场和解。"},
    "cases_lookup": {"numbers": ["GD20261130001", "GD20261130002"]},
    "duty_set": {
        "organisation": 1,
        "username": "wangmou",
        "starts_at": f"{DAY}T08:30:00+08:00",
        "ends_at": f"{DAY}T17:30:00+08:00",
    },
    "exchange_answer": {"event": UID, "answer": "已收到，编号 2026-118"},
    "hazards_report": {"narrative": "房后山坡有落石。", "territory": PLACE, "kind": "safety"},
    "imports_items": {
        "kind": "hotline",
        "items": [{"number": "GD20261130001", "place": PLACE, "narrative": "反映邻居夜间噪声。"}],
    },
    "oauth_token": {"grant_type": "client_credentials", "client_id": "c-12345", "client_secret": "令牌"},
    "public_progress": {"code": "A1B2-C3D4-E5F6"},
    "roster_appoint": {"kind": "full_time", "territory": f"{PLACE}001", "name": "王某", "starts_on": "2026-10-08"},
    "territories_merge": {"sources": ["150526103201"], "into": PLACE, "basis": "政发〔2026〕3号"},
    "visits_record": {"territory": f"{PLACE}001", "household": "王某户", "visited_on": DAY},
}
"""Of operations that no address tells apart; an act on a case is told by its case."""


def with_examples(operation: dict[str, Any], parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parameters with their examples; the body of the operation gets its own."""
    name = operation["operationId"]
    if example := BODIES.get(name):
        for sent in operation["requestBody"]["content"].values():
            sent["example"] = example
    return [_with_example(one, OF_OPERATIONS.get(name, {})) for one in parameters]


def _with_example(parameter: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    usual = {"path": IN_PATHS, "query": IN_QUERIES}.get(parameter["in"], {})
    known = usual | own
    return parameter | {"example": known[parameter["name"]]} if parameter["name"] in known else parameter
