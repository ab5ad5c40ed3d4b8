"""A year of history for the copied cases, by statements that each write a whole table: steps, handlings, clocks,
follow-ups, mediations with agreements, hazards.

Shares follow what county centres publish: two in five settled on the day, one in seventy open, one in 250 not settled,
three in a hundred late, more than half settled in the village. All of it is a function of the key: the same every time.
"""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from devkit.benchmarks.bulk_rows import in_bulk
from devkit.benchmarks.ground import KNOWN, ground, pattern
from devkit.benchmarks.lines import Line
from grids.models import Organisation, OrganisationKind, Territory
from intake import queries
from intake.counting import actions as counting_actions
from intake.deadlines.models import ClockRule
from intake.models import Case
from mediation.models import Body, BodyKind
from tests.people import STARTS

COUNTY = "150526"
TABLES = (
    "intake_case", "intake_statuschange", "intake_handling", "intake_clock", "intake_followup",
    "mediation_mediation", "mediation_agreement", "grids_hazard",
)  # fmt: skip
TOWNS, VILLAGES = 20, 11
CHANNELS = (*("01",) * 8, *("02",) * 6, *("03",) * 3, *("04",) * 3, "05", "05", "06", "06", "07", "08", "10")
WAYS = (
    *("peoples_mediation",) * 12, *("settlement",) * 3, *("administrative_mediation",) * 3, "judicial_mediation",
    "lawyer_mediation",
)  # fmt: skip
RISKS = ("blue",) * 40 + ("yellow",) * 14 + ("orange",) * 3


def give_history() -> Iterator[Line]:
    """Spread the cases over 20 towns of 11 villages and a year, with all rows around them.

    Then count them. Once in a run.
    """
    if KNOWN.get("history"):
        return
    KNOWN["history"] = True
    begun = time.perf_counter()
    values = _values()
    with connection.cursor() as cursor, in_bulk(cursor, TABLES, triggers=TABLES):
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield _rows_written(time.perf_counter() - begun)
    begun = time.perf_counter()
    counting_actions.rebuild_tallies()
    yield Line(
        f"all {Case.objects.count():,} cases counted anew", (time.perf_counter() - begun) * 1000, None, "ms", "–"
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE intake_tally")


def _rows_written(seconds: float) -> Line:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in TABLES[1:]))
        rows = sum(number for (number,) in cursor.fetchall())
    assert rows > 5 * Case.objects.count(), "there is no history"
    return Line(f"a year of history written, {rows:,} rows around them", seconds, None, "s", "–")


def places() -> list[int]:
    """The keys of many villages, made where they are not there."""
    county = ground().places[COUNTY]
    if not Territory.objects.filter(code="150526700").exists():
        towns = [_place(f"{COUNTY}{700 + n}", f"第{n}镇", county) for n in range(TOWNS)]
        Territory.objects.bulk_create(towns)
        Territory.objects.bulk_create(
            [_place(f"{town.code}{200 + n}", f"{town.name}{n}村", town) for town in towns for n in range(VILLAGES)]
        )
    rows = Territory.objects.filter(code__startswith=f"{COUNTY}7", level=12)
    return list(rows.order_by("code").values_list("pk", flat=True))


def _place(code: str, name: str, parent: Territory) -> Territory:
    return Territory(code=code, name=name, full_name=name, parent=parent, starts_on=STARTS)


def _values() -> dict[str, Any]:
    """What the statements take from the ground."""
    here = ground()
    offices = [here.justice_bureau, here.labour_bureau, here.juri_police, here.juri_justice, here.branded_room]
    committee = Organisation.objects.create(
        name="人民调解委员会", short_name="调委会", kind=OrganisationKind.MEDIATION_COMMITTEE,
        territory=here.places[COUNTY], starts_on=STARTS,
    )  # fmt: skip
    body = Body.objects.create(
        organisation=committee, kind=BodyKind.TOWN, seal="人民调解委员会", doc_mark="调", starts_on=STARTS
    )
    rules = {rule.kind: rule.pk for rule in ClockRule.objects.filter(channel="", complexity="", tier="")}
    any_rule = {rule.kind: rule.pk for rule in ClockRule.objects.all()} | rules
    return {
        "places": places(),
        "leaves": [leaf.code for leaf in queries.active_leaves()],
        "offices": [office.pk for office in offices],
        "centres": [here.village_centre.pk, here.juri_centre.pk, here.county_centre.pk],
        "channels": list(CHANNELS),
        "ways": list(WAYS),
        "risks": list(RISKS),
        "pattern": pattern().pk,
        "clerks": [here.village_manager.pk, here.town_clerk.pk, here.clerk.pk],
        "clerk": here.clerk.pk,
        "dispatcher": here.dispatcher.pk,
        "handler": here.handler.pk,
        "body": body.pk,
    } | {f"rule_{kind}": any_rule[kind] for kind in ("tier", "sign", "handle", "review", "follow_up")}


