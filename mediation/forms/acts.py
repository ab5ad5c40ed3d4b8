"""Input of the acts, one small form each."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from grids.models import OrganisationKind
from grids.queries import organisation_of
from intake.models import Road
from mediation.actions import Plan, Signed
from mediation.actions.performance import left_of
from mediation.available_actions import Act, Subject
from mediation.forms.base import SubjectForm, boxes, day, length, line, moment, party_choices, text
from mediation.models import EndReason, ObligationKind, SessionKind
from mediation.queries.confirmations import bound_parties
from mediation.queries.roads import roads_of
from mediation.queries.signatures import missing_signatures
from mediation.queries.visibility import courts_in_reach, mediators_of_body, rooms_for

YES_NO = [("yes", "同意"), ("no", "不同意")]
PICTURES = "image/*,application/pdf"


class ConsentForm(SubjectForm):
    told_on = day("告知权利义务日期", help_text="先告知，再征询；告知书可在卷宗页打印")
    on = day("表态日期")
    how = line("方式", required=False, longest=40, initial="当面", help_text="当面、电话、书面等")

    def prepare(self) -> None:
        """One question for each party."""
        known = {c.party_id: "yes" if c.agreed else "no" for c in self.subject.consents.all()}
        self.uids: dict[str, str] = {}
        for party in self.subject.case.parties.filter(role="principal").order_by("ordinal", "pk"):
            name = f"party_{party.pk}"
            self.uids[name] = str(party.uid)
            self.fields[name] = forms.ChoiceField(
                label=f"{party.shown_name}（{party.get_side_display()}）",
                choices=YES_NO,
                widget=forms.RadioSelect,
                required=False,
                initial=known.get(party.pk, ""),
            )
        if self.subject.rights_told_on:
            self.initial["told_on"] = self.subject.rights_told_on

    def arguments(self) -> dict[str, Any]:
        """The answers by uid."""
        given = self.cleaned_data
        answers = {uid: given[name] == "yes" for name, uid in self.uids.items() if given.get(name)}
        return {"answers": answers, "on": given["on"], "how": given["how"], "told_on": given["told_on"]}


class PlanForm(SubjectForm):
    kind = forms.ChoiceField(label="类型", choices=SessionKind.choices)
    starts_at = moment("开始时间")
    minutes = length()
    room: Any = forms.ModelChoiceField(label="调解室", queryset=None, required=False)
    place = line("其他地点", required=False, longest=120, help_text="现场勘查、村委会等，不用调解室时填写")
    mediators = boxes("调解员")
    parties = boxes("通知当事人", required=False, help_text="登记了电话的，短信通知")
    others = text("其他参加人", required=False, rows=2, longest=500, help_text="一行一人：张三 村委会主任")

    def prepare(self) -> None:
        """Rooms of the body, its mediators in this mediation, the parties."""
        self.fields["room"].queryset = rooms_for(self.subject)  # type: ignore[attr-defined]
        mediators = [(str(m.pk), m.name) for m in self.subject.mediators.order_by("pk")]
        parties = party_choices(self.subject.case)
        self.fields["mediators"].choices, self.fields["parties"].choices = mediators, parties  # type: ignore[attr-defined]
        now = timezone.localtime().replace(second=0, microsecond=0)
        self.initial = {
            "starts_at": now + timedelta(minutes=(-now.minute) % 30),
            "room": next(iter(rooms_for(self.subject)), None),
            "mediators": [pk for pk, _ in mediators],
            "parties": [uid for uid, _ in parties],
        }

    def arguments(self) -> dict[str, Any]:
        """The plan."""
        given = self.cleaned_data
        wanted = set(given["mediators"])
        plan = Plan(
            starts_at=given["starts_at"],
            ends_at=given["starts_at"] + timedelta(minutes=given["minutes"]),
            kind=given["kind"],
            room=None if given["place"] else given["room"],
            place=given["place"],
            mediators=[m for m in self.subject.mediators.all() if str(m.pk) in wanted],
            parties=given["parties"],
            others=[_name_and_capacity(row) for row in given["others"].splitlines() if row.strip()],
        )
        return {"plan": plan}


class ExtendForm(SubjectForm):
    on = day("各方同意延长的日期")
    note = text("说明", required=False, rows=2, longest=500)


class RecuseForm(SubjectForm):
    mediator = forms.ChoiceField(label="回避的调解员")
    asked_by = forms.ChoiceField(label="谁提出", required=False)
    reason = text("理由", longest=500, rows=2)
    granted = forms.ChoiceField(label="决定", choices=[("yes", "回避"), ("no", "不回避")], widget=forms.RadioSelect)
    replacement = forms.ChoiceField(label="接替的调解员", required=False)

    def prepare(self) -> None:
        """Mediators here, and those of the body who could take over."""
        here = list(self.subject.mediators.order_by("pk"))
        self.people = {str(m.pk): m for m in [*here, *mediators_of_body(self.subject.body)]}
        others = [m for m in mediators_of_body(self.subject.body) if m not in here]
        choices: dict[str, list[tuple[str, str]]] = {
            "mediator": [(str(m.pk), m.name) for m in here],
            "replacement": [("", "（不另派）"), *((str(m.pk), m.name) for m in others)],
            "asked_by": [("", "调解员自行回避"), *party_choices(self.subject.case)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """People instead of numbers."""
        given = self.cleaned_data
        return {
            "mediator": self.people.get(given["mediator"]),
            "replacement": self.people.get(given["replacement"]),
            "asked_by": given["asked_by"],
            "reason": given["reason"],
            "granted": given["granted"] == "yes",
        }


class FailForm(SubjectForm):
    reason = forms.ChoiceField(label="未达成协议的原因", choices=[("", "请选择"), *EndReason.choices])
    note = text("情况说明", longest=2000)
    told = boxes(
        "已告知当事人可以走的途径",
        help_text="调解不成的，应告知可依法走的途径（人民调解法第二十六条）",
    )
    road = forms.ChoiceField(
        label="当事人采取的途径", choices=[("", "尚未决定，案件继续办理"), *Road.choices], required=False
    )

    def prepare(self) -> None:
        """The roads that are usual for the category are ticked."""
        self.fields["told"].choices = Road.choices  # type: ignore[attr-defined]
        self.initial["told"] = [str(road) for road in roads_of(self.subject.case.category)]


class ReasonForm(SubjectForm):
    reason = text("理由", longest=500, rows=2)


class AdjournForm(SubjectForm):
    starts_at = moment("改到")
    minutes = length()
    reason = text("改期的理由", longest=500, rows=2)

    def prepare(self) -> None:
        """A day later, as long as before."""
        self.initial["starts_at"] = timezone.localtime(self.subject.starts_at) + timedelta(days=1)

    def arguments(self) -> dict[str, Any]:
        """Start and end."""
        given = self.cleaned_data
        ends = given["starts_at"] + timedelta(minutes=given["minutes"])
        return {"starts_at": given["starts_at"], "ends_at": ends, "reason": given["reason"]}


class SignForm(SubjectForm):
    signatures = boxes("这一天签署的")
    signed_on = day("签署日期")
    how = line("方式", required=False, longest=40, help_text="默认签名、盖章；按指印或由监护人、代理人代签的请写明")

    def prepare(self) -> None:
        """Who has not signed yet."""
        words = {"party": "当事人", "mediator": "调解员", "seal": "盖章"}
        rows = [(f"{kind}:{pk or ''}", f"{words[kind]} {name}") for kind, pk, name in missing_signatures(self.subject)]
        self.fields["signatures"].choices = rows  # type: ignore[attr-defined]
        self.initial["signatures"] = [value for value, _ in rows]

    def arguments(self) -> dict[str, Any]:
        """One signature for each box."""
        given = self.cleaned_data
        pairs = [value.split(":") for value in given["signatures"]]
        signed = [Signed(kind, given["signed_on"], int(pk) if pk else None, given["how"]) for kind, pk in pairs]
        return {"signatures": signed}


class ConfirmForm(SubjectForm):
    court = forms.ChoiceField(label="法院（法庭）")
    applicants = boxes("共同申请人", help_text="须各方当事人共同申请")
    on = day("申请日期", help_text="自协议生效之日起三十日内")

    def prepare(self) -> None:
        """Courts in reach, the parties that the agreement binds."""
        courts = courts_in_reach(self.subject.mediation.case.centre, OrganisationKind.COURT)
        self.fields["court"].choices = [(str(c.pk), c.name) for c in courts]  # type: ignore[attr-defined]
        rows = [(str(p.uid), p.shown_name) for p in bound_parties(self.subject)]
        self.fields["applicants"].choices = rows  # type: ignore[attr-defined]
        self.initial["applicants"] = [uid for uid, _ in rows]

    def arguments(self) -> dict[str, Any]:
        """The court as an organisation."""
        given = self.cleaned_data
        return {**given, "court": organisation_of(int(given["court"]))}


class LeadOnForm(SubjectForm):
    road = forms.ChoiceField(label="转入的途径", choices=[("", "请选择"), *Road.choices])
    note = text("说明", longest=500, rows=2)


class PerformForm(SubjectForm):
    on = day("履行日期")
    note = text("履行情况", longest=500, rows=2, initial="已履行完毕")
    proofs = forms.FileField(
        label="履行凭证",
        required=False,
        help_text="照片、收条、转账截图；归档时须有凭证",
        widget=forms.ClearableFileInput(attrs={"accept": PICTURES}),
    )

    def prepare(self) -> None:
        """Money asks for the sum; the rest whether it is done."""
        if self.subject.obligation.kind == ObligationKind.MONEY:
            left = left_of(self.subject)
            field = forms.DecimalField(
                label="金额（元）", max_digits=14, decimal_places=2, initial=left, help_text=f"这一期还应给付 {left} 元"
            )
            self.fields = {"amount": field, **self.fields}
        else:
            self.fields["is_whole"] = forms.BooleanField(
                label="这一项已全部履行", required=False, initial=True, help_text="只履行了一部分的，请取消勾选"
            )

    def arguments(self) -> dict[str, Any]:
        """Sum or word, and the proof."""
        given = dict(self.cleaned_data)
        proof = given.pop("proofs")
        amount: Decimal | None = given.pop("amount", None)
        return {**given, "amount": amount, "proofs": [proof] if proof else []}


class AcceptanceForm(SubjectForm):
    accepted = forms.ChoiceField(
        label="法院答复", choices=[("yes", "受理"), ("no", "不予受理")], widget=forms.RadioSelect, initial="yes"
    )
    on = day("答复日期")
    case_number = line("案号", required=False, longest=60, help_text="如（2026）内0526调确字第12号")
    refusal = text("不予受理的理由", required=False, longest=500, rows=2)

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the action knows it."""
        return {**self.cleaned_data, "accepted": self.cleaned_data["accepted"] == "yes"}


