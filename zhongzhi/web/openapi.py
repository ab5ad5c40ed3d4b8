"""The API's document as generators of clients want it: refusals stated, codes in quotes, operations told apart."""

import re
from typing import Any

from drf_spectacular import renderers

from zhongzhi.web.ndjson import MEDIA_TYPE
from zhongzhi.web.openapi_examples import with_examples
from zhongzhi.web.openapi_links import state_links

FILES_COME_AS = frozenset({"multipart/form-data", "application/octet-stream"})
PROBLEM = "#/components/schemas/Problem"
REFUSALS = {
    "400": "内容或参数有误：`invalid`、`parse_error`",
    "401": "没有令牌或令牌失效：`not_authenticated`、`token_invalid`、`address_refused`；要求签名的："
    "`signature_missing`、`signature_wrong`、`signature_stale`、`signature_repeated`",
    "403": "岗位或权限不含这一步：`forbidden`、`scope_missing`",
    "404": "没有，或不在查看范围内：`not_found`",
    "422": "不符合办理规则：`rule_broken`、`idempotency_key_reused`",
    "429": "调用过于频繁：`throttled`，见 `Retry-After`",
}
OF_WRITES = {
    "409": "当前状态不能办理或已登记：`wrong_state`、`number_known`、`already_registered`",
    "412": "已被他人更新：`changed_meanwhile`",
}
OF_FILES = {"413": "过大：`too_large`", "415": "不支持这种内容：`unsupported_type`"}
SHAPE = {
    "type": "object",
    "description": "RFC 9457；`code` 固定不变，供程序判断，`detail` 供人阅读。",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "examples": ["invalid"]},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "报修时请告知"},
        "errors": {
            "type": "object",
            "description": "按字段，如 `parties.0.paper_number`",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "case": {"type": "string", "description": "已登记为哪件案件"},
    },
}
TAGS = {
    "案件": ("cases", "lists, registering, files, the feed of changes"),
    "办理": ("acts", "what is done to a case"),
    "单函": ("referrals", "slips and letters"),
    "群体名册": ("members", "the members of a group"),
    "联动": ("joint-work", "tasks and meetings of a case"),
    "特殊关爱": ("special-care", "special care"),
    "调解": ("mediations", "mediations, agreements, obligations"),
    "导入": ("imports", "calls, hotline orders and petitions by table or one by one"),
    "碰头会": ("meetings", "coordination meetings"),
    "统计": ("statistics", "figures"),
    "预警": ("warnings", "early warnings"),
    "群众查询": ("public", "what citizens ask with a query code"),
    "对接": ("exchange", "messages of other systems by profiles"),
    "接口自身": ("self", "who calls, lists of codes"),
    "人员与岗位": ("people", "people and posts"),
    "值班": ("duty", "who is on duty"),
    "区划与机构": ("places", "places and organisations"),
    "名册、警格、区划的导入": ("tables", "tables of rosters, beats, places"),
    "排查与上报": ("hazards", "hazards found in the field"),
    "网格名册": ("rosters", "who serves in which grid"),
    "警格": ("beats", "police beats"),
    "走访": ("visits", "visits and their plans"),
}
"""Parts of the API: as an office calls them; the name by which generators call a module of the client, in English."""
OF_PAGES = re.compile("Paginated(.+)List")
METHODS = ("get", "post", "put", "patch", "delete")
# YAML 1.2 reads 08 as a number where YAML 1.1 reads a text: what has digits only is written in quotes.
renderers.SafeDumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))  # type: ignore[attr-defined]


def completed(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say where it answers and what its parts are; each operation states what it may refuse with, in one shape."""
    result["servers"] = [{"url": "/", "description": "本系统所在的地址"}]
    result["tags"] = [{"name": name, "description": f"{label}: {text}"} for label, (name, text) in TAGS.items()]
    result["components"]["schemas"]["Problem"] = SHAPE
    for path in result["paths"].values():
        for method in METHODS:
            if operation := path.get(method):
                operation["parameters"] = with_examples(operation, _parameters_of(operation, method))
                operation["tags"] = [TAGS[label][0] for label in operation["tags"]]
                _state_streams(operation)
                state_links(operation)
                _state_refusals(operation, writes=method != "get")
    return result


def _state_streams(operation: dict[str, Any]) -> None:
    """A list can be had as lines, each of one row; what is no list is JSON only."""
    for answer in operation["responses"].values():
        content = answer.get("content", {})
        name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if paged := OF_PAGES.fullmatch(name):
            row = {"$ref": f"#/components/schemas/{paged[1]}"}
            content[MEDIA_TYPE] = {"schema": {**row, "description": "每行一条，全部页依次给出"}}
            if "text/csv" in content:
                content["text/csv"] = {"schema": {"type": "string"}}
        else:
            for kind in (MEDIA_TYPE, "text/csv"):
                content.pop(kind, None)


def _parameters_of(operation: dict[str, Any], method: str) -> list[dict[str, Any]]:
    """Its parameters; only a list can be had in other formats."""
    listed = method == "get" and any(one["name"] == "cursor" for one in operation.get("parameters", ()))
    return [one for one in operation.get("parameters", ()) if listed or one["name"] != "format"]


def _state_refusals(operation: dict[str, Any], *, writes: bool) -> None:
    takes_files = not FILES_COME_AS.isdisjoint(operation.get("requestBody", {}).get("content", {}))
    stated = REFUSALS | (OF_WRITES if writes else {}) | (OF_FILES if takes_files else {})
    for status, text in stated.items():
        content = {"application/problem+json": {"schema": {"$ref": PROBLEM}}}
        operation["responses"].setdefault(status, {"description": text, "content": content})
