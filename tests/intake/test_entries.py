"""The declaration of a case's entry agrees with the columns it is kept in, and with every way it comes in."""

import pytest
from django.db.models import Field

from intake.actions.entry import AMENDABLE, AS_TYPED
from intake.api.entry import EntryIn
from intake.api.serializers import CaseOut
from intake.entries import CASE, PARTY
from intake.forms.entry import CaseForm, PartyForm
from intake.imports.columns import ORDER, columns_of
from intake.imports.models import ImportKind
from intake.models import Case, Party, PartyRole
from zhongzhi.web.shapes import Choice, Kind, Line, Shape

NEVER_TYPED = {PartyRole.MEMBER}
"""Members of a group come by its list."""
COLUMNS = [
    pytest.param(kind, model._meta.get_field(name), id=f"{model.__name__}.{name}")
    for shape, model in ((CASE, Case), (PARTY, Party))
    for name, kind in shape.items()
    if any(field.name == name for field in model._meta.get_fields())
]


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_limits_and_codes_are_those_of_the_column(kind: Kind, column: "Field[object, object]") -> None:
    if isinstance(kind, Choice):
        assert kind.values == {value for value, _ in column.choices or ()} - NEVER_TYPED
    elif isinstance(kind, Line) and not column.is_relation:
        assert kind.longest == column.max_length


@pytest.mark.parametrize(("shape", "form"), [(CASE, CaseForm), (PARTY, PartyForm)], ids=["case", "party"])
def test_what_is_declared_is_on_the_page(shape: Shape, form: type[CaseForm | PartyForm]) -> None:
    assert {name for name in shape if shape[name].form_fields(name)} <= set(form().fields)


def test_what_is_declared_comes_in_by_the_api_and_is_shown_there() -> None:
    assert set(CASE) <= set(EntryIn().fields)
    assert {name for name in CASE if hasattr(Case, name)} <= set(CaseOut().fields)


def test_what_is_a_column_is_written_as_typed_or_by_a_way_of_its_own_and_may_be_amended() -> None:
    own_way = {"title", "category", "territory", "complexity", "risk"}
    assert {name for name in CASE if hasattr(Case, name)} == set(AS_TYPED) | own_way
    assert set(AMENDABLE) == (set(AS_TYPED) | own_way) - {"complexity", "risk", "channel", "is_restricted"}


@pytest.mark.parametrize("kind", ImportKind)
def test_the_templates_that_offices_have_keep_the_order_of_their_columns(kind: ImportKind) -> None:
    names = [column.name for column in columns_of(kind)]
    assert tuple(names[: len(ORDER)]) == ORDER
    assert len(set(names)) == len(names)
