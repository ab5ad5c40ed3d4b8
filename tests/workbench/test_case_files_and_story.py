"""On the case page: pictures among the files are shown small and over the whole screen, drawn anew and only to whom the
files are for; notes, directions and steps are one stream with filters."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from intake import actions
from intake.actions.attention import urge_case
from intake.models import Attachment, Case
from tests.browsing import signed_in
from tests.files.samples import picture, upload
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def with_picture(ground: Ground, content: bytes | None = None, name: str = "界桩.jpg") -> tuple[Case, Attachment]:
    case = ways.handling(ground)
    return case, actions.attach_file(case, upload(name, content or picture(size=(4000, 1000))), actor=ground.dispatcher)


def shown(answer: Any) -> Image.Image:
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "private, no-store"
    return Image.open(io.BytesIO(answer.content))


def looks() -> int:
    return TrailEntry.objects.filter(verb="file_downloaded").count()


def test_a_picture_is_drawn_anew_small_beside_its_name_and_large_over_the_screen(ground: Ground) -> None:
    case, row = with_picture(ground)
    client, address = signed_in(ground.handler), f"/cases/{case.code}/files/{row.file_id}/"
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert f'href="{address}look/" data-look="界桩.jpg"' in page
    assert f'src="{address}thumb/"' in page
    assert "viewer" in page
    before = looks()
    assert shown(client.get(f"{address}thumb/")).size == (160, 40)
    assert looks() == before
    large = shown(client.get(f"{address}look/"))
    assert large.size == (2000, 500)
    assert looks() == before + 1
    red, white = large.getpixel((100, 100)), large.getpixel((1900, 100))
    assert red[0] > 200 > red[1]  # type: ignore[index,operator]
    assert min(white) > 240  # type: ignore[type-var,arg-type]


def test_what_lets_through_lies_on_white(ground: Ground) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    case, row = with_picture(ground, out.getvalue(), "签名.png")
    small = shown(signed_in(ground.handler).get(f"/cases/{case.code}/files/{row.file_id}/thumb/"))
    assert small.getpixel((10, 10)) == (255, 255, 255)


def test_what_is_no_picture_is_not_shown(ground: Ground) -> None:
    case = ways.handling(ground)
    paper = Path(__file__).parent.parent / "cases/files/扫描件.pdf"
    row = actions.attach_file(case, upload(paper.name, paper.read_bytes()), actor=ground.dispatcher)
    client = signed_in(ground.handler)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "data-look" not in page
    assert "viewer" not in page
    assert client.get(f"/cases/{case.code}/files/{row.file_id}/look/").status_code == 404


@pytest.mark.parametrize("way", ["thumb", "look"])
def test_pictures_are_for_whom_the_files_are_for(way: str, ground: Ground) -> None:
    case, row = with_picture(ground)
    address, before = f"/cases/{case.code}/files/{row.file_id}/{way}/", looks()
    assert signed_in(ground.leader).get(address).status_code == 403
    assert signed_in(ground.other_handler).get(address).status_code == 404
    actions.remove_attachment(case, row.file_id, actor=ground.dispatcher)
    assert signed_in(ground.handler).get(address).status_code == 404
    assert looks() == before


def test_the_stream_is_filtered_by_kind_with_the_number_of_each(ground: Ground) -> None:
    case = ways.handling(ground)
    client = signed_in(ground.dispatcher)
    assert "story-label" not in client.get(f"/cases/{case.code}/").content.decode()
    urge_case(case, actor=ground.dispatcher, reason="当事人再次来访")
    actions.write_note(case, actor=ground.handler, text="已上门", on=timezone.localdate())
    answer = client.get(f"/cases/{case.code}/")
    dossier = answer.context["dossier"]
    filters = [(one.kind, one.total) for one in dossier.story_filters]
    assert filters == [("all", len(dossier.story)), ("step", len(dossier.story) - 2), ("note", 1), ("above", 1)]
    page = answer.content.decode()
    assert [page.count(f'<li class="of-{kind}">') for kind, _ in filters[1:]] == [total for _, total in filters[1:]]
