"""What the browser puts on paper: the desktop's layout, nothing to click, receipts on one page of their own size."""

import io
import os
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.intake import ways
from tests.journeys.conftest import Login
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MM = 72 / 25.4
POST = """([address, token]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const field = document.createElement("input");
  field.name = "csrfmiddlewaretoken";
  field.value = token;
  form.append(field);
  document.body.append(form);
  form.submit();
}"""


def printed(page: Page, name: str) -> PdfReader:
    """The page as Chromium prints it, each sheet in the size that the page asks for."""
    content = page.pdf(prefer_css_page_size=True, print_background=True)
    if keep := os.environ.get("ZHONGZHI_PAPERS"):
        Path(keep).mkdir(parents=True, exist_ok=True)
        (Path(keep) / f"print-{name}.pdf").write_bytes(content)
    return PdfReader(io.BytesIO(content))


def text_of(reader: PdfReader) -> str:
    """What stands on the pages; some faces draw 月 as a sign of its own that looks the same."""
    return unicodedata.normalize("NFKC", "".join(page.extract_text() for page in reader.pages))


def test_the_receipt_is_one_page_of_a4_or_of_the_roll(sign_in: Login, town: Ground) -> None:
    town.county_centre.phone = "0475-7221234"
    town.county_centre.save()
    case = ways.accepted(town)
    page = sign_in(town.clerk, f"/cases/{case.code}/")
    party = case.parties.get(side="applicant")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    address = f"/cases/{case.code}/receipt/{party.uid}/"
    page.evaluate(POST, [address, token])
    page.wait_for_selector("[data-receipt]")
    a4 = printed(page, "receipt-a4")
    assert len(a4.pages) == 1 and round(float(a4.pages[0].mediabox.width) / MM) == 210
    assert all(words in text_of(a4) for words in ("0475-7221234", "预计办结", "起诉", str(case.code)))
    page.get_by_label("80 mm").check()
    roll = printed(page, "receipt-roll")
    assert len(roll.pages) == 1 and round(float(roll.pages[0].mediabox.width) / MM) == 80


def test_the_case_prints_side_by_side_and_without_what_is_clicked(sign_in: Login, town: Ground) -> None:
    case = ways.accepted(town)
    page = sign_in(town.clerk, f"/cases/{case.code}/")
    reader = printed(page, "case")
    text = text_of(reader)
    assert str(case.code) in text and len(reader.pages) <= 2
    assert "上传" not in text and "更多" not in text


def test_the_board_prints_in_few_pages(sign_in: Login, town: Ground) -> None:
    ways.closed(town)
    page = sign_in(town.leader, "/figures/")
    page.wait_for_load_state("networkidle")
    reader = printed(page, "board")
    assert "逐月受理与化解" in text_of(reader) and len(reader.pages) <= 3


def test_the_receipts_of_ticked_cases_are_printed_by_one_key(sign_in: Login, town: Ground) -> None:
    cases = [ways.accepted(town, title=f"第{n}件") for n in range(1, 4)]
    page = sign_in(town.clerk, "/cases/")
    page.keyboard.press("Shift+X")
    page.locator(f'[data-row="{cases[0].code}"] [data-tick]').uncheck()
    page.keyboard.press("p")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    papers = opened.value
    expect(papers.locator("article.paper")).to_have_count(2)
    assert len(printed(papers, "receipts-of-ticked").pages) == 2
