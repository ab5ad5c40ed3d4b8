"""Finding cases by what a person types: code, the office's own number, words, names, whole numbers, initials."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Reverse, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from grids.models import Organisation, Territory
from grids.queries import organisations_called, places_called
from intake.models import Case, CasePlace, ExternalReference, Party, RestrictedParty
from intake.models.party import paper_hashes, phone_hashes, phone_tails
from intake.sight import in_full, outlined_to
from zhongzhi.accounts.models import User
from zhongzhi.core import idnumbers
from zhongzhi.core.ciphers import has_older_hash_keys
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.core.han import spellings
from zhongzhi.core.text import name_key, number_key, to_halfwidth
from zhongzhi.rows.arrays import among
from zhongzhi.rows.statements import Given
from zhongzhi.web.finding import holds

OTHER_PAPER = re.compile(r"[A-Za-z]{1,2}[0-9]{7,8}|[0-9]{15}")
FULL_WIDTH = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
MOST_HITS = 2000
"""Hits of one word that are looked up beside the cases; a word with more of them is looked for case by case."""
MOST_WORDS = 8
FEW_CONCERNING = 1000
LONGEST_NAME = 6
"""Characters of a personal name that are looked for within a longer word."""
INITIALS = re.compile(r"[A-Za-z]{2,8}")
SPACED_NUMBER = re.compile(r"\+?[A-Za-z]{0,2} ?[0-9](?:[0-9 -]{4,}[0-9Xx])")
SPACED_NAME = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]{1,2}|[\u3400-\u9fff](?:\s+[\u3400-\u9fff]){2}")
CODE = re.compile(r"ZJ\d{2,}[0-9A-Z]*", re.IGNORECASE)
TAIL = re.compile(r"(?=[A-Za-z-]*[0-9])[0-9A-Za-z-]{4,20}")
PHONE_TAIL = re.compile(r"[0-9]{4}")
HAN = re.compile(r"[\u3400-\u9fff]{2,}.*")


class Windows(Func):
    """The windows of two characters of a text: `intake_windows`."""

    function = "intake_windows"
    output_field = ArrayField(TextField())


class CaseText(Func):
    """What is searched of a case, in lower case: `intake_case_text`."""

    function = "intake_case_text"
    output_field = TextField()


def cases_named(rows: QuerySet[Case], text: str, user: User | None = None) -> QuerySet[Case]:
    """Those of `rows` that hold every word of `text`.

    A word is the start or the tail of a code, or the tail of a number that the case came with; the office's own number,
    whole; a whole identity number or phone or the last four digits of one (by keyed hash); part of title, narrative or
    a party's name; part of the name of the place or of who holds the case; or pinyin initials of one of these. Parties
    are found by who may see them; traditional characters find simplified ones and the other way round. A person whose
    data are restricted is found by none of these.
    """
    text_of = CaseText("title", "narrative")
    found = rows.alias(searched=text_of, searched_windows=Windows(text_of))
    words = Q()
    for word in _words(text)[:MOST_WORDS]:
        words &= _holds(word, user) & Q(~_names_restricted(word))
    if SPACED_NAME.fullmatch(text.strip()):
        name = name_key(text)
        words |= _holds(name, user) & Q(~_names_restricted(name))
    return found.filter(words)


def _words(text: str) -> list[str]:
    """The words; digits typed with blanks are one number."""
    plain = to_halfwidth(text).strip()
    return [number_key(plain)] if SPACED_NUMBER.fullmatch(plain) else text.split()


def restrictions_in_force(on: Given | None = None) -> QuerySet[RestrictedParty]:
    """The rows of parties that a restriction of today is for; `on` where the day is given later."""
    lasting = Q(restriction__until__isnull=True) | Q(restriction__until__gte=on or timezone.localdate())
    return RestrictedParty.objects.filter(lasting, restriction__lifted_at__isnull=True)


def is_restricted(on: Given | None = None) -> Exists | Q:
    """Match rows of parties whose person's data are only stored: the rows that were named, and those that carry the
    same number, or the same name and phone. While a new hash key takes the place of another, rows are read for it."""
    same = Q(party=OuterRef("pk")) | Q(party__paper_hash=OuterRef("paper_hash"))
    same |= Q(party__phone_hash=OuterRef("phone_hash"), party__name=OuterRef("name"))
    named = Exists(restrictions_in_force(on).filter(same))
    return named | _restricted_under_another_key() if has_older_hash_keys() else named


def _restricted_under_another_key() -> Q:
    """The same while a new hash key takes the place of another: rows of one person may differ in their hashes then."""
    found, rows = Q(pk__in=[]), restrictions_in_force().select_related("party")
    for party in {row.party_id: row.party for row in rows if row.party}.values():
        papers, phones = zip(*party.hashes_alike, strict=True) if party.hashes_alike else ((), ())
        found |= Q(paper_hash__in=[paper for paper in papers if paper])
        found |= Q(phone_hash__in=[phone for phone in phones if phone], name=party.name)
    return found


def quick_cases(rows: QuerySet[Case], text: str, user: User, *, limit: int = 8) -> list[Case]:
    """The latest few, for the box at the head of every page; nothing for less than two characters."""
    return list(cases_named(rows, text, user).order_by("-id")[:limit]) if len(text.strip()) >= 2 else []


def names_in_clear(user: User) -> Q:
    """The cases whose names this person sees unmasked, as `may_see_personal` says for one."""
    return in_full(user)


def _names_restricted(word: str) -> Exists:
    """Match cases in which this word is part of the name of somebody restricted: titles, too, hold names."""
    within = holds(word, "party__name", lookup="icontains")
    return Exists(restrictions_in_force().filter(within, party__case=OuterRef("pk")))


def _holds(word: str, user: User | None) -> Q:
    plain = to_halfwidth(word)
    own_number = Q(internal_number__in={word, plain}) | among("pk", numbered(plain))
    if CODE.fullmatch(plain):
        return Q(code__startswith=plain.upper()) | own_number
    number = _number_hashes(plain)
    of_party = _in_name(word) if number is None else number
    if INITIALS.fullmatch(plain) and user is not None:
        of_party |= Q(initials__startswith=plain.lower())
    if PHONE_TAIL.fullmatch(plain):
        of_party |= Q(phone_tail__in=phone_tails(plain))
    if TAIL.fullmatch(plain):
        own_number |= _with_tail(plain)
    text = _in_any_spelling(word, plain)
    if user is None:
        return own_number | text | _of_parties(of_party)
    clear, outlined = in_full(user), outlined_to(user)
    shown = clear | (~_hides(word) & ~outlined)
    return own_number | (text & shown) | (_where(word, plain) & ~outlined) | (clear & _of_parties(of_party))


def _with_tail(tail: str) -> Q:
    """Cases whose code, or number in the system they came from, ends so: by an index of the characters reversed."""
    codes: Any = Case.objects.alias(back=Reverse("code")).filter(back__startswith=tail[::-1].upper())
    numbers: Any = ExternalReference.objects.alias(back=Reverse("number")).filter(back__startswith=tail[::-1])
    return _among(codes, "pk") | _among(numbers, "case_id")


def _among(hits: QuerySet[Any], key: str) -> Q:
    """Cases among all hits of a word: none is left out, whoever asks and however many there are.

    Few are looked up first, by the index of what was typed. Of many, most are nobody's here: then the cases that the
    reader may see are looked through, each by its own key.
    """
    rows = hits.order_by()
    if len(rows.values(key)[: MOST_HITS + 1]) <= MOST_HITS:
        return among("pk", rows.values(key))
    return Q(Exists(rows.filter(**{key: OuterRef("pk")})))


def _where(word: str, plain: str) -> Q:
    """Cases at a place called so, or held by an organisation called so, now or once, by name or initials. Both are
    looked up first: the planner must not take a word that names neither for one that half of the cases hold."""
    if not (INITIALS.fullmatch(plain) or HAN.fullmatch(word)):
        return Q(pk__in=[])
    places = list(Territory.objects.filter(places_called(word)).order_by().values_list("pk", flat=True))
    called = organisations_called(Organisation.objects.all(), word)
    holders = list(called.order_by().values_list("pk", flat=True))
    return Q(territory__in=places) | Q(holder__in=holders) | (concerning(places) if places else Q(pk__in=[]))


def concerning(places: Sequence[int] | QuerySet[Territory]) -> Q:
    """Cases that concern one of these places beside the one they are led at.

    Few are named one by one, and none cost nothing: a list goes on being read along the index of its places.
    """
    rows = CasePlace.objects.filter(territory__in=places, noted_at__isnull=False).order_by()
    found = list(rows.values_list("case_id", flat=True)[: FEW_CONCERNING + 1])
    if not found:
        return Q(pk__in=[])
    return Q(pk__in=found) if len(found) <= FEW_CONCERNING else Q(pk__in=rows.values("case_id"))


def _hides(word: str) -> Q:
    """Whether the word is part of the name of a party of the case, or holds one: a masked reader learns nothing by
    asking for it. One character confirms nothing."""
    if len(word) < 2:
        return Q(pk__in=[])
    within = {
        one[at : at + n]
        for one in spellings(word)
        for n in range(2, LONGEST_NAME + 1)
        for at in range(len(one) - n + 1)
    }
    parties: QuerySet[Party] = Party.everyone.alias(name_windows=Windows("name")).filter(
        _in_name(word) | Q(name__in=within)
    )
    return among("pk", parties.values("case_id"))


def _in_text(word: str) -> Q:
    """By the index where there are two characters, checked again by looking for the word itself.

    The check stands first, because it is the cheaper one for a row that is read anyway; and it is `strpos`, because
    the planner takes LIKE for so selective that it would read all of a common word's rows instead of the newest.
    """
    held = Q(GreaterThan(StrIndex(F("searched"), Value(word.lower())), 0))
    return held & Q(searched_windows__contains=Windows(Value(word))) if len(word) > 1 else held


def _in_any_spelling(word: str, plain: str) -> Q:
    """As typed, with the other form of its characters, and with letters and digits in the other width: number plates
    and codes are typed in either."""
    twin = plain if plain != word else word.translate(FULL_WIDTH)
    return reduce(or_, (_in_text(one) for one in dict.fromkeys((*spellings(word), twin))))


def numbered(number: str) -> Any:
    """The cases with this number in a system they came from."""
    try:
        key = number_key(number)
    except BadInput:
        key = number
    return ExternalReference.objects.filter(number=key).values("case_id")


def _in_name(word: str) -> Q:
    """Part of a name by the index; one character is the start of a name."""
    word = name_key(word)
    if len(word) < 2:
        return Q(name__startswith=word)
    each = (Q(name_windows__contains=Windows(Value(one)), name__icontains=one) for one in spellings(word))
    return reduce(or_, each)


def _of_parties(which: Q) -> Q:
    parties: QuerySet[Party] = Party.everyone.alias(name_windows=Windows("name")).filter(~is_restricted())
    return _among(parties.filter(which), "case_id")


def _number_hashes(word: str) -> Q | None:
    """A whole identity number, credit code or phone; None for what is none of them."""
    if not (7 <= len(word) <= 20 and re.fullmatch(r"[0-9A-Za-z+\-]+", word) and any(c.isdigit() for c in word)):
        return None
    for read, column, keyed in (
        (_resident, "paper_hash", paper_hashes),
        (idnumbers.credit_code, "paper_hash", paper_hashes),
        (idnumbers.phone, "phone_hash", phone_hashes),
    ):
        try:
            return Q(**{f"{column}__in": keyed(read(word))})
        except RuleViolation:
            continue
    return Q(paper_hash__in=paper_hashes(word.upper())) if OTHER_PAPER.fullmatch(word) else None


def _resident(word: str) -> str:
    return idnumbers.resident_id(word, today=timezone.localdate()).number
