"""Organisations and places by what people call them: variants of a name are one, and old names are found.

A name is compared without blanks and with one kind of brackets. What was renamed is found by its former names, what was
merged or taken over by the names of its predecessors.
"""

from collections.abc import Iterable

from django.db.models import CharField, Expression, F, Func, Q, QuerySet, Value

from grids.models import FormerName, Organisation, Territory
from zhongzhi.core.text import to_halfwidth
from zhongzhi.web.finding import holds, keys_by_initials

BRACKETS = "（）〔〕【】［］[]", "()()()()()"
BLANKS = " \t\u00a0\u3000"
TAIL = 4
"""Characters of the end of a code that find it."""
_PLAIN = str.maketrans({**dict(zip(*BRACKETS, strict=True)), **dict.fromkeys(BLANKS)})


def plain_name(text: str) -> str:
    """A name as names are compared."""
    return text.translate(_PLAIN)


def plain(column: str) -> Expression:
    """The same of a column."""
    wide, narrow = BRACKETS
    return Func(F(column), Value(wide + BLANKS), Value(narrow), function="TRANSLATE", output_field=CharField())


def organisations_called(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those of `rows` whose name, short name, former name, or that of one they took over, holds the text in either form
    of its characters; or whose names have these pinyin initials."""
    called = holds(plain_name(text), "key", "short")
    former = FormerName.objects.alias(key=plain("name"), short=plain("short_name"))
    before = former.filter(called).values("organisation")
    letters = keys_by_initials(Organisation.objects.all(), text, "name", "short_name")
    all_of_them = Organisation.objects.alias(key=plain("name"), short=plain("short_name"))
    same = all_of_them.filter(called | Q(pk__in=before) | Q(pk__in=letters))
    return rows.filter(Q(pk__in=same.values("pk")) | Q(pk__in=same.values("successor")))


def organisation_called(rows: QuerySet[Organisation], text: str) -> Organisation | None:
    """The one of `rows` that is called so: by name, by a short name that only one has, by an old name; None else."""
    key = plain_name(text)
    if not key:
        return None
    keyed = rows.alias(key=plain("name"), short=plain("short_name"))
    former = FormerName.objects.alias(key=plain("name")).filter(key=key).values("organisation")
    ended = Organisation.objects.alias(key=plain("name")).filter(Q(key=key) | Q(pk__in=former)).values("successor")
    for wanted in (Q(key=key), Q(short=key), Q(pk__in=former), Q(pk__in=ended)):
        if len(found := keyed.filter(wanted)[:2]) == 1:
            return found[0]
    return None


def is_name_in_use(name: str, *, but: Organisation | None = None) -> bool:
    """Whether another organisation has this name, or one that differs in blanks and brackets only."""
    same = Organisation.objects.alias(key=plain("name")).filter(key=plain_name(name))
    return any(row != but for row in same)


def old_names(rows: Iterable[Organisation], text: str) -> dict[int, str]:
    """By organisation the old name that holds the text, of those that do not hold it now."""
    key = plain_name(text)
    now = {row.pk: row for row in rows if key and key not in plain_name(f"{row.name}\n{row.short_name}")}
    former = FormerName.objects.filter(organisation__in=now).values_list("organisation", "name", "short_name")
    ended = Organisation.objects.filter(successor__in=now).values_list("successor", "name", "short_name")
    names = [row for row in (*former, *ended) if key in plain_name(f"{row[1]}\n{row[2]}")] if now else []
    return {pk: name for pk, name, _ in names if pk is not None}


def places_called(word: str) -> Q:
    """Places whose full name, former name, or that of one merged into them, holds the word in either form of its
    characters or has these pinyin initials, or whose code begins so, or ends so with four digits and more."""
    code, letters = to_halfwidth(word), keys_by_initials(Territory.objects.all(), word, "name", "full_name")
    named = holds(word, "full_name") | Q(pk__in=letters) | Q(code__startswith=code)
    if len(code) >= TAIL:
        named |= Q(code__endswith=code)
    before = FormerName.objects.filter(holds(word, "name")).values("territory")
    merged = Territory.objects.filter(named | Q(pk__in=before), successor__isnull=False).values("successor")
    return named | Q(pk__in=before) | Q(pk__in=merged)


def old_names_of_places(rows: Iterable[Territory], text: str) -> dict[int, str]:
    """By place the old name, or the name of a place merged into it, that holds a word which it does not hold now."""
    words = text.split()
    now = {r.pk: r for r in rows if not all(w in r.full_name or r.code.startswith(w) for w in words)}
    if not now:
        return {}
    former = FormerName.objects.filter(territory__in=now).values_list("territory", "name")
    merged = Territory.objects.filter(successor__in=now).order_by("-code").values_list("successor", "full_name", "code")
    names = [*((pk, name, "") for pk, name in former), *merged]
    return {pk: n for pk, n, code in names if pk and any(w in n or (code and code.startswith(w)) for w in words)}
