"""A county with one of everything that an address can name, and which of them fills the gaps of which route."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from early_warning.actions import RuleTerms, change_rule
from early_warning.models import DangerWord, Warning
from grids.actions import plan_visits, set_duty, start_import
from grids.actions.api_clients import ClientTerms, give_token, open_client
from grids.actions.duty import duty_person
from grids.actions.hazards import add_file
from grids.actions.outside import OutsideFacts, enter_outside_organisation
from grids.actions.people import give_post
from grids.entries import PostEntry
from grids.models import Beat, Role
from intake import actions as cases
from intake.coordination import actions as coordination_actions
from intake.deadlines.actions import LimitCase, LimitTerms, set_time_limit
from intake.deadlines.models import ClockKind
from intake.models import Case, Handling, Knowledge
from mediation import actions as mediations
from mediation.models import Duty
from referrals.actions import give_task, mark_care
from tests.files.samples import picture, upload
from tests.grids.field import GRID, a_head, an_officer
from tests.grids.test_api_tables import a_file
from tests.grids.test_hazards import found
from tests.intake.tables import a_call, a_word, handed_in, xlsx
from tests.mediation import ways as mediation_ways
from tests.people import Ground, an_entry, make_ground
from tests.referrals import ways as referral_ways
from tests.statistics.test_screen import link
from workbench.models import ReadingAlert, ScreenLink, Webhook, WebhookDelivery
from workbench.standard_texts.actions import keep_text
from workbench.statistics.custom_tables.actions import save_table
from workbench.statistics.custom_tables.layout import TableLayout
from workbench.statistics.reports.making import ask_report
from zhongzhi.accounts.actions import register_client
from zhongzhi.accounts.models import UserSession
from zhongzhi.notices.actions import deliver_due, post
from zhongzhi.notices.models import Notice, OutboxMessage

Values = dict[str, Any]


@dataclass
class World:
    """The county and, for the beginning of each route, what its gaps are filled with; the longest beginning counts."""

    ground: Ground
    gaps: dict[str, Values]

    def fill(self, route: str) -> Values:
        """The values of a route's gaps. Raises KeyError for a route that nobody thought of."""
        known: Values = {}
        for beginning in sorted(self.gaps, key=len):
            if route.startswith(beginning):
                known |= self.gaps[beginning]
        return known


def make_world() -> World:
    """One of everything, made by the acts that people would use."""
    ground = make_ground()
    case = _case_of_the_county(ground)
    return World(
        ground,
        {"": {"code": str(case.code), "number": "GD1"}}
        | _around_the_case(ground, case)
        | _mediation(ground)
        | _own_things(ground)
        | _tables(ground)
        | _in_the_field(ground)
        | _desks(ground)
        | _warning(ground)
        | _installation(ground),
    )


def _case_of_the_county(ground: Ground) -> Case:
    """Of 五家子村, led by the county's justice bureau with the labour bureau at its side."""
    case = referral_ways.dispatched(ground, ground.labour_bureau)
    return cases.sign_for_case(case, actor=ground.handler)


def _around_the_case(ground: Ground, case: Case) -> dict[str, Values]:
    slip = referral_ways.draft(ground, case=case)
    file = cases.attach_file(case, upload("界桩.jpg", picture()), actor=ground.dispatcher)
    party, lead = case.parties.order_by("pk")[0], Handling.objects.get(case=case, part="lead", closed_at=None)
    task = give_task(case, lead, actor=ground.dispatcher, what="上门走访")
    mark_care(case, actor=ground.manager, reason="mental")
    sent = cases.begin_upload(case, actor=ground.dispatcher, name="合同.pdf", size=100)
    papers = {"uid": slip.uid, "pk": slip.kind_id, "name": "submit"}
    files = {"file_id": file.file_id, "uid": party.uid, "name": "return"}
    return {
        "cases/": files | {"pk": task.pk},
        "cases/<case:code>/care/": {"name": "visit"},
        "cases/<case:code>/tasks/": {"pk": task.pk, "name": "done"},
        "cases/<case:code>/acts/<referral_act:name>/": {"name": "draft"},
        "documents/": papers,
        "api/v1/cases/": files | {"pk": task.pk},
        "api/v1/cases/<case:code>/uploads/": {"uid": sent.uid, "begins": 0},
        "api/v1/referrals/": papers,
        "q/": {"typed": str(case.code)},
        "todo/": {"name": "sign"},
        "bulk/": {"name": "accept"},
    }


