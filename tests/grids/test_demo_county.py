"""The demo county has the figures of the newspaper page (domain, section 2), and is made once."""

import pytest
from django.db.models import Count

from devkit.commands import run
from early_warning.models import RuleKind, Warning
from grids.models import (
    HEADS,
    BeatGrid,
    Hazard,
    Level,
    Organisation,
    Posting,
    Role,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
)
from grids.queries import current, territory_of, triangle_of
from grids.scope import scope_of
from zhongzhi.accounts.models import User

pytestmark = pytest.mark.django_db
TABLES = (Territory, Organisation, User, RosterPerson, Service, BeatGrid, Hazard, Warning)


def test_the_demo_county_has_the_figures_of_the_page_and_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    run("load_demo_county")
    first = capsys.readouterr().out
    assert "chuangkou" in first
    _has_its_places()
    _has_its_people()
    _accounts_see_their_ground()
    assert RuleKind.HAZARD_UNSETTLED in set(Warning.objects.values_list("kind", flat=True))
    before = [table.objects.count() for table in TABLES]
    run("load_demo_county")
    assert [table.objects.count() for table in TABLES] == before
    assert "均已存在" in capsys.readouterr().out


def _has_its_places() -> None:
    counts = {level: Territory.objects.filter(level=level).count() for level in Level}
    assert (counts[Level.TOWN], counts[Level.VILLAGE], counts[Level.GRID]) == (19, 218, 1393)
    assert Organisation.objects.filter(kind="centre").count() == 1 + 19 + 218
    assert Organisation.objects.filter(kind="party_group").count() == 709
    assert set(Posting.objects.values_list("role", flat=True)) == set(Role.values)


def _has_its_people() -> None:
    serving = Service.objects.filter(current())
    workers = serving.filter(kind=ServiceKind.FULL_TIME)
    assert (workers.count(), workers.values("territory").distinct().count()) == (1393, 1393)
    heads = serving.filter(kind__in=HEADS)
    assert heads.count() == 4022
    assert not heads.filter(households=None).exists()
    assert serving.filter(kind=ServiceKind.PARTY_LEADER).count() == 709
    assert Hazard.objects.count() == 357
    assert BeatGrid.objects.filter(current()).count() == 1393
    assert not BeatGrid.objects.exclude(beat__services__kind="officer").exists()
    by_village = serving.filter(kind="auxiliary").values("territory").annotate(n=Count("pk"))
    assert [row["n"] for row in by_village] == [1] * 218


def _accounts_see_their_ground() -> None:
    worker, officer = (scope_of(User.objects.get(username=name)) for name in ("wangge", "minjing"))
    assert worker.areas == ("150526103200001",)
    assert len(officer.areas) > 6
    assert all(code.startswith("150526103") for code in officer.areas)
    village = triangle_of(territory_of("150526103200"))
    assert len(village.grids) == village.workers >= 6
    assert all(line.officer for line in village.grids)
