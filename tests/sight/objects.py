"""What can be looked at, object by object, and the requests by which it is looked at.

Every route of the program belongs to one object: the first whose pattern it matches. Routes that nobody thought of
fall to the last one, which shows nothing of a case.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from intake.available_actions import ACTS
from mediation import available_actions as mediation_acts
from referrals import available_actions as referrals_acts
from tests.sight.reading import FULL, MASKED, NONE, OUTLINE
from tests.sight.world import ORDINARY, Matter

GAP = re.compile(r"<(?:\w+:)?(\w+)>")
CASE = r"cases/<case:code>/"
LEFT_OUT = re.compile(
    r"logout/|login/|static|media/|__debug|api/v1/docs|api/v1/schema|account/|field/sw|healthz|readyz|metrics"
)
"""Doors, and what is the same for everybody."""
WALK_EVERYWHERE = ("领导", "被反映人", "其村负责人")
THOROUGH = (*WALK_EVERYWHERE, "曾承办（已退回）")
"""Who is led through every dialog, by the names of `readers`."""
FEW = 3
REST = "其他页面"
OBJECTS = (
    ("首页、待办、清单", r"$|todo/|cases/$|cases/(follow-up|hung-up|roads)/|figures/cases/"),
    ("导出与下载的清单", r"cases/export/|figures/(brief|reports)/"),
    ("搜索、联想、同人提示", r"cases/parts/"),
    ("案卷", rf"{CASE}$"),
    ("办理对话框、补正、受理告知", rf"{CASE}(acts|edit|tasks|parts|receipt)/|mediation/open/|mediation/<slug:kind>"),
    ("附件", rf"{CASE}files/"),
    ("完整号码", rf"{CASE}parties/"),
    ("特殊关爱记录", rf"{CASE}care/"),
    ("调解清单、日历", r"mediation/(all|calendar|obligations|confirmations|statistics)?/?$"),
    ("调解", r"mediation/<uuid:uid>/$"),
    ("调解场次与笔录", r"mediation/sessions/"),
    ("调解协议", r"mediation/<uuid:uid>/(agreement|sign)/"),
    ("调解卷宗、打印件、DOCX", r"mediation/<uuid:uid>/file/"),
    ("单函清单", r"documents/($|mine|tray|board)|tiers/"),
    ("单函", r"documents/<uuid:uid>/$"),
    ("单函对话框", r"documents/<uuid:uid>/acts/"),
    ("单函正文、DOCX", r"documents/<uuid:uid>/(paper|docx|envelope)/"),
    ("碰头会", r"meetings/"),
    ("通知", r"notices/"),
    ("统计、看板、大屏", r"figures/|screen/"),
    ("接口：案件列表、CSV、NDJSON", r"api/v1/cases/$"),
    ("接口：案件、时间线", rf"api/v1/{CASE}($|timeline)"),
    ("接口：附件", rf"api/v1/{CASE}attachments/"),
    ("接口：完整号码", rf"api/v1/{CASE}parties/"),
    ("接口：特殊关爱", rf"api/v1/{CASE}care/"),
    ("接口：任务、会议", rf"api/v1/{CASE}(tasks|meetings)/|api/v1/meetings/"),
    ("接口：案件的办理动作", rf"api/v1/{CASE}"),
    ("接口：变更流", r"api/v1/changes/"),
    ("接口：调解、协议、履行", r"api/v1/(mediations|agreements|obligations)/"),
    ("接口：单函", r"api/v1/referrals/"),
    (REST, r""),
)  # fmt: skip
NAMES = tuple(name for name, _ in OBJECTS)


@dataclass(frozen=True)
class Request:
    """One way of looking."""

    object: str
    method: str
    path: str
    data: Any = None
    of: str = ""
    """The kind of matter that it is about; empty for what is about none."""
    typed: str = ""
    """What was searched for; that it is found tells as much as `finding` says, whatever else the answer shows."""
    finding: int = NONE


def requests_for(matters: list[Matter], reader: str) -> list[Request]:
    """All that show something: each route that answers to GET, each dialog by its name, and what is asked by POST.

    Pages that are about no case are walked by those of whom most is kept; who handles is shown some dialogs only.
    """
    found = [request for matter in matters for request in (*_asked(matter), *_looked_at(matter, reader))]
    found = [request for request in found if reader in WALK_EVERYWHERE or request.object != REST]
    every = list({(r.method, r.path, str(r.data)): r for r in reversed(found)}.values())[::-1]
    return every if os.environ.get("SIGHT_ALL") else _some(every)


def _some(requests: list[Request]) -> list[Request]:
    """The first few ways of each object and matter: what a run of all tests has time for."""
    taken: Counter[tuple[str, str]] = Counter()
    some = []
    for request in requests:
        taken[request.object, request.of] += 1
        if taken[request.object, request.of] <= FEW:
            some.append(request)
    return some


def _looked_at(matter: Matter, reader: str) -> Iterator[Request]:
    for route in routes():
        if not LEFT_OUT.match(route):
            of = matter.kind if GAP.search(route) and not route.startswith(("todo/", "meetings/")) else ""
            for path in _paths(route, matter, reader):
                yield Request(object_of(route), "GET", path, of=of)


def object_of(route: str) -> str:
    """The object that a route belongs to."""
    return next(name for name, pattern in OBJECTS if re.match(pattern, route))


def routes() -> Iterator[str]:
    """All patterns of addresses."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield before + str(entry.pattern)


