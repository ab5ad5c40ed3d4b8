"""Recommend where many cases show a pattern: late or supervised again and again, a category that doubles.

Each pattern drafts one 建议函 in a quarter.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from grids.queries import county_of, organisations
from intake.coordination.queries import counts_by_category
from intake.models import Category
from referrals.drafting import Draft
from referrals.drafting.facts import listed, matter_of
from referrals.escalation.letters import draft_letters
from referrals.escalation.quarters import quarter_before, quarter_of, quarter_starts, quarter_words
from referrals.escalation.queries import (
    count_lapses,
    lapses_in_quarter,
    rules_for,
    supervisions_in_quarter,
    used_occasions,
)
from referrals.models import EscalationRule, Lapse, Purpose, Trigger
from referrals.queries import kind_for

ORGANISATION_LOCK = 0x7A7A_0004
LOCK_ORGANISATIONS = "SELECT pg_advisory_xact_lock(%s, pk) FROM unnest(%s::int[]) AS pk"
CLAIM_DAY = "INSERT INTO referrals_dailymark (name, day) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id"


def recommend_for_repeated_lapses(lapses: Iterable[Lapse]) -> None:
    """After lapses were written: recommend to an organisation that reached the number of a quarter.

    Counted one organisation after the other, in the order of their keys, so that two workers see each other's lapses.
    """
    late = {(lapse.organisation_id, lapse.quarter) for lapse in lapses}
    rules = rules_for(Trigger.LAPSES_OF_ORGANISATION, on=timezone.localdate()) if late else []
    if not rules:
        return
    _lock_organisations(sorted({pk for pk, _ in late}))
    counted = count_lapses(late)
    for rule in rules:
        reached = {f"recommend:lapses:{pk}:{quarter}": (pk, quarter) for pk, quarter in sorted(late)
                   if counted[pk, quarter] >= rule.threshold}  # fmt: skip
        for occasion in sorted(reached.keys() - used_occasions(reached)):
            _recommend_for_lapses(*reached[occasion], rule, occasion)


def recommend_for_repeated_supervisions(organisation: Organisation) -> None:
    """After a supervision was issued: recommend to an organisation that reached the number of a quarter."""
    today = timezone.localdate()
    quarter = quarter_of(today)
    slips = supervisions_in_quarter(organisation, quarter)
    for rule in rules_for(Trigger.SUPERVISIONS_OF_ORGANISATION, on=today):
        if slips.count() >= rule.threshold:
            matters = [f"{slip.number}：{slip.subject}" for slip in slips.order_by("pk")]
            occasion = f"recommend:supervisions:{organisation.pk}:{quarter}"
            _recommend(organisation, rule, occasion, f"{quarter_words(quarter)}多次被督办", matters)


@transaction.atomic
def look_for_patterns(today: date) -> bool:
    """Look once a day for categories that doubled against the last quarter; False where that was done today."""
    if not _claim_day("patterns", today):
        return False
    for rule in rules_for(Trigger.CATEGORY_DOUBLED, on=today):
        _recommend_for_doubled_categories(rule, today)
    return True


def _recommend_for_lapses(organisation_id: int, quarter: int, rule: EscalationRule, occasion: str) -> None:
    organisation = Organisation.objects.select_related("territory").get(pk=organisation_id)
    lapses = lapses_in_quarter(organisation, quarter).select_related("case")
    matters = [matter_of(lapse) for lapse in lapses.order_by("pk")]
    _recommend(organisation, rule, occasion, f"{quarter_words(quarter)}办件多次超期", matters)


def _recommend_for_doubled_categories(rule: EscalationRule, today: date) -> None:
    quarter = quarter_of(today)
    before = quarter_starts(quarter_before(quarter))
    now, then = counts_by_category(quarter_starts(quarter), None), counts_by_category(before, quarter_starts(quarter))
    for (county, code), number in sorted(now.items()):
        earlier = then.get((county, code), 0)
        if number < rule.threshold or number < 2 * earlier or not earlier:
            continue
        category, addressee = Category.objects.get(pk=code), _in_charge(county, code)
        if addressee is not None:
            matter = f"本季度“{category.name}”类纠纷{number}件，上季度{earlier}件，成倍增加"
            occasion = f"recommend:category:{county}:{code}:{quarter}"
            _recommend(addressee, rule, occasion, f"{category.name}类纠纷成倍增加", [matter])


def _in_charge(county: str, code: str) -> Organisation | None:
    """The department usually in charge of a category; the county's centre where the table names none."""
    rows = organisations().filter(territory__code=county)
    lead = Category.objects.get(pk=code).default_lead
    named = rows.filter(name__endswith=lead).order_by("pk").first() if lead else None
    return named or rows.filter(kind=OrganisationKind.CENTRE).first()


def _recommend(
    addressee: Organisation, rule: EscalationRule, occasion: str, subject: str, matters: Sequence[str]
) -> None:
    """Draft the recommendation of the county's centre; none where the kind or the centre is missing."""
    kind = kind_for(Purpose.RECOMMEND, on=timezone.localdate())
    county = organisations().filter(territory__code=county_of(addressee), kind=OrganisationKind.CENTRE).first()
    if kind is None or county is None:
        return
    draft = Draft(
        kind=kind,
        centre=county,
        addressee=addressee,
        trigger=Trigger(rule.trigger),
        occasion=occasion,
        facts={"subject_matter": subject, "matters": listed(matters)},
    )
    draft_letters([draft])


def _claim_day(name: str, today: date) -> bool:
    """Make today's mark; who makes it at the same moment waits, and comes second."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_DAY, [name, today])
        return cursor.fetchone() is not None


def _lock_organisations(keys: Sequence[int]) -> None:
    """Hold these organisations, in the order given, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ORGANISATIONS, [ORGANISATION_LOCK, list(keys)])
