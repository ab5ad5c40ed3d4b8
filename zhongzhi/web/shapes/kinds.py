"""What every value that is handed in has: a label, helps, how firmly it is asked for; and the fields made of it."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.fields import empty

from zhongzhi.web.sheets import Column

ApiField = serializers.Field[Any, Any, Any, Any]


class Ask(Enum):
    """How firmly the page or the API asks for a value."""

    REQUIRED = "without it the input is refused at once"
    TOLD = "marked as required; what is missing is told by the action, beside the field"
    OPTIONAL = "may be left out"
    NEVER = "no field there"


@dataclass(frozen=True, eq=False)
class Kind:
    """One value. `subject` in its methods is what the input is about (a case, a document): it decides what may be
    chosen and what stands in the field at first.

    `required` is for page and API, unless `page` or `api` says otherwise. `first` is a value, or a function of the
    subject. `when` leaves the field off the page of some subjects; `shown_if` ("outcome=unresolved") hides it until
    another field has a value. `columns` is the column of tables that bring this value, or one for each kind of table.
    """

    label: str
    _: KW_ONLY
    help_text: str = ""
    api_help: str = ""
    required: bool = True
    page: Ask | None = None
    api: Ask | None = None
    api_default: Any = empty
    nullable: bool = False
    first: Any = None
    when: Callable[[Any], bool] | None = None
    shown_if: str = ""
    width: str = ""
    columns: Column | Mapping[str, Column] | None = None
    listed: bool = False
    told_here: tuple[str, ...] = ()

    @property
    def on_page(self) -> Ask:
        """How the page asks for it."""
        return self.page or (Ask.REQUIRED if self.required else Ask.OPTIONAL)

    @property
    def in_api(self) -> Ask:
        """How the API asks for it."""
        return self.api or (Ask.REQUIRED if self.required else Ask.OPTIONAL)

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """The fields of the page by their names; most kinds have one."""
        if self.on_page is Ask.NEVER or (self.when is not None and not self.when(subject)):
            return {}
        return {name: self.form_field(subject)}

    def form_field(self, subject: Any = None) -> forms.Field:
        """The field of the page, with what the templates ask of it: its mark, its condition, its width."""
        field = self.make_form_field(
            subject, label=self.label, required=self.on_page is Ask.REQUIRED, help_text=self.help_text
        )
        marked = self.on_page in (Ask.REQUIRED, Ask.TOLD) and not isinstance(field, forms.ChoiceField)
        field.must, field.shown_if, field.width = marked, self.shown_if, self.width  # type: ignore[attr-defined]
        return field

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """The Django field itself; `options` are label, required and help."""
        raise NotImplementedError

    def first_values(self, name: str, subject: Any) -> dict[str, Any]:
        """What stands in the fields of the page at first."""
        value = self.first(subject) if callable(self.first) else self.first
        return {} if value is None else {name: value}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """The action's arguments from the cleaned fields of the page."""
        return {name: cleaned[name]} if name in cleaned else {}

    def serializer_fields(self, name: str) -> dict[str, ApiField]:
        """The fields of the API by their names; most kinds have one."""
        return {} if self.in_api is Ask.NEVER else {name: self.serializer_field()}

    def serializer_field(self) -> ApiField:
        """The field of the API."""
        options: dict[str, Any] = {"help_text": self.api_help or self.label}
        if self.nullable:
            options["allow_null"] = True
        if self.api_default is empty:
            options["required"] = self.in_api is Ask.REQUIRED
        else:
            options["default"] = self.api_default
        return self.make_serializer_field(**options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """The DRF field itself; `options` are required or default, and help."""
        raise NotImplementedError

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """The action's arguments from the validated fields of the API."""
        return {name: validated[name]} if name in validated else {}

    def output_fields(self, name: str) -> dict[str, ApiField]:
        """How the API shows a column of this name; a coded one with its label."""
        return {name: serializers.CharField(help_text=self.label)}

    def column(self, table: str) -> Column | None:
        """The column of a kind of table that brings this value; None for tables that do not."""
        return self.columns.get(table) if isinstance(self.columns, Mapping) else self.columns

    def read_cell(self, text: str) -> Any:
        """The value of a cell that is not empty. Raises BadInput, in words for who made the table."""
        return text
