"""The office's own number of a case: typed, sent or imported, found whole, and shown."""

import pytest

from intake import queries
from intake.imports.actions import confirm_import, work_on_imports
from intake.models import Case
from intake.search import queries as search_queries
from tests.browsing import signed_in
from tests.intake import ways
from tests.intake.api import LAND, as_person, problem_of
from tests.intake.tables import a_call, handed_in, xlsx
from tests.intake.test_pages_register import sent
from tests.people import Ground
from zhongzhi.audit.queries import trail_of

pytestmark = pytest.mark.django_db
NUMBER = "综调〔2026〕17号"


def test_it_is_typed_at_the_window_and_stands_on_the_dossier(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    clerk.post("/cases/new/", sent(internal_number=f" {NUMBER} "))
    case = Case.objects.get()
    assert case.internal_number == NUMBER
    assert NUMBER in clerk.get(f"/cases/{case.code}/").content.decode()
    assert f'value="{NUMBER}"' in clerk.get(f"/cases/{case.code}/edit/").content.decode()


def test_one_that_is_too_long_is_refused_at_its_field(ground: Ground) -> None:
    answer = signed_in(ground.clerk).post("/cases/new/", sent(internal_number="9" * 41))
    assert "最多 40 个字" in answer.context["page"].form.errors["internal_number"][0]
    assert not Case.objects.exists()


def test_it_may_be_amended_and_the_trail_says_so(ground: Ground) -> None:
    case = ways.registered(ground, internal_number="旧号")
    entry = ways.an_entry(internal_number=NUMBER)
    changed = ways.actions.amend_case(case, entry, actor=ground.clerk, reason="编号抄错")
    assert changed.internal_number == NUMBER
    assert trail_of(case).last().facts["fields"] == ["internal_number"]  # type: ignore[union-attr]


def test_programs_send_it_and_read_it_in_detail_and_lists(ground: Ground) -> None:
    clerk = as_person(ground.clerk)
    made = clerk.post("/api/v1/cases/", LAND | {"internal_number": NUMBER}, format="json").json()
    assert made["internal_number"] == NUMBER
    rows = clerk.get("/api/v1/cases/", {"internal_number": NUMBER, "fields": "internal_number"}).json()["results"]
    assert rows == [{"internal_number": NUMBER}]
    answer = clerk.post("/api/v1/cases/", LAND | {"internal_number": "9" * 41}, format="json")
    assert problem_of(answer)[2] == ["internal_number"]


def test_a_table_brings_it(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1, internal_number=NUMBER), a_call(2)]))
    confirm_import(batch, actor=ground.dispatcher, mode="all")
    work_on_imports(seconds=30)
    assert sorted(Case.objects.values_list("internal_number", flat=True)) == ["", NUMBER]


@pytest.mark.parametrize(
    ("filters", "codes"),
    [({"internal_number": "A-17"}, 1), ({"internal_number": "A-1"}, 0), ({"q": "A-17"}, 1), ({"q": "A-1"}, 0)],
)
def test_the_list_finds_it_whole_only(filters: dict[str, str], codes: int, ground: Ground) -> None:
    ways.registered(ground, internal_number="A-17")
    ways.registered(ground)
    assert len(signed_in(ground.clerk).get("/cases/", filters).context["page"].items) == codes


def test_one_that_looks_like_a_code_is_found_too(ground: Ground) -> None:
    case = ways.registered(ground, internal_number="ZJ2026")
    assert list(search_queries.cases_named(queries.cases_for_list(ground.clerk), "ZJ2026", ground.clerk)) == [case]


def test_the_list_and_its_export_have_a_column_for_it(ground: Ground) -> None:
    ways.registered(ground, internal_number=NUMBER)
    clerk = signed_in(ground.clerk)
    assert NUMBER not in clerk.get("/cases/").content.decode()
    assert NUMBER in clerk.get("/cases/", {"columns": "internal_number"}).content.decode()
    export = clerk.get("/cases/export/", {"columns": "internal_number", "format": "csv"})
    assert NUMBER in b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]


def test_what_is_being_typed_is_kept(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    page = clerk.get("/cases/new/").context["page"].form["uid"].value()
    clerk.post(f"/cases/drafts/{page}/typed/", {"uid": page, "internal_number": NUMBER})
    assert f'value="{NUMBER}"' in clerk.get(f"/cases/drafts/{page}/").content.decode()