class RulingForm(SubjectForm):
    confirmed = forms.ChoiceField(
        label="裁定", choices=[("yes", "确认协议有效"), ("no", "驳回申请")], widget=forms.RadioSelect, initial="yes"
    )
    on = day("裁定日期")
    refusal = text("驳回的理由", required=False, longest=500, rows=2, help_text="驳回后可变更协议或向法院起诉")

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the action knows it."""
        return {**self.cleaned_data, "confirmed": self.cleaned_data["confirmed"] == "yes"}


FORMS: dict[tuple[str, str], type[SubjectForm]] = {
    ("mediation", "consent"): ConsentForm,
    ("mediation", "plan"): PlanForm,
    ("mediation", "extend"): ExtendForm,
    ("mediation", "recuse"): RecuseForm,
    ("mediation", "fail"): FailForm,
    ("mediation", "cancel"): ReasonForm,
    ("session", "adjourn"): AdjournForm,
    ("session", "cancel"): ReasonForm,
    ("agreement", "sign"): SignForm,
    ("agreement", "confirm"): ConfirmForm,
    ("agreement", "lead-on"): LeadOnForm,
    ("agreement", "revise"): ReasonForm,
    ("agreement", "unsign"): ReasonForm,
    ("instalment", "perform"): PerformForm,
    ("confirmation", "acceptance"): AcceptanceForm,
    ("confirmation", "ruling"): RulingForm,
}


def act_form(act: Act, subject: Subject, data: Any = None, files: Any = None) -> SubjectForm:
    """The form of an act; acts without input have an empty one."""
    return FORMS.get((act.kind, act.name), SubjectForm)(data, files, subject=subject)


def _name_and_capacity(row: str) -> tuple[str, str]:
    name, _, capacity = row.strip().partition(" ")
    return name, capacity.strip()
