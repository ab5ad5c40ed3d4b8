"""Seals and hands as pictures: kept by the system administrator, put on what is signed from then on."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from grids.actions.impressions import end_impression, keep_impression
from grids.models import Impression
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.office.pdf import as_ink
from zhongzhi.printing.actions import make_due_papers
from zhongzhi.printing.models import SignedPaper

pytestmark = pytest.mark.django_db


def a_seal(name: str = "章.png") -> SimpleUploadedFile:
    picture = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(picture).ellipse((5, 5, 295, 295), outline=(200, 0, 0), width=12)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return SimpleUploadedFile(name, kept.getvalue())


def test_a_new_seal_takes_the_place_of_the_old_one_and_both_stay_in_the_trail(ground: Ground) -> None:
    office = ground.county_centre
    first = keep_impression("seal", office.name, 42, a_seal(), actor=ground.system_admin)
    second = keep_impression("seal", office.name, 42, a_seal(), actor=ground.system_admin)
    assert list(Impression.objects.filter(ended_at=None)) == [second]
    assert first != second
    end_impression(second.pk, actor=ground.system_admin)
    with pytest.raises(InvalidTransition):
        end_impression(second.pk, actor=ground.system_admin)
    verbs = list(TrailEntry.objects.filter(verb__startswith="impression").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["impression_kept", "impression_kept", "impression_ended"]


@pytest.mark.parametrize("who", ["manager", "leader", "security_admin"])
def test_nobody_else_keeps_them(who: str, ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        keep_impression("seal", ground.county_centre.name, 42, a_seal(), actor=getattr(ground, who))


@pytest.mark.parametrize(("name", "width", "field"), [("没有的单位", 42, "name"), (None, 5, "width_mm")])
def test_what_fits_no_paper_or_nobody_is_refused_at_its_field(
    name: str | None, width: int, field: str, ground: Ground
) -> None:
    with pytest.raises(RuleViolation) as refused:
        keep_impression("seal", name or ground.county_centre.name, width, a_seal(), actor=ground.system_admin)
    assert refused.value.field == field and not Impression.objects.exists()


def test_what_is_signed_carries_the_seal_over_its_date_and_the_hand_over_the_name(ground: Ground) -> None:
    before = ways.signed(ground)
    keep_impression("seal", before.issuer.name, 42, a_seal(), actor=ground.system_admin)
    keep_impression("hand", ground.manager.username, 24, a_seal(), actor=ground.system_admin)
    after = ways.signed(ground)
    assert before.paper is not None and before.paper.stamps == []
    assert after.paper is not None
    assert after.paper.stamps[0]["place"]["at"] == "paper_seal"
    make_due_papers(timezone.now())
    assert all(paper.pdf for paper in SignedPaper.objects.all())


def test_the_page_takes_a_picture_and_lists_what_is_in_use(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.system_admin)
    typed = {"kind": "seal", "name": ground.county_centre.name, "width_mm": "42", "file": a_seal()}
    assert client.post("/grids/impressions/", typed).status_code == 302
    page = client.get("/grids/impressions/").content.decode()
    assert ground.county_centre.name in page and "停用" in page
    row = Impression.objects.get()
    assert client.post(f"/grids/impressions/{row.pk}/end/").status_code == 302
    assert client.post("/grids/impressions/", {**typed, "name": "没有", "file": a_seal()}).status_code == 422


def test_white_paper_around_a_seal_becomes_clear(ground: Ground) -> None:
    picture = Image.open(io.BytesIO(as_ink(a_seal().read())))
    assert picture.getpixel((150, 150))[3] == 0 and picture.getpixel((150, 9))[3] > 150
