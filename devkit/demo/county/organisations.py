"""Organisations of the demo county: centres at three tiers, departments, police stations, courts, rooms."""

from datetime import date

from devkit.demo.county.territory import COUNTY
from grids.models import Level, Organisation, OrganisationKind, Presence, Territory

STARTS = date(2025, 1, 1)
K, P = OrganisationKind, Presence
HALL: tuple[tuple[str, str, OrganisationKind, Presence], ...] = (
    ("扎鲁特旗党委政法委员会", "政法委", K.DEPARTMENT, P.NONE),
    ("扎鲁特旗信访局", "信访局", K.DEPARTMENT, P.RESIDENT),
    ("扎鲁特旗司法局", "司法局", K.DEPARTMENT, P.RESIDENT),
    ("扎鲁特旗公安局", "公安局", K.DEPARTMENT, P.RESIDENT),
    ("扎鲁特旗公安局交管大队", "公安局交管大队", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗人民法院", "法院", K.COURT, P.RESIDENT),
    ("扎鲁特旗人民检察院", "检察院", K.PROCURATORATE, P.RESIDENT),
    ("扎鲁特旗人力资源和社会保障局", "人社局", K.DEPARTMENT, P.RESIDENT),
    ("扎鲁特旗民政局", "民政局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗自然资源局", "自然资源局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗农牧局", "农牧局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗林业和草原局", "林草局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗水务局", "水务局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗住房和城乡建设局", "住建局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗市场监督管理局", "市场监管局", K.DEPARTMENT, P.ROTATING),
    ("扎鲁特旗卫生健康委员会", "卫健委", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗教育体育局", "教体局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗交通运输局", "交通运输局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗应急管理局", "应急局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗发展和改革委员会", "发改委", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗综合行政执法局", "综合执法局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗金融办公室", "金融办", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗委网信办", "网信办", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗委组织部", "组织部", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗纪委监委", "纪委监委", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗民族事务委员会", "民委", K.DEPARTMENT, P.ON_CALL),
    ("通辽市生态环境局扎鲁特旗分局", "生态环境分局", K.DEPARTMENT, P.ON_CALL),
    ("扎鲁特旗妇女联合会", "妇联", K.MASS_ORGANISATION, P.ROTATING),
    ("扎鲁特旗总工会", "总工会", K.MASS_ORGANISATION, P.ROTATING),
    ("那顺金牌调解室", "那顺调解室", K.BRANDED_ROOM, P.RESIDENT),
    ("张清朝金牌调解室", "张清朝调解室", K.BRANDED_ROOM, P.RESIDENT),
    ("扎鲁特旗公证处", "公证处", K.NOTARY, P.ON_CALL),
    ("扎鲁特旗法律援助律师工作站", "律师工作站", K.LAW_FIRM, P.ROTATING),
    ("扎鲁特旗劳动人事争议仲裁院", "劳动仲裁院", K.ARBITRATION, P.ROTATING),
    ("扎鲁特旗农村土地承包仲裁委员会", "土地仲裁委", K.ARBITRATION, P.ON_CALL),
)
TRIBUNAL_TOWNS = ("150526101", "150526103", "150526104", "150526203")


def make_organisations() -> int:
    """Make the organisations that are missing; how many were made."""
    places = {t.code: t for t in Territory.objects.filter(code__startswith=COUNTY, level__lte=Level.VILLAGE)}
    county = places[COUNTY]
    rows = [_row("扎鲁特旗社会治安综合治理中心", "旗综治中心", K.CENTRE, county)]
    rows += [_row(name, short, kind, county, presence) for name, short, kind, presence in HALL]
    for place in places.values():
        rows += _of_place(place)
    known = set(Organisation.objects.values_list("name", flat=True))
    new = [row for row in rows if row.name not in known]
    Organisation.objects.bulk_create(new, batch_size=500)
    return len(new)


def _of_place(place: Territory) -> list[Organisation]:
    if len(place.code) == Level.VILLAGE:
        return [_row(f"{place.full_name}综治中心", f"{place.name}综治中心", K.CENTRE, place)]
    if len(place.code) != Level.TOWN:
        return []
    rows = [
        _row(f"{place.name}综治中心", f"{place.name}综治中心", K.CENTRE, place),
        _row(f"{place.name}派出所", f"{place.name}派出所", K.POLICE_STATION, place),
        _row(f"{place.name}司法所", f"{place.name}司法所", K.JUSTICE_OFFICE, place),
        _row(f"{place.name}人民调解委员会", f"{place.name}调委会", K.MEDIATION_COMMITTEE, place),
    ]
    if place.code in TRIBUNAL_TOWNS:
        rows.append(_row(f"扎鲁特旗人民法院{place.name}人民法庭", f"{place.name}法庭", K.COURT, place))
    return rows


def _row(
    name: str,
    short_name: str,
    kind: OrganisationKind,
    territory: Territory,
    presence: Presence = Presence.NONE,
) -> Organisation:
    return Organisation(
        name=name,
        short_name=short_name,
        kind=kind,
        territory=territory,
        presence=presence,
        is_demo=True,
        starts_on=STARTS,
    )