def _mediation(ground: Ground) -> dict[str, Values]:
    """In force at the town's committee, with one instalment to come, and a court asked to confirm it."""
    house = mediation_ways.a_house(ground)
    mediation = mediation_ways.running(ground, house)
    session = mediation_ways.held(ground, mediation, house)
    agreement = mediation_ways.in_force(ground, mediation)
    team = mediations.add_team("四所一庭", ["派出所", "司法所"], actor=ground.manager)
    duty = Duty.objects.create(
        centre=ground.county_centre, organisation=ground.justice_bureau, day=timezone.localdate(), person="王立新"
    )
    obligation = agreement.obligations.order_by("ordinal")[0]
    of_mediation = {"uid": mediation.uid, "kind": "mediation", "name": "fail", "key": "all", "pk": house.body.pk}
    return {
        "mediation/": of_mediation | {"code": str(mediation.case.code)},
        "mediation/open/": {"code": str(mediation.case.code), "name": "mediate"},
        "mediation/sessions/": {"uid": session.uid},
        "mediation/roster/": {"uid": duty.uid},
        "mediation/bodies/<slug:kind>/": {"kind": "team", "pk": team.pk, "name": "retire"},
        "api/v1/mediations/": {"uid": mediation.uid},
        "api/v1/agreements/": {"uid": agreement.uid},
        "api/v1/obligations/": {"uid": obligation.uid},
    }


def _own_things(ground: Ground) -> dict[str, Values]:
    """What belongs to one person: the dispatcher's draft, view, meeting and message, the leader's report and wall."""
    draft = cases.save_draft(an_entry(), actor=ground.dispatcher)
    view = cases.save_view(actor=ground.dispatcher, name="我的", address="risk=red")
    meeting = coordination_actions.open_meeting(ground.county_centre, actor=ground.dispatcher)
    listed = Case.objects.get(pk=cases.register_case(an_entry(), actor=ground.clerk).pk)
    item = coordination_actions.put_on_agenda(meeting, listed, actor=ground.dispatcher)
    asked = cases.receive_data_request(
        kind="restrict", reason="本人", paper_number="152327196503152419", identity_checked=True,
        centre=ground.county_centre, actor=ground.clerk,
    )  # fmt: skip
    restriction = cases.restrict_data(asked, opinion="本人要求", actor=ground.manager)
    table = save_table(
        actor=ground.manager,
        name="各镇月报",
        layout=TableLayout(("accepted",), "", "places"),
        place=ground.places["150526"],
        period="ytd",
        shared_with=ground.county_centre.pk,
        with_below=True,
    )
    report = ask_report(ground.leader, place="150526", period="month")
    token = link(ground, "150526")
    wall = ScreenLink.objects.get()
    post([ground.dispatcher], kind="hello", title="您好", key="hello")
    deliver_due(timezone.now())
    return {
        "cases/drafts/": {"uid": draft.uid},
        "cases/views/": {"pk": view.pk},
        "texts/": {"pk": keep_text(actor=ground.dispatcher, name="已核实", text="已上门核实。").pk},
        "meetings/": {"pk": meeting.pk, "item_pk": item.pk},
        "api/v1/meetings/": {"pk": meeting.pk},
        "api/v1/codes/": {"name": "risk"},
        "mediation/wording/": {"key": "copies", "mode": "all"},
        "figures/tables/": {"uid": table.uid, "extension": "xlsx"},
        "api/v1/statistics/tables/": {"uid": table.uid},
        "figures/reports/": {"uid": report.uid, "extension": "xlsx"},
        "figures/screens/": {"pk": wall.pk},
        "figures/organisations/": {"pk": ground.justice_bureau.pk},
        "personal/": {"uid": asked.uid, "name": "restrict", "pk": restriction.pk},
        "screen/": {"token": token},
        "account/security/passkeys/": {"pk": 1},
        "account/sessions/": {"public_id": report.uid},
        "notices/": {"notice_id": Notice.objects.filter(user=ground.dispatcher).values_list("pk", flat=True)[0]},
        "api/v1/statistics/": {"name": "accepted"},
        "api/v1/organisations/": {"pk": ground.justice_bureau.pk},
    }


def _tables(ground: Ground) -> dict[str, Values]:
    """A table of police calls and a roster, handed in and not yet written."""
    batch = handed_in(ground, xlsx([a_call(1), a_call(2, place="老五队东头")]))
    word = a_word(ground)
    job = start_import("roster", a_file(), actor=ground.manager)
    return {
        "cases/imports/": {"uid": batch.uid, "kind": "police_call", "pk": word.pk},
        "api/v1/imports/": {"uid": batch.uid},
        "grids/tables/": {"uid": job.uid, "kind": "roster"},
        "api/v1/tables/": {"uid": job.uid},
    }


def _desks(ground: Ground) -> dict[str, Values]:
    """A clerk who is signed in and read much, and an outside system."""
    session = UserSession.objects.create(
        session_key="of-the-clerk", session_data="", expire_date=timezone.now() + timedelta(hours=1), user=ground.clerk
    )
    alert = ReadingAlert.objects.create(
        kind="many_looks", person=ground.clerk, since=timezone.now(), count=31, threshold=30
    )
    client = register_client("110 报警平台", ["cases:write"])
    return {
        "security/": {"pk": ground.clerk.pk, "public_id": session.public_id, "name": "idle_minutes"},
        "security/clients/": {"pk": client.pk},
        "auditing/": {"pk": alert.pk},
    }


