"""The lists of codes of the API by their names, and how an answer that seldom changes is kept by who asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response

from grids.models import HazardKind, HazardLevel, OrganisationKind, Role, ServiceKind
from intake.deadlines.models import ClockKind
from intake.imports.models import ImportKind
from intake.lifecycle import State
from intake.models import (
    Capacity,
    Channel,
    Complexity,
    ContactWay,
    HandlingKind,
    Outcome,
    PaperKind,
    PartyKind,
    PartyRole,
    PartySide,
    Performance,
    Risk,
    Road,
    Satisfaction,
    Scale,
    Tier,
)
from mediation.lifecycle import AgreementState
from mediation.lifecycle import State as MediationState
from mediation.models import Mode
from referrals.lifecycle import State as DocumentState
from referrals.models import Purpose
from zhongzhi.accounts.models import ClientSight, Scope
from zhongzhi.core.ciphers import sm3

SECONDS = 3600


@dataclass(frozen=True)
class CodeList:
    """A list of codes: its label, and the codes with theirs."""

    label: str
    choices: tuple[tuple[str, str], ...]


def _list(label: str, codes: Any, but_not: Any = None) -> CodeList:
    return CodeList(label, tuple((str(code), str(text)) for code, text in codes.choices if code != but_not))


LISTS: Mapping[str, CodeList] = MappingProxyType({
    "case-status": _list("案件状态", State, State.DRAFT),
    "tier": _list("层级", Tier),
    "risk": _list("风险等级", Risk),
    "complexity": _list("难易程度", Complexity),
    "channel": _list("来源渠道", Channel),
    "scale": _list("规模", Scale),
    "outcome": _list("办理结果", Outcome),
    "road": _list("法律途径", Road),
    "party-side": _list("当事方", PartySide),
    "party-kind": _list("当事人类型", PartyKind),
    "party-role": _list("当事人身份", PartyRole),
    "paper-kind": _list("证件类型", PaperKind),
    "capacity": _list("行为能力", Capacity),
    "handling-kind": _list("承办方式", HandlingKind),
    "clock-kind": _list("时限", ClockKind),
    "contact-way": _list("回访方式", ContactWay),
    "performance": _list("履行情况", Performance),
    "satisfaction": _list("满意度", Satisfaction),
    "import-kind": _list("推送件种类", ImportKind),
    "mediation-status": _list("调解状态", MediationState),
    "mediation-mode": _list("调解方式", Mode),
    "agreement-status": _list("协议状态", AgreementState),
    "document-purpose": _list("单函用途", Purpose),
    "document-status": _list("单函状态", DocumentState),
    "organisation-kind": _list("机构类别", OrganisationKind),
    "role": _list("岗位", Role),
    "roster-kind": _list("名册类别", ServiceKind),
    "hazard-kind": _list("隐患类别", HazardKind),
    "hazard-level": _list("隐患等级", HazardLevel),
    "scope": _list("接口权限", Scope),
    "sight": _list("查看范围", ClientSight),
})  # fmt: skip


def kept_for_an_hour(request: Request, data: Any) -> HttpResponseBase:
    """An answer that who asked may keep; 304 when what they have still holds."""
    response = Response(data)
    response["ETag"] = f'"{sm3(repr(data).encode())[:16]}"'
    response["Cache-Control"] = f"private, max-age={SECONDS}"
    return get_conditional_response(request._request, etag=response["ETag"], response=response) or response
