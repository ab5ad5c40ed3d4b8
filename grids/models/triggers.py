"""What the database itself refuses on the ground: one of the three administrators serves nowhere else.

A post beside such a post is refused by a constraint of postings. Rosters name accounts too, by the person who serves:
whoever keeps the installation must not see hazards or phones through a service in a grid.
"""

import pgtrigger

from zhongzhi.rows.triggers import Function, Trigger

APART = Function(
    "grids_administrators_apart",
    """
  IF TG_TABLE_NAME = 'grids_service' THEN SELECT user_id INTO who FROM grids_rosterperson WHERE id = NEW.person_id;
  ELSE who := NEW.user_id; END IF;
  IF who IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM accounts_user WHERE id = who FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM grids_posting p JOIN grids_rosterperson r ON r.user_id = p.user_id
    JOIN grids_service s ON s.person_id = r.id
    WHERE p.user_id = who AND p.separated_duty > 0
    AND daterange(p.starts_on, p.ends_on) && daterange(s.starts_on, s.ends_on)
  ) THEN
    RAISE EXCEPTION 'administrators_serve_nowhere: account %', who USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NULL;
""",
    declare="  who bigint;",
)


def administrators_apart(name: str) -> Trigger:
    """Refuse a row that would let one of the three administrators serve in a grid, a village or on a beat."""
    return Trigger(name=name, when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update, function=APART)
