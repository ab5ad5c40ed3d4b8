"""A web process loads the whole program before it answers: addresses with their views, and all templates.

What is loaded by the first who asks would make that person wait; and what stands by then is passed over when Python
looks for garbage, which else stops a page in its midst for 0.2 to 0.4 seconds, again and again.
"""

from django.conf import settings
from django.template import engines
from django.urls import get_resolver

from zhongzhi.core.garbage import pass_over_what_stands
from zhongzhi.web.templatetags.zz import COMPILED

TEMPLATES = settings.BASE_DIR / "templates"


def load_the_program() -> None:
    """To be called once, when the process starts."""
    get_resolver().reverse_dict  # noqa: B018  reads all addresses, which imports all views
    for engine, folder in ((engines["django"], TEMPLATES), (engines[COMPILED], TEMPLATES / COMPILED)):
        for path in folder.rglob("*.html"):
            name = path.relative_to(folder)
            if name.parts[0] != COMPILED:
                engine.get_template(str(name))
    pass_over_what_stands()
