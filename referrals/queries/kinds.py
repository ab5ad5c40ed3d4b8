"""Kinds of documents in force, who issues them, and their 机关代字."""

from datetime import date

from django.db.models import CharField, Q, QuerySet

from grids.models import Organisation, OrganisationKind
from grids.queries import county_of, organisations
from referrals.models import AgencyWord, DocumentKind, IssuerRule, Purpose
from zhongzhi.core.days import today
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.rows.periods import TODAY, in_force
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

POLITICS_AND_LAW = "政法委"
SUFFIXES = (
    "自治县",
    "自治旗",
    "街道办事处",
    "街道",
    "嘎查村",
    "社区",
    "嘎查",
    "旗",
    "县",
    "市",
    "区",
    "镇",
    "乡",
    "苏木",
    "村",
)


def kinds() -> QuerySet[DocumentKind]:
    """Every version of every kind, the newest first."""
    return DocumentKind.objects.order_by("code", "-starts_on")


def kinds_in_force(day: date | Given) -> QuerySet[DocumentKind]:
    """The kinds that can be drafted on a day, in the order they were loaded."""
    return DocumentKind.objects.filter(in_force(day)).order_by("pk")


def slips_in_force() -> list[DocumentKind]:
    """Of today's those with which a case is handed out."""
    return _SLIPS.read(day=today())


_SLIPS = RememberedRows(kinds_in_force(TODAY).filter(purpose=Purpose.DISPATCH))


def kind_of(pk: int) -> DocumentKind:
    """One version of a kind; NotFound for none."""
    kind = DocumentKind.objects.filter(pk=pk).first()
    if kind is None:
        raise NotFound("没有这个文种。")
    return kind


def kind_for(purpose: Purpose, *, on: date, code: str = "") -> DocumentKind | None:
    """The kind in force that serves a purpose, the first where there are several; None where the preset has none."""
    rows = _SERVING.read(day=on, purpose=purpose)
    return next((row for row in rows if code in ("", row.code)), None)


_SERVING = RememberedRows(kinds_in_force(TODAY).filter(purpose=Given("purpose", CharField())))


def issuer_of(kind: DocumentKind, centre: Organisation, handler: Organisation | None = None) -> Organisation:
    """Who issues a kind for a centre. Raises RuleViolation at `kind` where the county has no such organisation."""
    if kind.issuer == IssuerRule.CENTRE:
        return centre
    if kind.issuer == IssuerRule.HANDLER and handler is not None:
        return handler
    county = organisations().filter(territory__code=county_of(centre))
    if kind.issuer == IssuerRule.COUNTY_CENTRE:
        found = county.filter(kind=OrganisationKind.CENTRE).first()
    else:
        named = Q(name__contains=POLITICS_AND_LAW) | Q(short_name__contains=POLITICS_AND_LAW)
        found = county.filter(named, kind=OrganisationKind.DEPARTMENT).order_by("pk").first()
    if found is None:
        raise RuleViolation(
            f"本县没有可以发{kind.name}的机关（{kind.get_issuer_display()}），请管理员登记机构。", field="kind"
        )
    return found


def agency_stem(organisation: Organisation) -> str:
    """机关代字 without the word of the kind: the table's, else place and 综 for centres, place and short name else."""
    own = AgencyWord.objects.filter(organisation=organisation).values_list("stem", flat=True).first()
    if own:
        return own
    place = "".join(_stem(name) for name in _place_names(organisation))
    if organisation.kind == OrganisationKind.CENTRE:
        return f"{place}综"
    return f"{place}{'政法' if POLITICS_AND_LAW in organisation.short_name else organisation.short_name}"[:20]


def _place_names(organisation: Organisation) -> list[str]:
    place = organisation.territory
    if len(place.code) == 12 and place.parent is not None:
        return [place.parent.name, place.name.removeprefix(place.parent.name)]
    return [place.name]


def _stem(name: str) -> str:
    return next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s) and len(name) > len(s)), name)
