"""What is typed keeps itself: sealed, for its typist alone, whole or half, gone with the registration."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from intake import actions
from intake.models import Case, EntryAutosave
from tests.browsing import signed_in
from tests.intake.test_pages_register import row, sent
from tests.people import Ground, an_entry, make_ground
from workbench.due_next.unfinished import lines_of_drafts
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import DomainError

pytestmark = pytest.mark.django_db
HALF = "15232719650315"


def typed(client: Client, form: dict[str, Any]) -> Any:
    return client.post(f"/cases/drafts/{form['uid']}/typed/", form)


def test_half_a_number_is_kept_sealed_and_found_again_as_it_was(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    form = sent(narrative="写到一半的事情", amount="12x", **row(0, paper_number=HALF, name="张女士"))
    assert typed(clerk, form).json()["saved_at"]
    kept = EntryAutosave.objects.get()
    assert HALF.encode() not in bytes(kept.sealed)
    assert HALF in kept.text
    assert "csrf" not in kept.text
    assert "写到一半的事情" in clerk.get("/").content.decode()
    assert "写到一半的事情" in clerk.get("/cases/new/").content.decode()
    page = clerk.get(f"/cases/drafts/{form['uid']}/")
    text = page.content.decode()
    assert 'value="12x"' in text
    assert f'value="{HALF}"' in text
    assert 'value="张女士"' in text
    assert "自动保存的内容" in text
    assert "还没有提交" not in text
    assert not Case.objects.exists()
    assert not TrailEntry.objects.filter(verb="draft_saved").exists()


def test_the_latest_text_wins_and_rows_taken_off_stay_off(ground: Ground) -> None:
    clerk, form = signed_in(ground.clerk), sent()
    form |= {"parties-TOTAL_FORMS": "4"}
    form |= (
        row(1, name="小刘") | row(2, DELETE="on", name="误加") | row(3, name="刘父", role="guardian", represents="1")
    )
    typed(clerk, form)
    typed(clerk, form | {"narrative": "后写的"})
    page = clerk.get(f"/cases/drafts/{form['uid']}/").context["page"]
    names = [party["name"].value() for party in page.parties.forms]
    assert names == ["岳某某", "小刘", "刘父"]
    assert page.parties.forms[2]["represents"].value() == 1
    assert page.form["narrative"].value() == "后写的"
    assert EntryAutosave.objects.count() == 1


def test_another_person_neither_sees_nor_overwrites_it(ground: Ground) -> None:
    form = sent()
    typed(signed_in(ground.clerk), form)
    other = signed_in(ground.dispatcher)
    assert other.get(f"/cases/drafts/{form['uid']}/").status_code == 404
    assert other.post(f"/cases/drafts/{form['uid']}/discard/").status_code == 404
    typed(other, form | {"narrative": "别人写的"})
    assert "别人写的" not in EntryAutosave.objects.get(user=ground.clerk).text


def test_who_does_not_register_keeps_nothing(ground: Ground) -> None:
    assert typed(signed_in(ground.leader), sent()).status_code == 403
    assert typed(Client(), sent()).status_code == 302
    assert not EntryAutosave.objects.exists()


def test_it_goes_when_the_case_is_registered_and_what_comes_late_brings_nothing_back(ground: Ground) -> None:
    clerk, form = signed_in(ground.clerk), sent()
    typed(clerk, form)
    clerk.post("/cases/new/", form)
    assert not EntryAutosave.objects.exists()
    assert typed(clerk, form).status_code == 409
    assert not EntryAutosave.objects.exists()


def test_a_saved_draft_with_later_typing_shows_the_typing_and_keeps_its_sealed_numbers(ground: Ground) -> None:
    clerk, form = signed_in(ground.clerk), sent("save")
    address = clerk.post("/cases/new/", form)["Location"]
    party = Case.objects.get().parties.get()
    later = sent(uid=form["uid"], narrative="改过的经过", **row(0, uid=str(party.uid), paper_number="", phone=""))
    typed(clerk, later)
    text = clerk.get(address).content.decode()
    assert "改过的经过" in text
    assert "152***********2419" in text
    assert [(line.why, line.address) for line in lines_of_drafts(ground.clerk)] == [("自动保存", address)]
    clerk.post(address, later)
    case = Case.objects.get()
    assert (case.status, case.parties.get().paper_number) == ("registered", "152327196503152419")
    assert not EntryAutosave.objects.exists()


def test_it_is_thrown_away_by_hand(ground: Ground) -> None:
    clerk, form, other = signed_in(ground.clerk), sent(), sent()
    typed(clerk, form)
    typed(clerk, other)
    clerk.post(f"/cases/drafts/{form['uid']}/discard/")
    assert [str(kept.uid) for kept in EntryAutosave.objects.all()] == [other["uid"]]


def test_a_page_too_large_to_keep_is_refused(ground: Ground) -> None:
    answer = typed(signed_in(ground.clerk), sent(narrative="长" * 90_000))
    assert answer.status_code == 413


@pytest.mark.django_db(transaction=True)
def test_typing_that_races_with_the_registration_leaves_nothing_behind() -> None:
    ground = make_ground()
    for _ in range(5):
        uid, gate = uuid4(), Barrier(2)

        def keep(uid: Any = uid, gate: Barrier = gate) -> None:
            gate.wait()
            try:
                actions.save_autosave("narrative=x", actor=ground.clerk, uid=uid)
            except DomainError:
                pass
            finally:
                connection.close()

        def register(uid: Any = uid, gate: Barrier = gate) -> None:
            gate.wait()
            actions.register_case(an_entry(), actor=ground.clerk, uid=uid)
            connection.close()

        threads = [Thread(target=keep), Thread(target=register)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert Case.objects.filter(status="registered").count() == 5
    assert not EntryAutosave.objects.exists()
