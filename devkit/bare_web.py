"""The floor under our answers: a web process of the same server, framework and database that does nothing but the work.

Plain DRF views read and write the same rows. Nobody is asked who they are; nothing is checked, masked, counted against
a limit or told to anybody. What a registration writes is literal SQL, as in `measures.register`.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.ALLOWED_HOSTS = __name__, [], ["*"]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.db import connection, transaction  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers, views  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402

from devkit.benchmarks.measures import BareList, BareRow, write_rows  # noqa: E402
from intake.models import Case, Party  # noqa: E402

STATEMENTS: dict[str, str] = json.loads(Path(os.environ["BARE_STATEMENTS"]).read_text(encoding="utf-8"))
JOINED = ("category__parent", "territory", "centre", "holder")
CHANGE = (
    "UPDATE intake_case SET status = 'accepted', version = version + 1, accepted_at = now() WHERE id = %(case)s",
    "UPDATE intake_clock SET stopped_at = now(), next_at = NULL WHERE case_id = %(case)s AND stopped_at IS NULL",
    "INSERT INTO intake_statuschange (case_id, event, from_status, to_status, actor_id, organisation_id, reason, at)"
    " SELECT id, 'accept', 'registered', 'accepted', created_by_id, centre_id, '', now() FROM intake_case"
    " WHERE id = %(case)s",
)


class BareParty(serializers.Serializer[Party]):
    """A party as it is typed and shown."""

    name = serializers.CharField()
    phone = serializers.CharField(required=False, write_only=True)


class BareEntry(serializers.Serializer[None]):
    """What is typed."""

    narrative = serializers.CharField()
    territory = serializers.CharField()
    category = serializers.CharField()
    parties = BareParty(many=True)


class BareView(views.APIView):
    """Nobody is asked who they are."""

    authentication_classes = ()
    permission_classes = ()

    def answer(self, key: int, status: int = 200) -> Response:
        """One case with its joins and its parties."""
        case = Case.objects.select_related(*JOINED).get(pk=key)
        parties = [BareParty(party).data for party in case.parties.all()]
        return Response({**BareRow(case).data, "code": str(case.pk), "parties": parties}, status)


class BareCases(BareView):
    def post(self, request: Request) -> Response:
        """Check the shape, write the rows, read the case."""
        BareEntry(data=request.data).is_valid(raise_exception=True)
        return self.answer(write_rows(STATEMENTS), 201)

    def get(self, request: Request) -> Any:
        """The newest 50."""
        return BareList.as_view()(request._request)


class BareCase(BareView):
    def get(self, request: Request, key: int) -> Response:
        """One case."""
        return self.answer(key)

    def post(self, request: Request, key: int) -> Response:
        """Change its status: the step, and the clock that stops."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in CHANGE:
                cursor.execute(statement, {"case": key})
        return self.answer(key)


urlpatterns = [path("cases/", BareCases.as_view()), path("cases/<int:key>/", BareCase.as_view())]
