"""What hangs on rows, read beside them: as Django prefetches it, in one statement that was written before."""

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from grids.models import Organisation, Posting
from tests.people import Ground
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.related import read_beside
from zhongzhi.rows.statements import PreparedRows

pytestmark = pytest.mark.django_db
POSTINGS = PreparedRows(Posting.objects.filter(among("organisation_id", THESE_KEYS)).order_by("pk"))


def test_it_is_what_django_prefetches(ground: Ground) -> None:
    ours, theirs = list(Organisation.objects.order_by("pk")), list(Organisation.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        read_beside(ours, "postings", POSTINGS)
        found = [[post.pk for post in place.postings.all()] for place in ours]
        assert all(post.organisation is place for place in ours for post in place.postings.all())
    assert len(asked) == 1
    prefetch_related_objects(theirs, "postings")
    assert found == [sorted(post.pk for post in place.postings.all()) for place in theirs]
    assert any(found)
    assert not all(found)


def test_who_filters_it_asks_the_database(ground: Ground) -> None:
    place = ground.county_centre
    read_beside([place], "postings", POSTINGS)
    assert place.postings.filter(user=ground.clerk).get().user_id == ground.clerk.pk


def test_a_list_under_a_name_of_its_own_leaves_the_relation_as_it_is(ground: Ground) -> None:
    place = ground.county_centre
    read_beside([place], "postings", POSTINGS, to="serving")
    assert place.serving == list(Posting.objects.filter(organisation=place).order_by("pk"))
    assert "postings" not in getattr(place, "_prefetched_objects_cache", {})


def test_nothing_is_asked_for_nobody() -> None:
    with CaptureQueriesContext(connection) as asked:
        read_beside([], "postings", POSTINGS)
    assert not asked.captured_queries
