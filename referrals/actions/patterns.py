"""Patterns over many cases: who is late again and again, which category doubles; each drafts one 建议函."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from grids.queries import organisations
from intake.coordination.queries import counts_by_category
from intake.models import Category
from referrals.actions.drafting import Draft, make_draft
from referrals.actions.facts import listed, matter_of
from referrals.actions.rungs import lay_before
from referrals.models import LadderRule, Lapse, Purpose, Trigger
from referrals.queries import (
    kind_for,
    lapses_counted,
    lapses_in_quarter,
    occasions_used,
    quarter_of,
    rules_for,
    supervisions_in_quarter,
)
from referrals.queries.ladder import quarter_before, quarter_starts, quarter_words

ORGANISATION_LOCK = 0x7A7A_0004
ALONE = "SELECT pg_advisory_xact_lock(%s, pk) FROM unnest(%s::int[]) AS pk"
MARK = "INSERT INTO referrals_dailymark (name, day) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id"


def count_for_organisations(lapses: Iterable[Lapse]) -> None:
    """After lapses were written: those whose organisation reached the number of a quarter give a draft.

    Counted one organisation after the other, in the order of their keys, so that two workers see each other's lapses.
    """
    owed = {(lapse.organisation_id, lapse.quarter) for lapse in lapses}
    rules = rules_for(Trigger.LAPSES_OF_ORGANISATION, on=timezone.localdate()) if owed else []
    if not rules:
        return
    _alone_with(sorted({pk for pk, _ in owed}))
    reached = lapses_counted(owed)
    for rule in rules:
        late = {f"recommend:lapses:{pk}:{quarter}": (pk, quarter) for pk, quarter in sorted(owed)
                if reached[pk, quarter] >= rule.threshold}  # fmt: skip
        for occasion in sorted(late.keys() - occasions_used(late)):
            _advise_late(late[occasion], rule, occasion)


@transaction.atomic
def look_for_patterns(today: date) -> bool:
    """Once a day, whoever comes first: categories that doubled, organisations supervised again and again."""
    if not _first_today("patterns", today):
        return False
    for rule in rules_for(Trigger.CATEGORY_DOUBLED, on=today):
        _doubled_categories(rule, today)
    return True


def _advise_late(owed: tuple[int, int], rule: LadderRule, occasion: str) -> None:
    """The draft for one organisation that reached the number in a quarter."""
    pk, quarter = owed
    organisation = Organisation.objects.select_related("territory").get(pk=pk)
    lapses = lapses_in_quarter(organisation, quarter).select_related("case")
    matters = [matter_of(lapse) for lapse in lapses.order_by("pk")[:25]]
    _advise(organisation, rule, occasion, f"{quarter_words(quarter)}办件多次超期", matters)


def count_supervisions(organisation: Organisation) -> None:
    """After a supervision was issued: three to one organisation in a quarter give a draft."""
    today = timezone.localdate()
    quarter = quarter_of(today)
    slips = supervisions_in_quarter(organisation, quarter)
    for rule in rules_for(Trigger.SUPERVISIONS_OF_ORGANISATION, on=today):
        if slips.count() >= rule.threshold:
            matters = [f"{slip.number}：{slip.subject}" for slip in slips.order_by("pk")[:25]]
            occasion = f"recommend:supervisions:{organisation.pk}:{quarter}"
            _advise(organisation, rule, occasion, f"{quarter_words(quarter)}多次被督办", matters)


def _doubled_categories(rule: LadderRule, today: date) -> None:
    quarter = quarter_of(today)
    before = quarter_starts(quarter_before(quarter))
    now, then = counts_by_category(quarter_starts(quarter), None), counts_by_category(before, quarter_starts(quarter))
    for (county, code), number in sorted(now.items()):
        earlier = then.get((county, code), 0)
        if number < rule.threshold or number < 2 * earlier or not earlier:
            continue
        category, target = Category.objects.get(pk=code), _in_charge(county, code)
        if target is not None:
            matter = f"本季度“{category.name}”类纠纷{number}件，上季度{earlier}件，成倍增加"
            occasion = f"recommend:category:{county}:{code}:{quarter}"
            _advise(target, rule, occasion, f"{category.name}类纠纷成倍增加", [matter])


def _in_charge(county: str, code: str) -> Organisation | None:
    """The department usually in charge of a category; the county's centre where the table names none."""
    rows = organisations().filter(territory__code=county)
    lead = Category.objects.get(pk=code).default_lead
    named = rows.filter(name__endswith=lead).order_by("pk").first() if lead else None
    return named or rows.filter(kind=OrganisationKind.CENTRE).first()


def _advise(target: Organisation, rule: LadderRule, occasion: str, subject: str, matters: Sequence[str]) -> None:
    kind = kind_for(Purpose.RECOMMEND, on=timezone.localdate())
    county = organisations().filter(territory__code=target.territory.code[:6], kind=OrganisationKind.CENTRE).first()
    if kind is None or county is None:
        return
    draft = Draft(
        kind=kind,
        centre=county,
        addressee=target,
        trigger=Trigger(rule.trigger),
        occasion=occasion,
        facts={"subject_matter": subject, "matters": listed(matters)},
    )
    document = make_draft(draft, None)
    if document is not None:
        lay_before(document)


def _first_today(name: str, today: date) -> bool:
    """Make today's mark; another who makes it at the same moment waits, and comes second."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [name, today])
        return cursor.fetchone() is not None


def _alone_with(organisations_: Sequence[int]) -> None:
    """Hold these organisations, in the order given, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [ORGANISATION_LOCK, list(organisations_)])
