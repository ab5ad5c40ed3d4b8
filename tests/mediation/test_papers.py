"""Every paper converted by LibreOffice: it opens, becomes a PDF, and no field is lost; page numbers are right."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from intake.actions import close_case
from intake.entries import PartyEntry
from mediation import actions
from mediation.documents import Paper, papers_of, write_paper, write_whole_file
from mediation.models import FileRule, Mediation
from tests.mediation import ways
from tests.mediation.ways import House
from tests.office.sheets import BOTH, as_pdfs, bare, shown
from tests.people import Ground

pytestmark = [pytest.mark.papers, pytest.mark.django_db]


def everything(ground: Ground, house: House) -> Mediation:
    """A mediation with every paper an agreement can have: survey, agent, evidence, oral is another."""
    agent = PartyEntry(name="岳小某", role="agent", represents=0, phone="13847500009")
    case = ways.accepted(
        ground, parties=(*ways.LAND, agent), place_detail="村东二道渠边", amount=ways.Decimal("1200.50")
    )
    mediation = ways.running(ground, house, case)
    survey = ways.planned(
        ground, mediation, house, kind="survey", room=None, place="村东地块", others=[("老张", "村主任")]
    )
    rows = [
        actions.Measured(
            what="付某地块", by_ledger=ways.Decimal(12), measured=ways.Decimal(13), unit="垄", note="多一垄"
        )
    ]
    came = {a.pk: True for a in survey.attendees.all()}
    minutes = actions.Minutes(
        record="逐块丈量。\n第二段。", facts="多一垄", result="facts", came=came, recorder="高娃", measurements=rows
    )
    actions.hold_session(survey, minutes, actor=ground.town_mediator)
    actions.add_material(mediation, ways.photo("地块.jpg"), actor=ground.town_mediator, kind="survey", session=survey)
    for kind in ("identity", "authorisation", "application", "signed_record", "signed_agreement", "evidence"):
        actions.add_material(mediation, ways.photo(f"{kind}.jpg"), actor=ground.town_mediator, kind=kind)
    mediation.sessions.get().bookings.all().delete()
    ways.held(ground, mediation, house, starts_at=survey.starts_at)
    today = timezone.localdate()
    debt = ways.money(ground, mediation, "300.50", (today, "100.50"), (today, "200"))
    agreement = ways.in_force(ground, mediation, obligations=[*ways.obligations(case), debt])
    everyone = [str(p.uid) for p in case.parties.filter(role="principal")]
    confirmation = actions.apply_for_confirmation(
        agreement, actor=ground.town_mediator, court=house.court, applicants=everyone, on=today
    )
    number = "（2026）内0526调确字第12号"
    confirmation = actions.record_acceptance(
        confirmation, actor=ground.town_mediator, accepted=True, on=today, case_number=number
    )
    actions.record_ruling(confirmation, actor=ground.town_mediator, confirmed=False, on=today, refusal="内容不明确")
    case = close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    for row in ways.instalments(agreement):
        actions.perform(
            row, actor=ground.town_dispatcher, on=today, note="已履行", amount=row.amount, proofs=[ways.photo()]
        )
    return Mediation.objects.get(pk=mediation.pk)


def lost(paper: Paper, pages: list[str]) -> list[str]:
    whole = bare("".join(pages))
    return [text for text in paper.texts() if bare(text) not in whole]


@BOTH
def test_every_paper_becomes_a_pdf_without_loss_of_a_field(
    by: str, ground: Ground, house: House, tmp_path: Path
) -> None:
    papers = papers_of(everything(ground, house))
    pages = as_pdfs(tmp_path, {paper.key: write_paper(paper, "某人") for paper in papers}, by)
    shown(f"paper-{by}", tmp_path)
    assert {paper.key: lost(paper, pages[paper.key]) for paper in papers} == {paper.key: [] for paper in papers}
    assert "Error" not in "".join(text for texts in pages.values() for text in texts)
    made = {paper.key.split("-")[0] for paper in papers}
    forms = set(FileRule.objects.values_list("form", flat=True))
    assert forms - made == {"oral", "termination", "undisputed", "court_return"}


@BOTH
def test_the_papers_of_an_oral_agreement_and_of_no_agreement(
    by: str, ground: Ground, house: House, tmp_path: Path
) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    actions.take_oral_force(ways.drafted(ground, mediation, form="oral"), actor=ground.town_mediator)
    failed = ways.running(ground, house)
    told = ["arbitration", "litigation"]
    actions.end_without_agreement(
        failed, actor=ground.town_mediator, reason="apart", note="界址不清", told=told, road="arbitration"
    )
    papers = {}
    for row in Mediation.objects.all():
        papers |= {f"{paper.key}-{row.pk}": paper for paper in papers_of(row) if paper.key in ("oral", "termination")}
    assert len(papers) == 2
    pages = as_pdfs(tmp_path, {key: write_paper(paper, "某人") for key, paper in papers.items()}, by)
    shown(f"other-{by}", tmp_path)
    assert {key: lost(paper, pages[key]) for key, paper in papers.items()} == {key: [] for key in papers}


@BOTH
def test_the_whole_file_has_contents_whose_page_numbers_are_right(
    by: str, ground: Ground, house: House, tmp_path: Path
) -> None:
    papers = papers_of(everything(ground, house))
    pages = as_pdfs(tmp_path, {"whole": write_whole_file(papers, "某人")}, by)["whole"]
    shown(f"whole-{by}", tmp_path)
    whole = bare("".join(pages))
    assert [text for paper in papers for text in paper.texts() if bare(text) not in whole] == []
    contents = next(page for page in pages if "卷内目录" in page)
    at = pages.index(contents) + 1
    entries = re.findall(r"(\d+)．(.+?)[.\s…]*?(\d+)\s*$", contents, flags=re.M)
    named = [paper for paper in papers if not paper.is_cover]
    assert [name.strip(" .\t") for _, name, _ in entries] == [paper.title for paper in named]
    for paper, (_, _, number) in zip(named, entries, strict=True):
        page = pages[at + int(number) - 1]
        assert bare(paper.title) in bare(page)[:60], (paper.title, number)  # below the line of who took it out
        assert re.search(rf"— {number} —", page)
