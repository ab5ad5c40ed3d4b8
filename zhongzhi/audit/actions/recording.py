"""Writing the trail: one entry per act."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from zhongzhi.audit.chain import Json, chain_of, entry_mac, json_facts
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verbs import AuditVerb

# One statement finds or makes the heads, locks them and counts them on; `mac` is still that of the entry before.
NEXT_LINKS = """
    INSERT INTO audit_chainhead AS head (chain, seq, mac, unsealed)
    SELECT chain, entries, '', true FROM unnest(%s::text[], %s::bigint[]) AS wanted (chain, entries) ORDER BY chain
    ON CONFLICT (chain) DO UPDATE SET seq = head.seq + excluded.seq, unsealed = true
    RETURNING chain, seq, mac
"""
# One statement for many entries, and with it the code of the last one of each chain.
ENTRIES = """
    WITH entry AS (
        INSERT INTO audit_trailentry (chain, seq, actor_id, verb, facts, at, prev, mac, xact)
        SELECT chain, seq, actor_id, verb, facts::jsonb, %s, prev, mac, pg_current_xact_id()::text::bigint
        FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])
        AS one (chain, seq, actor_id, verb, facts, prev, mac)
    )
    UPDATE audit_chainhead AS head SET mac = written.mac
    FROM unnest(%s::text[], %s::bytea[]) AS written (chain, mac) WHERE head.chain = written.chain
"""

# The first entry of a chain that nobody else can know yet, and its head: nothing has to be read before.
FIRST_ENTRY = """
    WITH head AS (INSERT INTO audit_chainhead (chain, seq, mac, unsealed) VALUES (%s, 1, %s, true))
    INSERT INTO audit_trailentry (chain, seq, actor_id, verb, facts, at, prev, mac, xact)
    VALUES (%s, 1, %s, %s, %s::jsonb, %s, '', %s, pg_current_xact_id()::text::bigint)
"""

# The same of many such chains, in the order given, as one value: a list of thousands takes the database long to read.
FIRST_ENTRIES = """
    WITH entry AS MATERIALIZED (
        SELECT chain, actor_id, verb, facts, decode(code, 'hex') AS mac, place
        FROM ROWS FROM (
            jsonb_to_recordset(%s::jsonb) AS (chain text, actor_id bigint, verb text, facts jsonb, code text)
        ) WITH ORDINALITY AS one (chain, actor_id, verb, facts, code, place)
    ), head AS (
        INSERT INTO audit_chainhead (chain, seq, mac, unsealed) SELECT chain, 1, mac, true FROM entry ORDER BY place
    )
    INSERT INTO audit_trailentry (chain, seq, actor_id, verb, facts, at, prev, mac, xact)
    SELECT chain, 1, actor_id, verb, facts, %s, '', mac, pg_current_xact_id()::text::bigint
    FROM entry ORDER BY place
"""


@dataclass(frozen=True)
class AuditEvent:
    """What `actor` (None: the clock) did to `subject`."""

    actor: AbstractBaseUser | None
    verb: AuditVerb
    subject: Model | str
    facts: Mapping[str, object]


class Line(NamedTuple):
    """One entry as it is written: a row of the trail without its key and moment."""

    chain: str
    seq: int
    actor_id: int | None
    verb: str
    facts: dict[str, Json]
    prev: bytes
    mac: bytes


def record(actor: AbstractBaseUser | None, verb: AuditVerb, subject: Model | str, **facts: object) -> TrailEntry:
    """Write what `actor` (None: the clock) did to `subject`, in the transaction of the act itself.

    `verb` is of the list of the app that writes. `facts` are keys, codes and figures, never personal data: nobody can
    take an entry back. Entries of one subject are numbered without gaps, and who writes the next one waits for the
    end of this transaction; other subjects are not held up. Raises `transaction.TransactionManagementError` outside of
    a transaction, ValueError for facts that are no JSON.
    """
    at, (line,) = _recorded([AuditEvent(actor, verb, subject, facts)])
    return TrailEntry(at=at, **line._asdict())


def record_first(actor: AbstractBaseUser | None, verb: AuditVerb, subject: Model | str, **facts: object) -> None:
    """The same as `record` in one statement, for a subject that came to be in this transaction and has no entry yet.

    Raises IntegrityError where it has one, and what `record` raises.
    """
    _require_transaction()
    event = AuditEvent(actor, verb, subject, facts)
    chain, actor_id, kept, at = chain_of(subject), _actor_id(event), json_facts(facts), timezone.now()
    mac = entry_mac(b"", chain=chain, seq=1, actor_id=actor_id, verb=verb, facts=kept, at=at)
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ENTRY, [chain, mac, chain, actor_id, str(verb), json.dumps(kept), at, mac])


def record_first_all(happenings: Sequence[AuditEvent]) -> None:
    """The same as `record_first` for several subjects, each of its own, in one statement and in the order given."""
    _require_transaction()
    at, rows = timezone.now(), []
    for happening in happenings:
        chain, actor_id, facts = chain_of(happening.subject), _actor_id(happening), json_facts(happening.facts)
        mac = entry_mac(b"", chain=chain, seq=1, actor_id=actor_id, verb=happening.verb, facts=facts, at=at)
        told = {"chain": chain, "actor_id": actor_id, "verb": str(happening.verb), "facts": facts, "code": mac.hex()}
        rows.append(told)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(FIRST_ENTRIES, [json.dumps(rows), at])


def record_all(happenings: Sequence[AuditEvent]) -> None:
    """Write several entries at the cost of one, in the order given; the same rules as for `record`."""
    _recorded(happenings)


def _recorded(happenings: Sequence[AuditEvent]) -> tuple[datetime, list[Line]]:
    """Write entries; their moment, and what was written."""
    _require_transaction()
    if not happenings:
        return timezone.now(), []
    at, chains = timezone.now(), [chain_of(happening.subject) for happening in happenings]
    kept = [(_actor_id(happening), json_facts(happening.facts)) for happening in happenings]
    heads, entries = _next_links(chains), []
    for happening, chain, (actor_id, facts) in zip(happenings, chains, kept, strict=True):
        seq, prev = heads[chain]
        mac = entry_mac(prev, chain=chain, seq=seq, actor_id=actor_id, verb=happening.verb, facts=facts, at=at)
        entries.append(Line(chain, seq, actor_id, str(happening.verb), facts, prev, mac))
        heads[chain] = (seq + 1, mac)
    _write(at, entries, {chain: mac for chain, (_, mac) in heads.items()})
    return at, entries


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act and its trail are written in one transaction")


def _actor_id(happening: AuditEvent) -> int | None:
    if happening.actor is None:
        return None
    if happening.actor.pk is None:
        raise ValueError("a visitor leaves no trail: only signed-in people and the clock act")
    return int(happening.actor.pk)


def _next_links(chains: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """Of each chain the number of its next entry and the code of the entry before.

    The heads stay locked until the transaction ends; they are taken in one order by everybody.
    """
    wanted = Counter(chains)
    with connection.cursor() as cursor:
        cursor.execute(NEXT_LINKS, [list(wanted), list(wanted.values())])
        return {chain: (seq - wanted[chain] + 1, bytes(mac)) for chain, seq, mac in cursor.fetchall()}


def _write(at: datetime, entries: Sequence[Line], ends: Mapping[str, bytes]) -> None:
    """Write new entries and the codes of the ends of their chains."""
    rows = [(e.chain, e.seq, e.actor_id, e.verb, json.dumps(e.facts), e.prev, e.mac) for e in entries]
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [at, *map(list, zip(*rows, strict=True)), list(ends), list(ends.values())])
