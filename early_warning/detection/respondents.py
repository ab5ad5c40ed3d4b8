"""One respondent, many applicants: wages, property firms, land, money lent to one and the same."""

from datetime import datetime

from django.db.models import Q

from early_warning.detection.found import Found, Sign, since
from early_warning.detection.sides import NOT_COUNTED
from early_warning.models import WarningRule
from grids.models import Level, Territory
from intake.models import Case, Party, PartyKind, PartyRole, PartySide
from intake.search.queries import is_restricted
from zhongzhi.core.ciphers import keyed_hash
from zhongzhi.core.text import name_key

PURPOSE = "early_warning.respondent"
MOST = 500


def many_against_one(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """The respondent of this case against whom most applicants came within the window."""
    if case.territory is None or not rule.concerns(case.category_id):
        return None
    rows = case.parties.filter(side=PartySide.RESPONDENT, role=PartyRole.PRINCIPAL, name_withheld=False)
    found = [one for party in rows.filter(~is_restricted()) if (one := _against(party, case.territory, rule, at))]
    return max(found, key=lambda one: len(one.signs), default=None)


def _against(party: Party, place: Territory, rule: WarningRule, at: datetime) -> Found | None:
    county = place.current_code[: Level.COUNTY]
    cases = _cases(party, county, rule, at)
    applicants = _applicants(cases)
    if len(cases) < 2 or applicants < rule.threshold:
        return None
    key = keyed_hash(f"{county}:{name_key(party.name)}", purpose=PURPOSE).hex()[:40]
    signs = tuple(Sign(case, case.registered_at or case.created_at) for case in cases)
    return Found(f"{rule.slug}:{key}", place, rule.level, signs, {"applicants": applicants})


def _cases(party: Party, county: str, rule: WarningRule, at: datetime) -> list[Case]:
    same = Party.objects.filter(_same(party), side=PartySide.RESPONDENT, role=PartyRole.PRINCIPAL)
    window = Q(registered_at__gte=since(rule, at), registered_at__lte=at)
    cases = Case.objects.filter(window, pk__in=same.values("case_id")).exclude(status__in=NOT_COUNTED)
    cases = cases.filter(territory__current_code__startswith=county).select_related("territory")
    return [case for case in cases.order_by("-pk")[:MOST] if rule.concerns(case.category_id)]


def _applicants(cases: list[Case]) -> int:
    """How many people they are: by paper, else by name; who withheld it counts by the case."""
    rows = Party.objects.filter(case__in=cases, side=PartySide.APPLICANT, role=PartyRole.PRINCIPAL)
    people = rows.values_list("pk", "paper_hash", "name")
    return len({bytes(paper or b"") or name or pk for pk, paper, name in people})


def _same(party: Party) -> Q:
    """Rows of the same respondent: by number, organisations and whole names by name."""
    hashes = party.hashes_alike
    papers, phones = [paper for paper, _ in hashes if paper], [phone for _, phone in hashes if phone]
    same = Q(paper_hash__in=papers) | Q(phone_hash__in=phones, name=party.name)
    if party.kind == PartyKind.ORGANISATION or not papers:
        same |= Q(name=party.name)
    return same
