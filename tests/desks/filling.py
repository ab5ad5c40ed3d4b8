"""What somebody types into a dialog: every field as it is offered, nothing that the dialog does not show."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django import forms
from django.utils import timezone

from grids.models import Organisation, Posting, Role
from grids.queries.outside import outside_organisations
from intake.models import Case, HandlingPart
from intake.queries import cases_visible_to, not_linked, reachable_organisations, takes_in
from mediation.models import OF_COURTS
from referrals.models import DocumentKind, Purpose
from zhongzhi.accounts.models import User
from zhongzhi.web.forms import PickerWidget

WORDS = {
    "case_number": "（2026）内0526调确字第12号",
    "number": "（2026）内0526民初12号",
    "others": "",
    "guardian": "王某",
    "relation": "母子",
    "diagnosis": "",
    "diagnosed_by": "",
}
LEFT_EMPTY = {"second", "mode", "entrusted_by", "team", "asked_by", "diagnosed_on", "proofs", "people", "shared_with"}
"""May be left as they stand: what nobody insists on, and what would take a case out of sight of others."""
ENTRUSTED = {"court": "court", "court_trial": "court", "court_summary": "court", "police": "police_station"}
CALM = {
    "origin": "application",
    "risk": "blue",
    "escalating": "",
    "reached": "yes",
    "performance": "done",
    "granted": "yes",
    "accepted": "yes",
}
"""Most people answer so most of the time, or no case would come to its end."""
ASKS_BACK = ("recommendation", "supervision")
"""Letters that must be answered, in time or with more of it: every second one is of these."""


class Hand:
    """One person's hand at one dialog."""

    def __init__(self, rng: Random, user: User, case: Case, name: str) -> None:
        self.rng, self.user, self.case, self.name = rng, user, case, name

    def fill(self, form: forms.BaseForm) -> dict[str, Any]:
        """The form as it is sent."""
        sent: dict[str, Any] = {}
        for name, field in form.fields.items():
            if not _is_shown(field, sent) or isinstance(field, forms.FileField):
                continue
            value = self.value(name, field, form.get_initial_for_field(field, name))
            if value not in (None, ""):
                sent[name] = value
        return self.made_to_fit(form, sent)

    def value(self, name: str, field: forms.Field, first: Any) -> Any:
        """What goes into one field."""
        if isinstance(field, forms.MultipleChoiceField | forms.TypedMultipleChoiceField):
            return first or ([] if name in LEFT_EMPTY else _values(field.choices)[:2])
        if isinstance(field, forms.ChoiceField):
            return self.chosen(name, field, first)
        if isinstance(field, forms.BooleanField):
            return "on" if first else ""
        if isinstance(field, forms.DateTimeField):
            return f"{timezone.localtime(first if isinstance(first, datetime) else None):%Y-%m-%dT%H:%M}"
        if isinstance(field, forms.DateField):
            return self.day(name, first, field.widget.attrs.get("max", ""))
        if isinstance(field.widget, PickerWidget):
            return self.picked(name, field, first)
        return first if first not in (None, "") else self.words(name, field)

    def chosen(self, name: str, field: forms.ChoiceField, first: Any) -> Any:
        offered = _values(field.choices)
        if name in LEFT_EMPTY or not offered:
            return first or ""
        if name.startswith("party_"):
            return "yes" if self.rng.random() < 0.9 else "no"
        if CALM.get(name) in offered and self.rng.random() < 0.85:
            return CALM[name]
        if asking := [kind for kind in ASKS_BACK if name == "kind" and kind in offered]:
            return self.rng.choice(asking if self.rng.random() < 0.5 else offered)
        if first not in (None, "") and self.rng.random() < 0.5:
            return str(first)
        return self.rng.choice(offered)

    def day(self, name: str, first: Any, latest: str) -> str:
        if name in ("diagnosed_on",):
            return ""
        ahead = {"review_on": 30, "due_on": 5}.get(name, 0)
        day = first if isinstance(first, date) and not ahead else timezone.localdate() + timedelta(days=ahead)
        return min(day.isoformat(), latest or day.isoformat())

    def picked(self, name: str, field: forms.Field, first: Any) -> str:
        """One of the lines of the list that answers to what is typed."""
        url = str(field.widget.url)  # type: ignore[attr-defined]
        if name == "outside":
            outside = list(outside_organisations().values_list("pk", flat=True))
            return str(self.rng.choice(outside)) if outside and self.rng.random() < 0.3 else ""
        if "organisations" in url:
            return self.organisation(name)
        if "candidates" in url:
            fitting = takes_in(self.case) if url.endswith("for=merge") else not_linked(self.case)
            others = cases_visible_to(self.user).exclude(pk=self.case.pk).exclude(status="merged").filter(fitting)
            codes = list(others.order_by("-pk").values_list("code", flat=True)[:5])
            return self.rng.choice(codes) if codes else ""
        return str(first or "0901")

    def organisation(self, name: str) -> str:
        """One in reach that does not have the case in hand, most often one whose people are known to be there; letters
        go to who leads it, too, unasked."""
        if name.startswith("co_") and self.rng.random() < 0.7:
            return ""
        busy = set(self.case.handlings.filter(closed_at=None).values_list("organisation_id", flat=True))
        led = self.case.handlings.filter(part=HandlingPart.LEAD, closed_at=None)
        if name == "addressee" and self.rng.random() < 0.6 and led.exists():
            return ""
        free = [row.pk for row in reachable_organisations(self.case, "") if row.pk not in busy]
        staffed = list(
            Posting.objects.filter(organisation__in=free).values_list("organisation_id", flat=True).distinct()
        )
        return str(self.rng.choice((sorted(staffed) if self.rng.random() < 0.8 else free) or [""]))

    def words(self, name: str, field: forms.Field) -> str:
        if isinstance(field, forms.DecimalField | forms.IntegerField):
            return ""
        text = WORDS.get(name, "已按要求办理，情况属实。")
        return text[: field.max_length] if isinstance(field, forms.CharField) and field.max_length else text

    def made_to_fit(self, form: forms.BaseForm, sent: dict[str, Any]) -> dict[str, Any]:
        """What belongs together in one dialog: the road is one that was told, a supervision has its level."""
        if sent.get("outside"):
            sent.pop("receiver", None)
        self.each_once(sent)
        fit = getattr(self, f"fit_{self.name.replace('-', '_')}", None)
        if fit is not None:
            fit(form, sent)
        return sent

    def fit_correct_road_result(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        sent["result"] = f"更正：第{self.rng.randrange(10**6)}次核对"

    def fit_enter(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """As long as it is proposed, so that it is over."""
        sent["minutes"] = str(form.get_initial_for_field(form.fields["minutes"], "minutes"))

    def each_once(self, sent: dict[str, Any]) -> None:
        """Each organisation once."""
        chosen = {sent.get("organisation")}
        for name in [name for name in sent if name.startswith("co_") and "task" not in name]:
            if sent[name] in chosen:
                del sent[name]
            else:
                chosen.add(sent[name])

    def fit_fail(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        if sent.get("road") not in (sent.get("told") or []):
            sent.pop("road", None)

    def fit_list_obligations(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        sent["schedule"] = (timezone.localdate() + timedelta(days=5)).isoformat()

    def fit_mediate(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """Now and then a court hands over; what comes from a court a court does, from the police a police station."""
        courts = [origin for origin in _values(form.fields["origin"].choices) if origin in OF_COURTS]
        if courts and self.rng.random() < 0.25:
            sent["origin"] = self.rng.choice(courts)
        wanted = ENTRUSTED.get(sent.get("origin", ""))
        if wanted is not None:
            offered = Organisation.objects.filter(pk__in=_values(form.fields["entrusted_by"].choices), kind=wanted)
            sent["entrusted_by"] = str(self.rng.choice(list(offered)).pk)

    def fit_sign(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """Not everybody signs an agreement on the same day; some letters are looked at once more before they go out."""
        if "held" in form.fields and self.rng.random() < 0.4:
            sent["held"] = "on"
        if len(sent.get("signatures", ())) > 1 and self.rng.random() < 0.4:
            sent["signatures"] = sent["signatures"][:1]

    def fit_undisputed(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """All must agree to it."""
        sent["parties"] = _values(form.fields["parties"].choices)

    def fit_restrict(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """Most often who shares the work at the centre is named, for somebody else has to review what one reports."""
        offered = _values(form.fields["people"].choices) if "people" in form.fields else []
        sharing = User.objects.filter(pk__in=offered, postings__role=Role.DISPATCHER).order_by("pk")
        if sharing and self.rng.random() < 0.7:
            sent["people"] = [str(person.pk) for person in sharing]

    def fit_regrade(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        sent["complexity"] = next(c for c in ("ordinary", "complex", "simple") if c != self.case.complexity)
        sent.pop("risk", None)

    def fit_draft(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        """A supervision has its level, and is what most letters are about."""
        kinds = DocumentKind.objects.filter(pk__in=_values(form.fields["kind"].choices), purpose=Purpose.SUPERVISE)
        if kinds and self.rng.random() < 0.5:
            sent["kind"] = str(kinds[0].pk)
        sent["level"] = "yellow"

    def fit_reissue(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        sent["body"] = f"{sent['body']}\n请三日内办理。"

    def fit_recuse(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        if sent.get("granted") == "yes" and not sent.get("replacement"):
            sent["granted"] = "no"

    def fit_follow_up(self, form: forms.BaseForm, sent: dict[str, Any]) -> None:
        sent["note"] = "双方都满意"


def _is_shown(field: forms.Field, sent: dict[str, Any]) -> bool:
    name, _, value = getattr(field, "shown_if", "").partition("=")
    return not name or str(sent.get(name, "")) == value


def _values(choices: Iterable[Any]) -> list[str]:
    """The values that can be chosen, those under headings too."""
    found: list[str] = []
    for value, label in choices:
        found += [str(v) for v, _ in label] if isinstance(label, list | tuple) else [str(value)]
    return [value for value in found if value]
