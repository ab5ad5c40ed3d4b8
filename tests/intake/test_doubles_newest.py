"""Who brings the same phone a thousand times (a hotline's own number) costs no window a moment."""

import pytest

from intake.queries import doubles
from intake.queries.doubles import open_doubles
from tests.intake import ways
from tests.people import Ground
from zhongzhi.rows.periods import TODAY
from zhongzhi.rows.statements import PreparedRows

pytestmark = pytest.mark.django_db


def test_of_many_cases_of_one_person_the_newest_are_looked_at(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer, case = (ways.registered(ground) for _ in range(3))
    case.category = None  # so that the matter is not looked for
    assert [row.pk for row in open_doubles(case, most=5)] == [newer.pk, older.pk]
    monkeypatch.setattr(doubles, "MOST_ALIKE", 1)
    monkeypatch.setattr(doubles, "_ALIKE", PreparedRows(doubles._alike(TODAY)))
    assert [row.pk for row in open_doubles(case, most=5)] == [newer.pk]