def _warning(ground: Ground) -> dict[str, Values]:
    """A warning of a report with words of danger."""
    report = found(ground, narrative="扬言放火")
    of_warning = {"uid": Warning.objects.get(evidence__hazard=report).uid, "name": "dismiss"}
    return {"warnings/": of_warning, "api/v1/warnings/": of_warning}


def _coming_rule(ground: Ground) -> int:
    """A rule of early warning that is another from the ninth day on."""
    terms = RuleTerms("多次退回", "几个单位退回", 180, 3, "yellow", "centre", "指定主办单位")
    day = timezone.localdate() + timedelta(days=9)
    return change_rule("refused-twice", terms, starts_on=day, actor=ground.system_admin).pk


def _installation(ground: Ground) -> dict[str, Values]:
    """A time limit, a category, an outside system with its token, a job and a message that wait."""
    rule = set_time_limit(
        LimitCase(ClockKind.SIGN, channel="05"),
        LimitTerms(2, "working_day", "旗里规定"),
        starts_on=timezone.localdate() + timedelta(days=9),
        actor=ground.system_admin,
    )
    client = open_client("热线平台", ground.county_centre, ClientTerms(("cases:read",)), actor=ground.system_admin)
    token = give_token(client.pk, actor=ground.system_admin, days=30).row
    hook = Webhook.objects.create(client=client, url="https://example.org/", kinds=["changed"], secret_sealed=b"-")
    told = WebhookDelivery.objects.create(
        webhook=hook, place="1", kind="changed", case_code="-", happened_at=timezone.now(), sent_at=timezone.now()
    )
    job = start_import("roster", a_file(), actor=ground.manager)
    post([ground.dispatcher], kind="hello", title="您好", key="waits")
    message = OutboxMessage.objects.get(key__startswith="waits:")
    return {
        "system/organisations/": {"pk": ground.branded_room.pk, "code": "150526"},
        "system/limits/": {"pk": rule.pk},
        "system/categories/": {"code": "0901"},
        "system/warning-rules/": {"pk": _coming_rule(ground)},
        "system/knowledge/": {"pk": Knowledge.objects.order_by("pk")[0].pk},
        "knowledge/": {"pk": Knowledge.objects.order_by("pk")[0].pk},
        "system/danger-words/": {"pk": DangerWord.objects.order_by("pk")[0].pk},
        "system/retention/": {"kind": "drafts"},
        "system/consent-texts/": {"place": "report"},
        "system/citizen-texts/": {"event": "register"},
        "system/clients/": {"pk": client.pk, "token": token.pk, "hook": hook.pk, "delivery": told.pk},
        "api/v1/exchange/": {"profile": "upper"},
        "system/jobs/": {"uid": job.uid},
        "system/outbox/": {"pk": message.pk},
    }


def _in_the_field(ground: Ground) -> dict[str, Values]:
    """A hazard with a photo, a household head, a beat with its officer, a planned visit and a shift in 五家子村."""
    hazard = found(ground)
    photo = add_file(hazard, upload("现场.jpg", picture()), actor=ground.grid_worker).uid
    head, now = a_head(ground), timezone.now()
    an_officer(ground)
    beat = Beat.objects.get()
    plan = plan_visits(ground.places[GRID], timezone.localdate(), ["1 组王家"], actor=ground.grid_worker)[0]
    shift = set_duty(duty_person(ground.grid_worker), actor=ground.village_manager, organisation=ground.village_centre,
                     starts_at=now, ends_at=now + timedelta(hours=8))  # fmt: skip
    post = PostEntry(ground.juri_centre.pk, Role.MANAGER, timezone.localdate())
    proposal = give_post(ground.handler, post, actor=ground.system_admin)
    court = enter_outside_organisation(OutsideFacts("中院", "court", "永安路"), actor=ground.manager)
    of_hazard = {"uid": hazard.uid, "file_uid": photo, "name": "watch"}
    return {
        "cases/from-hazard/": {"uid": hazard.uid},
        "field/": of_hazard | {"key": head.key},
        "api/v1/hazards/": {"uid": hazard.uid},
        "api/v1/territories/": {"code": GRID},
        "api/v1/roster/": {"key": head.key},
        "api/v1/beats/": {"pk": beat.pk},
        "api/v1/duty/": {"pk": shift.pk},
        "grids/": {"code": GRID, "key": head.key, "uid": head.person.uid},
        "grids/staff/": {"pk": ground.clerk.pk},
        "api/v1/people/": {"pk": ground.clerk.pk},
        "grids/staff/posts/": {"pk": ground.clerk.postings.get().pk},
        "grids/post-reviews/": {"pk": proposal.pk},
        "grids/beats/": {"pk": beat.pk},
        "grids/outside/": {"pk": court.pk},
        "grids/impressions/": {"pk": 0},
        "grids/visits/plans/": {"pk": plan.pk},
        "grids/duty/": {"pk": ground.village_centre.pk},
        "grids/duty/shifts/": {"pk": shift.pk},
    }