def _paths(route: str, matter: Matter, reader: str) -> Iterator[str]:
    """The addresses of a route; none for one whose gaps are no matter of a case."""
    values: dict[str, Any] = {}
    for beginning in sorted(matter.gaps, key=len):
        if route.startswith(beginning):
            values |= matter.gaps[beginning]
    for more in _names(route, matter, reader):
        filled = values | more
        if all(gap in filled for gap in GAP.findall(route)):
            yield "/" + GAP.sub(lambda gap, filled=filled: str(filled[gap[1]]), route)


def _names(route: str, matter: Matter, reader: str) -> list[dict[str, Any]]:
    """Each name that an act, a list or a paper goes by."""
    if route == f"{CASE}acts/<slug:name>/":
        return _named([act.name for act in ACTS], matter, reader)
    if route == f"{CASE}acts/<referral_act:name>/":
        return _named([act.name for act in referrals_acts.CASE_ACTS], matter, reader)
    if route.startswith("cases/<case:code>/tasks/"):
        return [{"name": "done"}, {"name": "release"}]
    if route.startswith("documents/<uuid:uid>/"):
        letters = [{"uid": matter.letter.uid}, {"uid": matter.draft.uid}]
        acts = _named([act.name for act in referrals_acts.DOCUMENT_ACTS], matter, reader) if "acts" in route else [{}]
        return [letter | act for letter in letters for act in acts]
    if route.startswith("mediation/<slug:kind>/<uuid:uid>/acts/"):
        return list(_mediation_acts(matter, reader))
    if route.startswith("mediation/<uuid:uid>/file/<slug:key>/"):
        return [{"key": key} for key in ("all", "application", "record", "agreement")]
    if route.startswith("todo/"):
        return [{"name": name} for name in ("sign", "triage", "close", "handle")]
    return [{}]


def _named(names: list[str], matter: Matter, reader: str) -> list[dict[str, Any]]:
    """Every dialog of the ordinary case; of the others some, since a case that is not seen has none."""
    every = matter.kind == ORDINARY and reader in THOROUGH
    return [{"name": name} for name in (names if every else names[::8])]


def _mediation_acts(matter: Matter, reader: str) -> Iterator[dict[str, Any]]:
    obligation = matter.agreement.obligations.order_by("ordinal")[0]
    subjects = {
        "mediation": matter.mediation.uid,
        "session": matter.session.uid,
        "agreement": matter.agreement.uid,
        "instalment": obligation.instalments.order_by("ordinal")[0].uid,
    }
    for kind, uid in subjects.items():
        for more in _named([act.name for act in mediation_acts.table_of(kind)], matter, reader):
            yield {"kind": kind, "uid": uid} | more


def _asked(matter: Matter) -> Iterator[Request]:
    code, said = str(matter.case.code), matter.words
    for words, finding in ((said.name, FULL), (said.word, MASKED), (code, OUTLINE), (said.phone, FULL)):
        search = {"of": matter.kind, "typed": words, "finding": finding}
        yield Request("搜索、联想、同人提示", "POST", "/cases/parts/search/", {"q": words}, **search)
        yield Request("首页、待办、清单", "GET", f"/cases/?q={words}", **search)
        yield Request("导出与下载的清单", "GET", f"/cases/export/?q={words}", **search)
        yield Request("接口：案件列表、CSV、NDJSON", "GET", f"/api/v1/cases/?q={words}", **search)
    person = {"parties-0-name": said.name, "parties-0-phone": said.phone, "territory": "150526103200"}
    for path, data in (("person", person), ("suggestions", person | {"narrative": said.word})):
        yield Request(
            "搜索、联想、同人提示",
            "POST",
            f"/cases/parts/{path}/",
            data,
            of=matter.kind,
            typed=said.name,
            finding=MASKED,
        )
    for kind in ("text/csv", "application/x-ndjson"):
        yield Request("接口：案件列表、CSV、NDJSON", "GET", "/api/v1/cases/", kind)
    reveal = {"purpose": "contact", "reason": "电话联系到场"}
    yield Request("完整号码", "POST", f"/cases/{code}/parties/{matter.applicant.uid}/reveal/", reveal, matter.kind)
    yield Request(
        "接口：完整号码", "POST", f"/api/v1/cases/{code}/parties/{matter.applicant.uid}/reveal/", reveal, matter.kind
    )
    yield Request("接口：特殊关爱", "POST", f"/api/v1/cases/{code}/care/open/", {"reason": "随访"}, matter.kind)
    yield Request("特殊关爱记录", "POST", f"/cases/{code}/care/", {"reason": "随访前了解"}, matter.kind)
    yield Request(
        "办理对话框、补正、受理告知", "POST", f"/cases/{code}/receipt/{matter.applicant.uid}/", {}, matter.kind
    )
