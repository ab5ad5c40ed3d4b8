"""What the database itself checks when a transaction ends: the instalments of a sum add up to it."""

from django.db.models import Q

from zhongzhi.rows.triggers import Function

ADD_UP = Function(
    "mediation_instalments_add_up",
    """
  IF TG_TABLE_NAME = 'mediation_obligation' THEN wanted := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN wanted := OLD.obligation_id;
  ELSE wanted := NEW.obligation_id; END IF;
  SELECT amount INTO owed FROM mediation_obligation WHERE id = wanted;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT sum(amount) INTO parts FROM mediation_instalment WHERE obligation_id = wanted;
  IF parts IS DISTINCT FROM owed THEN
    RAISE EXCEPTION 'instalments of obligation % add up to %, not to %', wanted, parts, owed
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
""",
    declare="  owed numeric; wanted bigint; parts numeric;",
)

ADMINISTRATORS_APART = Function(
    "mediation_administrators_apart",
    """
  IF NEW.user_id IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM grids_posting p WHERE p.user_id = NEW.user_id AND p.separated_duty > 0
    AND daterange(p.starts_on, p.ends_on) && daterange(NEW.starts_on, NEW.ends_on)
  ) THEN
    RAISE EXCEPTION 'administrators_serve_nowhere: account %', NEW.user_id USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NULL;
""",
)
"""Whoever keeps the installation mediates nothing."""

MEDIATORS_APART = Function(
    "mediation_mediators_apart",
    """
  IF NEW.separated_duty = 0 THEN RETURN NULL; END IF;
  PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM mediation_mediator m WHERE m.user_id = NEW.user_id
    AND daterange(m.starts_on, m.ends_on) && daterange(NEW.starts_on, NEW.ends_on)
  ) THEN
    RAISE EXCEPTION 'administrators_serve_nowhere: account %', NEW.user_id USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NULL;
""",
)
"""Nor does a mediator keep the installation: the same rule, seen from the posts."""

LOOKED_AT = Q(confirm_next_on__isnull=False)
TO_CONFIRM = Q(status__in=["in_force", "breached"], about_status=False, confirmed=False)
"""Of which agreements the indexes keep the keys: those looked at for the court's time, and those that may go to it."""
