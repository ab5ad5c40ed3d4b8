"""Templates of what stands a hundred times on a page: lines of lists, inputs of forms.

They are Jinja's, which compiles them to Python; pages and their parts stay Django's (`templates/compiled`).
"""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.template import TemplateDoesNotExist, engines
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from zhongzhi.web.templatetags import zz
from zhongzhi.web.templatetags.zz import COMPILED

FILTERS = (zz.short_day, zz.short_time, zz.due_words, zz.due_class, zz.is_long)


def environment(**options: Any) -> Environment:
    """What these templates know: addresses, icons, and the filters of all templates. Nothing is written as nothing."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("django.forms", "jinja2")])
    made = Environment(**options, finalize=lambda value: "" if value is None else value)  # noqa: S701  escapes: Django says so
    made.globals |= {"url": _address, "icon": zz.icon, "static": static}
    made.filters |= {filter_.__name__: filter_ for filter_ in FILTERS} | {"initials": zz.pinyin_initials}
    return made


class FieldRenderer(TemplatesSetting):
    """Renders the inputs of forms: by these templates, else by Django's."""

    def get_template(self, template_name: str) -> Any:
        """The compiled template; the other where there is none."""
        try:
            return engines[COMPILED].get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)


def _address(name: str, *args: Any) -> str:
    return reverse(name, args=args)
