"""How cases begin: at a window, as one of many, with a child and its guardian, or with what was found in the field."""

import re
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from intake import actions
from intake.actions import MemberRow
from intake.entries import CaseEntry, PartyEntry
from intake.models import Case
from tests.desks.desk import Desk
from tests.grids.field import GRID
from tests.mediation import ways as talks
from tests.people import an_entry
from zhongzhi.core.idnumbers import resident_check

PLACES = ("150526103200", "150526103201", "150526100001")
CATEGORIES = ("0901", "0902", "0101", "0701", "0301")
ACCUSED = PartyEntry(side="respondent", role="accused", name="付德柱", works_at="五家子村综治中心")
CHILD = "15232720120315411"
FAMILY = (
    talks.LAND[0],
    PartyEntry(
        side="respondent", name="小付", paper_number=CHILD + resident_check(CHILD), phone="13847500008", ethnic="01"
    ),
    PartyEntry(side="respondent", role="guardian", represents=1, name="付母", phone="13847500009"),
)
GROUPS, FAMILIES, COMPLAINTS, FOUND = 0.2, 0.3, 0.35, 0.5
"""Up to which share of a throw a case begins as which."""
ACTED = re.compile(r'action="(/field/reports/[^"]+|/cases/from-hazard/[^"]+)"')
MOST_STEPS = 8


def begun(desks: dict[str, Desk], rng: Random) -> Case:
    """A new case, by somebody who signs in for it: who sits idle for hours is signed out."""
    thrown = rng.random()
    if COMPLAINTS < thrown < FOUND:
        case = found_in_the_field(desks, rng)
        if case is not None:
            return case
    who = rng.choice(("clerk", "town_clerk", "village_manager"))
    desks[who].sign_in()
    case = actions.register_case(_entry(who, thrown, rng), actor=desks[who].user)
    if thrown < GROUPS:
        _listed(case, desks[who], rng)
    return case


def _entry(who: str, thrown: float, rng: Random) -> CaseEntry:
    parties: tuple[PartyEntry, ...] = talks.LAND[:2]
    if GROUPS < thrown < FAMILIES:
        parties = FAMILY
    elif FAMILIES < thrown < COMPLAINTS:
        parties = (talks.LAND[0], ACCUSED)
    return an_entry(
        category=rng.choice(CATEGORIES),
        complexity=rng.choice(("simple", "ordinary", "complex")),
        risk=rng.choice(("blue", "blue", "blue", "yellow", "orange", "red")),
        territory=rng.choice(PLACES) if who == "clerk" else "150526103200",
        parties=parties,
    )


def _listed(case: Case, desk: Desk, rng: Random) -> None:
    """Several come with a list; often they have chosen who speaks for them and said that they stand behind it."""
    claims = rng.random() < 0.8
    rows = [
        MemberRow(f"村民{at}", "", f"138475003{at:02}", Decimal(1200 + at) if claims else None)
        for at in range(rng.randrange(2, 7))
    ]
    rows.append(MemberRow(talks.LAND[0].name, amount=Decimal(1100) if claims else None))  # stands on the list, too
    actions.list_members(case, rows, actor=desk.user, side="applicant")
    desk.found.done["名册 table"] += 1
    if rng.random() < 0.5:
        desk.group(f"/cases/{case.code}/members/", case)


def found_in_the_field(desks: dict[str, Desk], rng: Random) -> Case | None:
    """What a grid worker reports on a round: looked after on the spot, or a case in the end; None where it is none."""
    worker, others = desks["grid_worker"], ("grid_worker", "village_manager", "town_clerk")
    worker.sign_in()
    visit = {"territory": GRID, "household": "1 组王家", "note": "邻里为地界争吵"}
    found = {
        "narrative": "邻里为地界争吵，扬言再犁过来。",
        "territory": GRID,
        "level": rng.choice(("blue", "yellow")),
        "is_urgent": rng.random() < 0.3,
        "reporter_name": "王海",
        "reporter_phone": "13847500077",
        "other_side": rng.choice(("付某", "付某", "")),
    }
    for path, sent, name in (("visits", visit, "走访 record"), ("hazards", found, "隐患 report")):
        answer = worker.client.post(f"/api/v1/{path}/", sent, content_type="application/json")
        if answer.status_code != 201:
            worker.found.faults.append(f"{path} refused {answer.status_code}: {answer.content.decode()[:300]}")
            return None
        worker.found.done[name] += 1
    uid = answer.json()["uid"]
    for _ in range(MOST_STEPS):
        state = _looked_after(desks[rng.choice(others)], f"/field/reports/{uid}/", rng)
        if state:
            return Case.objects.filter(code=state).first()
    return None


def _looked_after(desk: Desk, address: str, rng: Random) -> str:
    """One of the things that the page of a report offers; the code of the case that came of it, empty for none."""
    desk.sign_in()
    offered = list(dict.fromkeys(ACTED.findall(desk.opened(address, "隐患"))))
    if not offered:
        return ""
    chosen = rng.choice(offered)
    name = "from-hazard" if "from-hazard" in chosen else chosen.rstrip("/").rsplit("/", 1)[-1]
    words = {"result": "两家重新量了地界，握手言和。", "note": "秋收前再看", "reason": "又吵起来了"}
    sent = words | {"until": (timezone.localdate() + timedelta(days=20)).isoformat()}
    answer = desk.client.post(chosen, sent)
    if answer.status_code != 302:
        said = answer.context["form"].errors.as_text() if answer.context and "form" in answer.context else ""
        desk.found.faults.append(f"{desk.user.username}: {chosen} offered, refused {answer.status_code}: {said}")
        return ""
    desk.found.done[f"隐患 {name}"] += 1
    return answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1] if name == "from-hazard" else ""
