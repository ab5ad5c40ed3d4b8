"""Known courses among invented cases, so that warnings are judged by an answer: quarrels that rise to red, wages that
become a matter of a group, a village with many more cases than usual; between them as many unrelated cases as wanted.

Rows are written in bulk, with names alone, as tables of other offices bring them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, Territory
from grids.queries import centre_of
from intake.lifecycle import State
from intake.models import Case, Party, Risk, Scale, Tier
from zhongzhi.accounts.models import User
from zhongzhi.core.numbering import case_code
from zhongzhi.core.pinyin import name_initials

FIRST_SERIAL = 40_000
"""Behind what people register on a day."""
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉"
SAME_VOICE = {"英": "瑛", "娜": "那", "静": "靖", "杰": "洁", "明": "名", "平": "萍", "云": "芸", "刚": "钢"}
ORDINARY = ("0901", "0201", "0101", "0804", "0601", "0503")
WAGES = "0751"
CLAIMS_FROM = 10_000
"""Courses of wages are numbered from here on."""
BURSTS_FROM = 20_000
"""And those of villages."""
BURST_DAYS = 28


@dataclass(frozen=True)
class Matter:
    """One case to be: when, where, between whom, how grave."""

    at: datetime
    place: Territory
    applicant: str
    respondent: str
    category: str
    risk: str = Risk.BLUE
    scale: str = Scale.INDIVIDUAL
    course: int = 0


def quarrels(random: Random, places: Sequence[Territory], start: datetime, days: int, number: int) -> Iterator[Matter]:
    """Three signs that grow graver, whoever complains, then red; names are typed by ear."""
    for course in range(1, number + 1):
        one, other, place = a_name(random), a_name(random), random.choice(places)
        at = start + timedelta(days=random.randint(0, days - 110))
        for risk in (Risk.BLUE, Risk.BLUE, Risk.YELLOW, Risk.RED):
            sides = [_typed(random, one), _typed(random, other)]
            random.shuffle(sides)
            yield Matter(at, place, sides[0], sides[1], "0202", risk, course=course)
            at += timedelta(days=random.randint(8, 25), hours=random.randint(0, 8))


def wage_claims(
    random: Random, places: Sequence[Territory], start: datetime, days: int, number: int
) -> Iterator[Matter]:
    """Four workers of one firm within weeks, then a matter of a group."""
    for course in range(1, number + 1):
        firm = f"{random.choice(SURNAMES)}{random.choice(GIVEN)}{course}建筑劳务有限公司"
        at = start + timedelta(days=random.randint(0, days - 60))
        for scale in (*[Scale.INDIVIDUAL] * 4, Scale.GROUP):
            yield Matter(
                at, random.choice(places), a_name(random), firm, WAGES, scale=scale, course=CLAIMS_FROM + course
            )
            at += timedelta(days=random.randint(2, 9))


def bursts(
    random: Random, places: Sequence[Territory], start: datetime, days: int, number: int, more: int
) -> Iterator[Matter]:
    """So many cases more than usual in a village within four weeks, between people who have nothing to do with each
    other; not before half a year is known of the village."""
    for course, place in enumerate(random.sample(list(places), number), start=1):
        at = start + timedelta(days=random.randint(182, days - BURST_DAYS - 2))
        for day in sorted(random.triangular(0, BURST_DAYS, BURST_DAYS / 2) for _ in range(more)):
            moment = at + timedelta(days=day)
            yield Matter(
                moment, place, a_name(random), a_name(random), random.choice(ORDINARY), course=BURSTS_FROM + course
            )


def unrelated(random: Random, places: Sequence[Territory], start: datetime, days: int, number: int) -> Iterator[Matter]:
    """Cases that have nothing to do with each other; a few of them are red of their own."""
    for _ in range(number):
        at = start + timedelta(days=random.uniform(0, days))
        risk = Risk.RED if random.random() < 0.01 else random.choice((Risk.BLUE, Risk.BLUE, Risk.YELLOW))
        yield Matter(at, random.choice(places), a_name(random), a_name(random), random.choice(ORDINARY), risk)


@transaction.atomic
def write(matters: Sequence[Matter], author: User) -> list[Case]:
    """Write them as registered cases, in the order of their days."""
    centres: dict[int, Organisation] = {}
    ordered = sorted(matters, key=lambda one: one.at)
    for one in ordered:
        if one.place.pk not in centres:
            centres[one.place.pk] = centre_of(one.place)
    cases = [_case(at, one, centres[one.place.pk], author) for at, one in enumerate(ordered)]
    Case.objects.bulk_create(cases, batch_size=1000)
    parties = [party for one, case in zip(ordered, cases, strict=True) for party in _parties(one, case)]
    Party.objects.bulk_create(parties, batch_size=1000)
    return cases


def a_name(random: Random) -> str:
    """A name of three characters."""
    return random.choice(SURNAMES) + "".join(random.choice(GIVEN) for _ in range(2))


def _typed(random: Random, name: str) -> str:
    return "".join(SAME_VOICE.get(char, char) if random.random() < 0.3 else char for char in name)


def _case(at: int, one: Matter, centre: Organisation, author: User) -> Case:
    day = timezone.localdate(one.at)
    return Case(
        code=case_code("150526", day, FIRST_SERIAL + at), status=State.REGISTERED, title="模拟事项",
        narrative="模拟数据：双方发生争执。", territory=one.place, centre=centre, holder=centre, tier=Tier.VILLAGE,
        category_id=one.category, risk=one.risk, scale=one.scale, registered_at=one.at, created_by=author,
    )  # fmt: skip


def _parties(one: Matter, case: Case) -> Iterator[Party]:
    for ordinal, (side, name) in enumerate((("applicant", one.applicant), ("respondent", one.respondent)), start=1):
        kind = "organisation" if name.endswith("公司") else "person"
        yield Party(case=case, ordinal=ordinal, side=side, name=name, kind=kind, initials=name_initials(name))
