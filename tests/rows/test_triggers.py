"""Triggers: what the models declare is what stands in the database, and only its owner switches it off."""

from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from grids.actions import report_hazard, watch_hazard
from grids.entries import HazardEntry
from grids.models import HazardStep
from intake.counting.actions import counting_statements
from intake.models import StatusChange
from referrals.models import DocumentStep
from tests.audit.emptying import refuse_emptying, tables
from tests.grids.field import GRID
from tests.intake import ways as cases
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.accounts.models import SecurityEvent
from zhongzhi.audit.models import ChainHead, SealedHead, TrailEntry, TrailSeal
from zhongzhi.rows.steps import Step

COUNTING = "_count_"


def standing() -> dict[str, tuple[Any, ...]]:
    """Every trigger of the database by its name: table, definition, function, mark."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid),
                obj_description(oid, 'pg_trigger')
            FROM pg_trigger WHERE NOT tgisinternal""")
        return {name: tuple(facts) for name, *facts in cursor.fetchall()}


@pytest.mark.django_db
def test_what_is_declared_is_what_stands_in_the_database() -> None:
    before = standing()
    for model, trigger in pgtrigger.registered():
        trigger.install(model)
    with connection.cursor() as cursor:
        for statement in counting_statements():
            cursor.execute(statement)
    assert standing() == before
    declared = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}
    assert {name for name in before if COUNTING not in name} == declared


@pytest.mark.django_db
def test_what_was_changed_by_hand_is_seen() -> None:
    before = standing()
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE FUNCTION intake_refuse_change() RETURNS trigger LANGUAGE plpgsql"
                       " AS 'BEGIN RETURN NEW; END'")  # fmt: skip
    changed = {name for name, facts in standing().items() if facts != before[name]}
    assert changed >= {"status_change_append_only", "status_change_not_emptied", "tier_move_append_only"}


def test_every_table_that_is_only_added_to_refuses_to_be_changed_and_to_be_emptied() -> None:
    def guarded(model: type[Model]) -> set[str]:
        triggers = [t for m, t in pgtrigger.registered() if m is model]
        return {f"{op}" for t in triggers for op in t.operation if t.when == pgtrigger.Before}

    steps = [model for model in apps.get_models() if issubclass(model, Step)]
    for model in (*steps, TrailEntry, TrailSeal, SealedHead, ChainHead, SecurityEvent):
        assert guarded(model) == {"UPDATE", "DELETE", "TRUNCATE"}, model


@pytest.mark.django_db
def test_what_is_kept_cannot_be_emptied() -> None:
    refuse_emptying()
    assert {"audit_trailentry", "accounts_securityevent", "intake_statuschange", "referrals_documentstep"} <= {
        *tables()
    }
    for table in tables():
        with pytest.raises(DatabaseError, match=r"append-only|kept"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_steps_of_cases_hazards_and_documents_can_neither_be_changed_nor_deleted(change: str, ground: Ground) -> None:
    cases.accepted(ground)
    ways.draft(ground)
    hazard = report_hazard(HazardEntry(narrative="羊群进了玉米地", place=GRID), actor=ground.grid_worker)
    watch_hazard(hazard, actor=ground.grid_worker, note="两家已分开")
    for model in (StatusChange, HazardStep, DocumentStep):
        assert model.objects.exists()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change.format(model._meta.db_table))


@pytest.mark.django_db
def test_no_setting_of_a_session_switches_a_trigger_off(ground: Ground) -> None:
    cases.accepted(ground)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("SET LOCAL pgtrigger.ignore = '{status_change_append_only}'")
        cursor.execute("DELETE FROM intake_statuschange")


def test_every_column_of_a_document_is_frozen_at_signature_but_for_its_way() -> None:
    model, kept = next((m, t) for m, t in pgtrigger.registered() if t.name == "referrals_document_kept")
    frozen, _, rest = kept.render_func(model).partition("is signed and never changes")
    moves = {f.name for f in model._meta.concrete_fields if f"NEW.{f.column} IS DISTINCT FROM" not in frozen}
    once = {f.name for f in model._meta.concrete_fields if f"NEW.{f.column} IS DISTINCT FROM" in rest}
    assert once == {"issued_at", "received_at", "received_by"}
    deadlines = {"receipt_due_at", "answer_due_at", "extended"}
    assert moves - once == {"id", "status", "version", "answered_at", "ended_at", "service_note", *deadlines}
