"""What came into force stays on paper as it was, whatever is changed afterwards."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from intake.models import Party
from mediation import actions
from mediation.models import Agreement
from tests.mediation import ways
from tests.mediation.ways import House
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from zhongzhi.core import sm2
from zhongzhi.files import disk, store
from zhongzhi.printing.actions import make_due_papers
from zhongzhi.printing.models import SignedPaper
from zhongzhi.printing.queries import is_whole, statement_of

pytestmark = pytest.mark.django_db


def printed(ground: Ground, agreement: Agreement, key: str = "agreement") -> bytes:
    client = Client()
    client.force_login(ground.town_mediator)
    answer = client.get(f"/mediation/{agreement.mediation.uid}/file/{key}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return answer.content


def in_force(ground: Ground, house: House) -> Agreement:
    agreement = ways.in_force(ground, ways.running(ground, house))
    return Agreement.objects.get(pk=agreement.pk)


def test_the_agreement_in_force_is_printed_in_the_same_bytes_whatever_is_changed(ground: Ground, house: House) -> None:
    agreement = in_force(ground, house)
    first = printed(ground, agreement)
    assert "岳某某" in words_of_pdf(first) and str(agreement.number) in words_of_pdf(first)
    Party.objects.filter(case=agreement.mediation.case, name="岳某某").update(name="岳改名")
    Agreement.objects.filter(pk=agreement.pk).update(terms="改过的内容")
    assert printed(ground, agreement) == first == printed(ground, agreement, f"signed-{agreement.pk}")


def test_the_clock_makes_the_paper_with_digests_and_the_signature_of_the_installation(
    ground: Ground, house: House
) -> None:
    sm2.configure_from(f"s1:{sm2.fresh_key()}")
    try:
        agreement = in_force(ground, house)
        paper = agreement.paper
        assert paper is not None and paper.pdf is None and "岳某某" in paper.words
        assert make_due_papers(timezone.now()) == 1 and make_due_papers(timezone.now()) == 0
        paper = SignedPaper.objects.get(pk=paper.pk)
        assert paper.words == "" and paper.document is not None and paper.pdf is not None
        assert store.measure(paper.pdf.path)[1] == paper.pdf.sm3
        assert sm2.verify(statement_of(paper), paper.signature) is sm2.Verdict.VALID
        assert is_whole(paper)
    finally:
        sm2.configure_from("")


def test_the_zip_of_the_file_holds_the_signed_paper_in_the_kept_bytes(ground: Ground, house: House) -> None:
    agreement = in_force(ground, house)
    make_due_papers(timezone.now())
    client = Client()
    client.force_login(ground.town_mediator)
    answer = client.get(f"/mediation/{agreement.mediation.uid}/file/zip/")
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as folder:
        name = next(name for name in folder.namelist() if name.startswith("签署件/"))
        assert folder.read(name) == printed(ground, agreement)


def test_a_made_paper_is_neither_changed_nor_removed(ground: Ground, house: House) -> None:
    in_force(ground, house)
    make_due_papers(timezone.now())
    rows = SignedPaper.objects.all()
    for change in (lambda: rows.update(title="别的"), lambda: rows._raw_delete(rows.db)):
        with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
            change()


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(ground: Ground, house: House) -> None:
    agreement = in_force(ground, house)
    make_due_papers(timezone.now())
    paper = SignedPaper.objects.get()
    assert paper.pdf is not None
    disk.full_path(paper.pdf.path).write_bytes(b"%PDF-1.7 other")
    client = Client()
    client.force_login(ground.town_mediator)
    answer = client.get(f"/mediation/{agreement.mediation.uid}/file/agreement/")
    assert answer.status_code == 409 and "摘要不符" in answer.content.decode()


def test_a_paper_that_cannot_be_made_waits_and_holds_up_no_other(ground: Ground, house: House) -> None:
    first = in_force(ground, house).paper
    assert first is not None
    SignedPaper.objects.filter(pk=first.pk).update(writer="nobody")
    in_force(ground, house)
    assert make_due_papers(timezone.now()) == 1
    waits = SignedPaper.objects.get(pk=first.pk)
    assert waits.pdf is None and waits.tries == 1 and waits.next_at is not None and waits.next_at > timezone.now()


def test_an_oral_agreement_is_kept_with_its_register_form(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = actions.take_oral_force(ways.drafted(ground, mediation, form="oral"), actor=ground.town_mediator)
    assert "口头协议登记表" in words_of_pdf(printed(ground, agreement, "oral"))


def test_a_draft_is_marked_across_the_page(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.drafted(ground, mediation)
    words = words_of_pdf(printed(ground, agreement, "agreement-draft"))
    assert words.count("草稿") > words_of_pdf(printed(ground, agreement, "application")).count("草稿") + 1