def _draw(seed: int) -> str:
    """A number in [0, 1) of the key, different for every seed."""
    return f"((hashint8extended(c.id, {seed}) & 65535) / 65536.0)"


def _one_of(name: str, seed: int, type_: str = "text") -> str:
    chosen = f"1 + floor({_draw(seed)} * cardinality(%({name})s::{type_}[]))::int"
    return f"(%({name})s::{type_}[])[{chosen}]"


PLAN = f"""
CREATE UNLOGGED TABLE bench_plan AS
SELECT p.*, CASE WHEN done < now() THEN done END AS concluded,
       CASE WHEN done + lag < now() THEN done + lag END AS closed,
       CASE WHEN is_quick THEN (%(centres)s::bigint[])[level] ELSE office END AS handler,
       (%(centres)s::bigint[])[level] AS centre
FROM (
    SELECT q.*, accepted + CASE WHEN is_quick THEN make_interval(mins => 25 + (175 * u3)::int)
                                ELSE make_interval(hours => 4 + (-ln(1 - u3) * 9 * 24)::int) END AS done,
           CASE WHEN is_quick THEN interval '4 minutes' ELSE make_interval(hours => 2 + (28 * u4)::int) END AS lag
    FROM (
        SELECT c.id, c.code, {_one_of("places", 1, "bigint")} AS place, {_one_of("leaves", 2)} AS leaf,
               {_one_of("channels", 3)} AS channel, {_one_of("risks", 4)} AS risk, {_one_of("ways", 5)} AS way,
               {_one_of("offices", 6, "bigint")} AS office, {_draw(7)} < 0.42 AS is_quick,
               {_draw(8)} AS u3, {_draw(9)} AS u4, {_draw(10)} < 0.004 AS is_unresolved, {_draw(11)} > 0.03 AS in_time,
               {_draw(12)} AS heard, {_draw(13)} AS mood, {_draw(14)} < 0.02 AS is_repeat, {_draw(15)} AS stage,
               CASE WHEN {_draw(16)} < 0.55 THEN 1 WHEN {_draw(16)} < 0.88 THEN 2 ELSE 3 END AS level,
               {_draw(16)} BETWEEN 0.84 AND 0.88 AS has_climbed, {_draw(17)} AS mediated,
               least(now() - make_interval(mins => 5 + (60 * {_draw(18)})::int),
                     date_trunc('day', now()) - make_interval(days => ({_draw(19)} * 365)::int)
                     + make_interval(mins => 510 + (450 * {_draw(18)})::int)) AS accepted
        FROM intake_case c WHERE c.id <> %(pattern)s AND c.registered_at IS NOT NULL
    ) q
) p
"""
CASES = """
UPDATE intake_case c SET
    territory_id = p.place, category_id = p.leaf, channel = p.channel, risk = p.risk, is_repeat = p.is_repeat,
    tier = (ARRAY['village', 'town', 'county'])[p.level], centre_id = p.centre,
    accepted_tier = CASE WHEN p.has_climbed THEN 'village' ELSE (ARRAY['village', 'town', 'county'])[p.level] END,
    created_by_id = (%(clerks)s::bigint[])[p.level], registered_at = p.accepted - interval '5 minutes',
    accepted_at = p.accepted, created_at = p.accepted,
    status = CASE WHEN p.closed < now() - interval '60 days' THEN 'archived' WHEN p.closed IS NOT NULL THEN 'closed'
                  WHEN p.concluded IS NOT NULL THEN 'concluded' WHEN p.stage < 0.1 THEN 'accepted'
                  WHEN p.stage < 0.95 THEN 'handling' ELSE 'suspended' END,
    status_before = CASE WHEN p.concluded IS NULL AND p.stage >= 0.95 THEN 'handling' ELSE '' END,
    holder_id = CASE WHEN p.concluded IS NULL AND p.stage >= 0.1 THEN p.handler ELSE p.centre END,
    outcome = CASE WHEN p.concluded IS NULL THEN '' WHEN p.is_unresolved THEN 'unresolved' ELSE p.way END,
    road = CASE WHEN p.concluded IS NOT NULL AND p.is_unresolved THEN 'litigation' ELSE '' END,
    solved_tier = CASE WHEN p.concluded IS NULL THEN '' ELSE (ARRAY['village', 'town', 'county'])[p.level] END,
    concluded_at = p.concluded, closed_at = p.closed,
    concluded_by_id = CASE WHEN p.concluded IS NOT NULL THEN p.handler END,
    in_time = CASE WHEN p.concluded IS NOT NULL THEN p.in_time OR p.is_quick END,
    satisfaction = CASE WHEN p.heard < 0.85 AND p.closed < now() - interval '5 days'
        THEN (ARRAY[5, 5, 5, 4, 4, 5, 4, 5, 4, 3])[1 + (p.mood * 10)::int %% 10] END,
    rated_at = CASE WHEN p.heard < 0.85 AND p.closed < now() - interval '5 days' THEN p.closed + interval '3 days' END,
    version = 6
FROM bench_plan p WHERE p.id = c.id
"""
STEPS = """
INSERT INTO intake_statuschange (case_id, event, from_status, to_status, actor_id, organisation_id, reason, at)
SELECT p.id, s.event, s.before, s.after, s.actor, s.organisation, '', s.at FROM bench_plan p, LATERAL (VALUES
    ('register', 'draft', 'registered', %(clerk)s, p.centre, p.accepted - interval '5 minutes', true),
    ('accept', 'registered', 'accepted', %(dispatcher)s, p.centre, p.accepted, true),
    ('take_up', 'accepted', 'handling', %(dispatcher)s, p.centre, p.accepted + interval '1 minute', p.is_quick),
    ('dispatch', 'accepted', 'dispatched', %(dispatcher)s, p.centre, p.accepted + interval '6 minutes',
     NOT p.is_quick AND (p.concluded IS NOT NULL OR p.stage >= 0.1)),
    ('sign', 'dispatched', 'handling', %(handler)s, p.office, p.accepted + interval '70 minutes',
     NOT p.is_quick AND (p.concluded IS NOT NULL OR p.stage >= 0.1)),
    ('conclude', 'handling', 'concluded', %(handler)s, p.handler, p.concluded, p.concluded IS NOT NULL),
    ('close', 'concluded', 'closed', %(dispatcher)s, p.centre, p.closed, p.closed IS NOT NULL),
    ('archive', 'closed', 'archived', %(clerk)s, p.centre, p.closed + interval '40 days',
     p.closed < now() - interval '60 days')
) AS s (event, before, after, actor, organisation, at, happened) WHERE s.happened ORDER BY p.id, s.at
"""
HANDLINGS = """
INSERT INTO intake_handling (case_id, kind, part, organisation_id, instruction, opened_at, opened_by_id, signed_at,
                             signed_by_id, closed_at, close_reason, report)
SELECT p.id, CASE WHEN p.is_quick THEN 'self' WHEN p.mediated < 0.5 THEN 'mediation' ELSE 'dispatch' END, 'lead',
       p.handler, '请联系双方当事人，按期反馈办理结果。', p.accepted + interval '6 minutes', %(dispatcher)s,
       p.accepted + interval '70 minutes', %(handler)s, p.concluded,
       CASE WHEN p.concluded IS NULL THEN '' ELSE 'concluded' END,
       CASE WHEN p.concluded IS NULL THEN '' ELSE '已当面化解，双方签字认可。' END
FROM bench_plan p WHERE p.concluded IS NOT NULL OR p.stage >= 0.1 ORDER BY p.id
"""
FIRST_CLOCKS = """
UPDATE intake_clock k SET started_at = p.accepted - interval '5 minutes', due_at = p.accepted + interval '1 day',
    next_at = NULL, stopped_at = p.accepted
FROM bench_plan p WHERE k.case_id = p.id
"""
CLOCKS = """
INSERT INTO intake_clock (case_id, handling_id, organisation_id, kind, rule_id, amount, unit, started_at, due_at,
                          next_at, extended, stopped_at, breached_at, lapse_noted)
SELECT p.id, CASE WHEN k.of_handling THEN h.id END, k.organisation, k.kind, k.rule, k.days, 'natural_days', k.started,
       k.started + make_interval(days => k.days),
       CASE WHEN k.stopped IS NULL AND NOT k.late THEN greatest(now(), k.started) + make_interval(days => k.days) END,
       0, k.stopped, CASE WHEN k.late THEN k.started + make_interval(days => k.days) END, k.late
FROM bench_plan p LEFT JOIN intake_handling h ON h.case_id = p.id, LATERAL (VALUES
    ('tier', %(rule_tier)s, p.centre, false, 7, p.accepted, p.concluded, false, true),
    ('sign', %(rule_sign)s, p.office, true, 1, p.accepted + interval '6 minutes', p.accepted + interval '70 minutes',
     false, NOT p.is_quick AND h.id IS NOT NULL),
    ('handle', %(rule_handle)s, p.handler, true, 7, p.accepted + interval '6 minutes', p.concluded,
     NOT p.in_time AND NOT p.is_quick AND p.accepted < now() - interval '8 days', h.id IS NOT NULL),
    ('review', %(rule_review)s, p.centre, false, 2, p.concluded, p.closed, false, p.concluded IS NOT NULL),
    ('follow_up', %(rule_follow_up)s, p.centre, false, 7, p.closed,
     CASE WHEN p.closed < now() - interval '7 days' THEN p.closed + interval '3 days' END, false,
     p.closed IS NOT NULL)
) AS k (kind, rule, organisation, of_handling, days, started, stopped, late, runs) WHERE k.runs ORDER BY p.id
"""
FOLLOW_UPS = """
INSERT INTO intake_followup (case_id, way, reached, performance, satisfaction, escalating, note, made_by_id, made_at)
SELECT c.id, 'phone', true, 'done', c.satisfaction, false, '', %(clerk)s, c.rated_at
FROM intake_case c JOIN bench_plan p USING (id) WHERE c.rated_at IS NOT NULL ORDER BY c.id
"""
MEDIATIONS = """
INSERT INTO mediation_mediation (uid, case_id, handling_id, body_id, mode, origin, status, clock, opened_by_id,
                                 opened_at, started_at, ended_at, end_reason, end_note, told_roads, road)
SELECT gen_random_uuid(), p.id, h.id, %(body)s, 'peoples', 'application',
       CASE WHEN p.concluded IS NULL THEN 'running' WHEN p.mediated < 0.46 THEN 'agreed' ELSE 'failed' END, 'mediation',
       %(dispatcher)s, h.opened_at, h.signed_at, p.concluded,
       CASE WHEN p.concluded IS NULL OR p.mediated < 0.46 THEN '' ELSE 'apart' END, '', '[]'::jsonb, ''
FROM bench_plan p JOIN intake_handling h ON h.case_id = p.id WHERE h.kind = 'mediation' ORDER BY p.id
"""
AGREEMENTS = """
INSERT INTO mediation_agreement (uid, mediation_id, form, status, number, facts, terms, manner, about_status,
                                 reached_on, in_force_on, confirmed, road, road_note, version, created_by_id,
                                 created_at)
SELECT gen_random_uuid(), m.id, 'written', CASE WHEN m.id %% 20 = 0 THEN 'in_force' ELSE 'performed' END,
       'B' || m.id, '双方因地界发生争议。', '按台账归还，不再争执。', '', false, m.ended_at::date, m.ended_at::date,
       m.id %% 8 = 0, '', '', 1, %(dispatcher)s, m.ended_at
FROM mediation_mediation m WHERE m.status = 'agreed' ORDER BY m.id
"""
HAZARDS = """
INSERT INTO grids_hazard (uid, territory_id, kind, level, source, status, narrative, place_detail, reporter_name,
                          other_side, is_urgent, is_demo, found_at, reported_at, reported_by_id, result, case_code,
                          ended_at)
SELECT gen_random_uuid(), p.place, CASE WHEN p.mood < 0.7 THEN 'dispute' ELSE 'safety' END, 'blue', 'patrol',
       CASE WHEN p.stage < 0.6 THEN 'solved' WHEN p.stage <= 0.9 THEN 'handed_on' ELSE 'open' END,
       '两家因地界发生口角。', '', '', '', false, false, p.accepted, p.accepted, %(clerk)s, '已当场化解',
       CASE WHEN p.stage BETWEEN 0.6 AND 0.9 THEN p.code ELSE '' END, p.accepted
FROM bench_plan p WHERE p.heard < 0.6 ORDER BY p.id
"""
STATEMENTS = (
    "DROP TABLE IF EXISTS bench_plan", PLAN, "ALTER TABLE bench_plan ADD PRIMARY KEY (id)", "ANALYZE bench_plan",
    CASES, STEPS, HANDLINGS, "ANALYZE intake_handling", FIRST_CLOCKS, CLOCKS, FOLLOW_UPS, MEDIATIONS, AGREEMENTS,
    HAZARDS, "DROP TABLE bench_plan",
)  # fmt: skip
