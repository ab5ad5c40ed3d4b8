"""Every page of those who run the office, as the person it is for: system administrator, security administrator,
auditor, the head of a centre who keeps people, the window with what the law on personal data asks for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone
from playwright.sync_api import Page

from early_warning.models import WarningRule
from grids.actions import people
from grids.actions.api_clients import ClientTerms, give_token, open_client
from grids.entries import PostEntry
from grids.models import Posting, Role
from intake import actions
from intake.deadlines.models import ClockRule
from intake.models import Case, DataRequest
from intake.models.knowledge import Knowledge
from intake.verbs import Verb as Cases
from tests.accounts.known import set_up_authenticator
from tests.administration.test_running import failed
from tests.days import today
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground, an_entry
from workbench.auditing.sweep import sweep_alerts
from workbench.models import AlertKind, EventKind, ReadingAlert, Webhook, WebhookDelivery
from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import ApiClient, SecurityKind
from zhongzhi.accounts.queries import open_sessions
from zhongzhi.audit.actions import ask_check, record
from zhongzhi.audit.verify import work_on_checks
from zhongzhi.notices.actions import post, post_text_message
from zhongzhi.notices.models import OutboxMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Paths = Callable[[Ground], list[str]]
LONG = "扎鲁特旗矛盾纠纷多元化解与社会治安综合治理一体化信息平台"


def system_admin(town: Ground) -> list[str]:
    """Places, tables, outside systems, the installation; people and posts."""
    terms = ClientTerms(("cases:read", "cases:write"))
    client = open_client(LONG, town.juri_centre, terms, actor=town.system_admin)
    give_token(client.pk, actor=town.system_admin, days=20)
    hook = a_webhook(client)
    job, limit = failed(town), ClockRule.objects.order_by("pk")[0]
    post_text_message("13847500001", "您的查询码是 8866", key="code")
    post([town.clerk], kind="hello", title="您好", key="hello")
    message = OutboxMessage.objects.order_by("pk")[0]
    people.give_post(town.handler, PostEntry(town.justice_bureau.pk, Role.LEADER, today()), actor=town.system_admin)
    own, rule = town.juri_centre.pk, WarningRule.objects.order_by("pk")[0].pk
    known = Knowledge.objects.order_by("pk")[0].pk
    return [
        "/", "/system/organisations/", "/system/organisations/?show=empty", "/system/organisations/new/",
        f"/system/organisations/{own}/", f"/system/organisations/{own}/end/", "/system/calendar/",
        "/system/calendar/import/", "/system/calendar/hours/", "/system/limits/", "/system/limits/new/",
        "/system/categories/", "/system/categories/new/", "/system/categories/0901/", "/documents/kinds/",
        "/system/retention/", "/system/retention/runs/", "/system/retention/files/", "/system/consent-texts/",
        "/system/consent-texts/report/", "/system/citizen-texts/", "/system/citizen-texts/close/", "/system/clients/",
        "/system/clients/new/", f"/system/clients/{client.pk}/", f"/system/clients/{client.pk}/change/",
        f"/system/clients/{client.pk}/webhooks/new/", f"/system/clients/{client.pk}/webhooks/{hook.pk}/",
        f"/system/clients/{client.pk}/end/", "/system/exchange/", "/system/health/", "/system/jobs/",
        f"/system/jobs/{job.uid}/give-up/",
        "/system/outbox/", f"/system/outbox/{message.pk}/give-up/", f"/system/limits/{limit.pk}/",
        "/system/text-messages/", "/system/backups/", "/system/warning-rules/",
        f"/system/warning-rules/{rule}/", f"/system/warning-rules/{rule}/trial/", "/system/warning-rules/judging/",
        "/system/knowledge/", "/system/knowledge/new/", "/system/knowledge/import/", f"/system/knowledge/{known}/",
        "/system/danger-words/", "/grids/tables/", "/grids/tables/?kind=people", "/grids/merge/",
        "/grids/merge/?town=150526103", "/mediation/bodies/", "/grids/impressions/", *staff(town, town.clerk.pk),
    ]  # fmt: skip


def a_webhook(client: ApiClient) -> Webhook:
    """One with a long address, that told something and has something to tell."""
    address = f"https://example.org/{'hooks/' * 12}"
    hook = Webhook.objects.create(client=client, url=address, kinds=EventKind.values, secret_sealed=b"-")
    for place, sent_at in (("1", timezone.now()), ("2", None)):
        WebhookDelivery.objects.create(
            webhook=hook, place=place, kind="changed", case_code="ZJ15052620261129000013",
            happened_at=timezone.now(), sent_at=sent_at,
        )  # fmt: skip
    return hook


def staff(town: Ground, person: int) -> list[str]:
    """People and posts, and handing over."""
    post = Posting.objects.get(user=person).pk
    dialogs = (f"{person}/change/", f"{person}/post/", f"posts/{post}/end/")
    pages = ("", "new/", "slips/", "?role=clerk", f"{person}/", f"{town.handler.pk}/", f"{person}/hand-over/")
    return [f"/grids/staff/{page}" for page in (*pages, *(f"{person}/#/grids/staff/{path}" for path in dialogs))]


def manager(town: Ground) -> list[str]:
    """The head of a centre keeps its people and decides on personal data."""
    for n in range(14):
        actions.register_case(an_entry(title=f"{LONG}的案件{n}"), actor=town.clerk)
    request = a_request(town, "erase")
    first, *rest = staff(town, town.clerk.pk)
    own = [path for path in rest if path != f"/grids/staff/{town.handler.pk}/"]
    return ["/", first, *own, "/personal/", f"/personal/{request.uid}/", "/account/security/", "/account/sessions/"]


def clerk(town: Ground) -> list[str]:
    """What is kept of a person as one sheet, at the window."""
    actions.register_case(an_entry(), actor=town.clerk)
    set_up_authenticator(town.clerk)
    request = a_request(town, "access")
    uid = request.uid
    return ["/personal/", f"/personal/{uid}/", "/account/security/", "/account/password/"]


def a_request(town: Ground, kind: str) -> DataRequest:
    return actions.receive_data_request(
        kind=kind, reason="本人查询", paper_number="152327196503152419", identity_checked=True,
        centre=town.county_centre, actor=town.clerk,
    )  # fmt: skip


def security_admin(town: Ground) -> list[str]:
    """Accounts, locks, sessions, the log, rules; posts to confirm."""
    wide = PostEntry(town.justice_bureau.pk, Role.LEADER, today())
    proposal = people.give_post(town.handler, wide, actor=town.system_admin)
    for kind in (SecurityKind.LOGIN_FAILED, SecurityKind.LOCKED_OUT):
        note(kind, town.clerk)
    set_up_authenticator(town.manager)
    client = open_client(LONG, town.juri_centre, ClientTerms(("cases:read",)), actor=town.system_admin)
    town.clerk.date_joined = timezone.now() - timedelta(days=200)
    town.clerk.save()
    return [
        "/", "/security/accounts/", "/security/accounts/?q=李", "/security/locks/", "/security/sessions/",
        "/security/events/", "/security/dormant/", "/security/rules/", "/security/clients/", "/grids/post-reviews/",
        f"/security/accounts/#/security/accounts/{town.clerk.pk}/password/",
        f"/security/accounts/#/security/accounts/{town.manager.pk}/factor/",
        f"/security/sessions/#/security/sessions/{open_sessions()[0].public_id}/end/",
        f"/security/dormant/#/security/dormant/{town.clerk.pk}/", "/security/rules/#/security/rules/networks/",
        "/security/rules/#/security/rules/factors/", "/security/rules/#/security/rules/idle_minutes/",
        f"/security/clients/#/security/clients/{client.pk}/", "/account/security/",
        f"/grids/post-reviews/#/grids/post-reviews/{proposal.pk}/confirm/",
        f"/grids/post-reviews/#/grids/post-reviews/{proposal.pk}/refuse/",
    ]  # fmt: skip


def auditor(town: Ground) -> list[str]:
    """The trail, checks of it, looks at personal data, alerts."""
    case = actions.register_case(an_entry(), actor=town.clerk)
    look(town, case)
    ask_check(actor=town.auditor)
    work_on_checks()
    sweep_alerts(timezone.now())
    now = timezone.now()
    alert = ReadingAlert.objects.create(kind=AlertKind.MANY_LOOKS, person=town.clerk, since=now, count=41, threshold=30)
    return [
        "/", "/auditing/trail/", f"/auditing/trail/?q={case.code}", "/auditing/checks/", "/auditing/looks/",
        "/auditing/alerts/", f"/auditing/alerts/#/auditing/alerts/{alert.pk}/explain/", "/account/security/",
        "/account/sessions/",
    ]  # fmt: skip


def look(town: Ground, case: Case) -> None:
    with transaction.atomic():
        for _ in range(35):
            record(town.manager, Cases.REVEALED, case, party=1, reason=f"核对{LONG}")


PEOPLE: dict[str, Paths] = {f.__name__: f for f in (system_admin, security_admin, auditor, manager, clerk)}


NO_PAGES = {
    "town_centres", "find_place", "withdraw_limit", "switch_category", "issue_token", "renew_token",
    "revoke_token", "retry_job", "retry_message", "check_backup", "security_unlock", "auditing_export",
    "auditing_seen", "data_sheet_docx", "data_sheet_print", "decide_data_request", "lift_restriction", "export_people",
    "secret", "pause", "resume", "end", "again", "stop_warning_rule", "withdraw_warning_rule", "remove_danger_word",
    "citizen_text_preview", "end_knowledge", "warning_trial_rows",
    "sign_calls", "end_signing",
}  # fmt: skip
"""What has no page of its own: acts, parts and files."""


def names_below(*places: str) -> set[str]:
    """Names of the addresses below these places."""
    found = {}
    walk(get_resolver(), "", found)
    return {name for path, name in found.items() if path.startswith(places)}


def walk(resolver: URLResolver, prefix: str, found: dict[str, str]) -> None:
    for row in resolver.url_patterns:
        if isinstance(row, URLResolver):
            walk(row, prefix + str(row.pattern), found)
        elif isinstance(row, URLPattern) and row.name:
            found[prefix + str(row.pattern)] = row.name


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_the_pages_of_those_who_run_the_office(who: str, sign_in: Login, town: Ground) -> None:
    page = sign_in(town.people[who], "/")
    paths = PEOPLE[who](town)
    found = {}
    for path in paths:
        show(page, path)
        found[path] = check(page)
        picture(page, f"office-{who}{path.split('?')[0].replace('/', '-').replace('#', '')}")
    assert found == dict.fromkeys(paths, NOTHING)
    seen = {resolve(path.partition("#")[2] or path.partition("?")[0]).url_name for path in paths}
    assert names_below(*PLACES[who]) - NO_PAGES - seen == set()


PLACES = {
    "system_admin": ("system/", "grids/staff/"),
    "security_admin": ("security/", "grids/post-reviews/"),
    "auditor": ("auditing/",),
    "manager": ("grids/staff/",),
    "clerk": ("personal/",),
}
"""Every page below these addresses has to be among those that are visited."""


def show(page: Page, path: str) -> None:
    """A page, or a dialog over it, which stands behind #."""
    address, _, dialog = path.partition("#")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, path
    if dialog:
        page.evaluate(f"htmx.ajax('GET', '{dialog}', '#sheet')")
        page.locator("#sheet h2").wait_for()


def picture(page: Page, name: str) -> None:
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        shot(page, f"{name}{size['width']}")
