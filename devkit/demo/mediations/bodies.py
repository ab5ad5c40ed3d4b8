"""Who mediates in the demo county: committees, branded and other rooms, their mediators, the hall of this week."""

from datetime import date, timedelta

from django.utils import timezone

from grids.models import Organisation, OrganisationKind, Presence
from mediation.models import Body, BodyKind, Duty, Mediator, MediatorKind, Room
from zhongzhi.accounts.models import User

STARTS = date(2025, 1, 1)
CENTRE = "扎鲁特旗社会治安综合治理中心"
K, P = BodyKind, MediatorKind
# organisation, kind, mark of documents, rooms, mediators as (name, kind, certificate)
HALL: tuple[tuple[str, BodyKind, str, tuple[str, ...], tuple[tuple[str, MediatorKind, str], ...]], ...] = (
    ("那顺金牌调解室", K.BRANDED, "那顺调", ("那顺金牌调解室",), (("那顺", P.FULL_TIME, "演示-001"),)),
    ("张清朝金牌调解室", K.BRANDED, "清朝调", ("张清朝金牌调解室",), (("张清朝", P.FULL_TIME, "演示-002"),)),
    ("扎鲁特旗妇女联合会", K.MASS, "妇联调", ("婚姻家庭调解室",), (("斯琴", P.PART_TIME, "演示-003"),)),
    ("扎鲁特旗总工会", K.MASS, "工会调", ("职工法律援助室",), (("宝音", P.PART_TIME, "演示-004"),)),
    ("扎鲁特旗人民法院", K.JUDICIAL, "扎法调", ("速裁调解室",), (("特木尔", P.INVITED, "演示-005"),)),
    ("扎鲁特旗人力资源和社会保障局", K.ADMINISTRATIVE, "扎人社调", (), (("赵敏", P.PART_TIME, "演示-006"),)),
    ("扎鲁特旗法律援助律师工作站", K.LAWYER, "扎律调", (), (("苏日娜", P.EXPERT, "演示-007"),)),
)
NAMES = tuple("白包陈何金李刘孟齐王吴席张赵周高孙马韩")
WINDOWS = ("5号窗口", "6号窗口", "7号窗口")
ON_DUTY = ("乌兰", "其木格", "巴图", "海龙", "春梅")


def make_bodies() -> int:
    """Make what is missing; how many mediating bodies were made."""
    known = set(Body.objects.values_list("organisation__name", flat=True))
    made = 0
    for name, kind, mark, rooms, mediators in HALL:
        organisation = Organisation.objects.filter(name=name).first()
        if organisation is not None and name not in known:
            _make(organisation, kind, mark, rooms, mediators)
            made += 1
    towns = Organisation.objects.filter(kind=OrganisationKind.MEDIATION_COMMITTEE).select_related("territory")
    for at, committee in enumerate(towns.order_by("territory__code")):
        if committee.name not in known:
            people = ((f"{NAMES[at % len(NAMES)]}调解员", P.FULL_TIME, f"演示-{at + 101}"),)
            _make(committee, K.TOWN, f"{committee.territory.name}调", ("调解一室", "调解二室"), people)
            made += 1
    _make_roster()
    return made


def _make(
    organisation: Organisation,
    kind: BodyKind,
    mark: str,
    rooms: tuple[str, ...],
    mediators: tuple[tuple[str, MediatorKind, str], ...],
) -> None:
    body = Body.objects.create(
        organisation=organisation, kind=kind, seal=organisation.name, doc_mark=mark[:20], starts_on=STARTS
    )
    Room.objects.bulk_create([Room(body=body, name=name, place=organisation.short_name) for name in rooms])
    for name, how, certificate in mediators:
        user = User.objects.filter(name=name, postings__organisation=organisation).first()
        Mediator.objects.create(
            body=body,
            name=name,
            user=user,
            kind=how,
            certificate=certificate,
            qualified_until=timezone.localdate().replace(month=12, day=31) + timedelta(days=366),
            starts_on=STARTS,
        )


def _make_roster() -> None:
    """This week's and next week's rotating organisations at the windows, in turn."""
    centre = Organisation.objects.filter(name=CENTRE).first()
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    if centre is None or Duty.objects.filter(centre=centre, day__gte=monday).exists():
        return
    rotating = list(Organisation.objects.filter(presence=Presence.ROTATING, territory=centre.territory).order_by("pk"))
    days = [monday + timedelta(days=n) for n in range(12) if n % 7 < 5]
    Duty.objects.bulk_create(
        Duty(
            centre=centre,
            organisation=rotating[(at * len(WINDOWS) + n) % len(rotating)],
            day=day,
            window=window,
            person=ON_DUTY[(at + n) % len(ON_DUTY)],
        )
        for at, day in enumerate(days if len(rotating) >= len(WINDOWS) else [])
        for n, window in enumerate(WINDOWS)
    )
