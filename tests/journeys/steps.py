"""What people do on pages in more than one story: register, accept, mediate, close, follow up, archive."""

import re
from datetime import datetime

from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from intake.entries import PartyEntry
from intake.models import Case
from mediation.models import Mediator
from tests.mediation import ways

PROOF: FilePayload = {"name": "转账.jpg", "mimeType": "image/jpeg", "buffer": ways.photo().read()}


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def pick(page: Page, label: str, text: str) -> None:
    """Type into a picker and click its first line."""
    page.get_by_label(label, exact=False).first.click()
    page.keyboard.type(text)
    page.locator(".picker-list:not([hidden]) [role=option]").first.click()


def act(page: Page, label: str) -> None:
    """Open the dialog of an act, by its button or from the menu."""
    head = page.locator(".dossier-acts")
    button = head.get_by_role("button", name=label, exact=True, include_hidden=True)
    button.first.wait_for(state="attached")  # a link may still be on its way to the page
    if not button.first.is_visible():
        head.get_by_text("更多").click()
    head.get_by_role("button", name=label, exact=True).click()
    expect(page.locator("#sheet h2")).to_have_text(label)


def confirm(page: Page) -> None:
    """Press the dialog's button, and wait for the word that this act was done."""
    with page.expect_navigation():
        page.locator("#sheet .sheet-foot .btn-primary").click()
    expect(page.locator("#notes .note").first).to_contain_text("已")


def sheet(page: Page, button: str) -> None:
    """Open the dialog of an act, from a button or from the menu."""
    found = page.get_by_role("button", name=button, exact=True, include_hidden=True)
    found.first.wait_for(state="attached")  # a link may still be on its way to the page
    if not found.first.is_visible():
        page.locator("summary", has_text="更多").last.click()
    found.first.click()
    page.locator("#sheet h2", has_text=button).wait_for()


def sent(page: Page, button: str) -> None:
    """Press the dialog's button and wait for what follows."""
    with page.expect_navigation():
        page.locator("#sheet .btn-primary", has_text=button).click()
    page.locator("#notes .note").first.wait_for()


def person(page: Page, at: int, party: PartyEntry) -> None:
    """Who stands in this row of the form."""
    row = page.locator("[data-party]").nth(at)
    if party.paper_number and party.kind != "organisation":
        row.get_by_label("证件号码").fill(party.paper_number)
    row.get_by_label("姓名或名称").fill(party.name)
    row.get_by_label("联系电话").fill(party.phone)
    if party.kind == "organisation":
        row.locator("summary").click()
        row.locator("select[name$=-kind]").select_option("organisation")
        row.get_by_label("证件号码").fill(party.paper_number)


def registered(page: Page, *parties: PartyEntry, narrative: str, place: str, category: str) -> Case:
    """At the window: an applicant and respondents, what happened, where, of what kind."""
    for at, party in enumerate(parties):
        if at > 1:
            page.locator("[data-add-party=respondent]").click()
        person(page, at, party)
    page.get_by_label("事情经过").fill(narrative)
    pick(page, "发生地", place)
    pick(page, "纠纷类别", category)
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    return Case.objects.latest("pk")


def accepted(page: Page) -> None:
    """Whoever sorts cases takes this one on."""
    act(page, "受理")
    confirm(page)


def closed(page: Page) -> None:
    """Reviewed, and found in order."""
    act(page, "审核办结")
    confirm(page)


def consented(page: Page, *names: str) -> None:
    """Those named want a mediation."""
    sheet(page, "记录各方意愿")
    for name in names:
        page.locator("fieldset", has_text=name).get_by_label("同意", exact=True).check()
    sent(page, "记录各方意愿")


def mediation_opened(page: Page, mediator: Mediator) -> None:
    """From the case to a mediation with this mediator."""
    sheet(page, "转入调解")
    page.get_by_label("调解员", exact=True).select_option(str(mediator.pk))
    sent(page, "转入调解")


def drafted(page: Page, facts: str, terms: str) -> None:
    """The words of the agreement; who owes what comes from the list of the group."""
    page.get_by_role("link", name="起草协议").click()
    page.get_by_label("纠纷主要事实、争议事项").fill(facts)
    page.get_by_label("协议内容").fill(terms)
    page.get_by_role("button", name="保存协议").click()
    page.get_by_text("协议已保存").wait_for()


def receipt(page: Page) -> Page:
    """The paper that the window hands over."""
    with page.context.expect_page() as opened:
        page.get_by_role("button", name=re.compile("打印.*受理告知")).first.click()
    expect(opened.value.get_by_text("查询码").first).to_be_visible()
    return opened.value


def gone(*pages: Page) -> None:
    """Nobody looks at these pages any more when the next day comes."""
    for page in pages:
        page.wait_for_load_state("networkidle")
        page.close()


def meeting(page: Page, *names: str, record: str, **elsewhere: str) -> None:
    """A session is planned for now, those named come, they agree; `elsewhere` is a place that is no room of ours."""
    sheet(page, "安排调解")
    page.get_by_label("开始时间").fill(local(timezone.now()))
    for label, place in elsewhere.items():
        page.get_by_label(label).fill(place)
    sent(page, "安排调解")
    page.get_by_role("link", name="调解会").click()
    for name in names:
        page.locator(".attendee", has_text=name).click()
    page.get_by_label("调解笔录").fill(record)
    page.get_by_label("达成一致", exact=True).check()
    page.get_by_role("button", name="记为已举行").click()
    page.get_by_text("笔录已存入卷宗").wait_for()


def follow_up(page: Page, satisfaction: str = "很满意", performance: str = "已全部履行") -> None:
    """Somebody was asked by phone, and said so."""
    act(page, "回访")
    page.locator("#sheet").get_by_label(satisfaction, exact=True).check()
    page.locator("#sheet").get_by_label(performance, exact=True).check()
    confirm(page)


def archive(page: Page) -> None:
    sheet(page, "归档")
    with page.expect_navigation():
        page.locator("#sheet .btn-primary").click()
    page.get_by_text("已归档").first.wait_for()
