"""The Celery application and the only list of periodic work.

Nothing is ever sent with an ETA or a countdown: timed work is a periodic sweep over rows that are due,
so a broker that was away, or a worker that was killed, makes it late at worst.
"""

import os

from celery import Celery
from celery.schedules import crontab

from zhongzhi.tasks_base import CountedTask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")

app = Celery("zhongzhi", task_cls=CountedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "zhongzhi.alive:Scheduler"
app.conf.include = ["zhongzhi.alive"]

app.conf.beat_schedule = {
    "deliver-outbox": {"task": "notices.deliver_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "call-receivers": {"task": "notices.call_receivers", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-clocks": {"task": "intake.sweep_clocks", "schedule": 30.0, "options": {"expires": 30}},
    "tell-applicants": {"task": "intake.tell_applicants", "schedule": 300.0, "options": {"expires": 300}},
    "fold-tallies": {"task": "intake.fold_tallies", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-imports": {"task": "intake.sweep_imports", "schedule": 3.0, "options": {"expires": 3}},
    "grids-imports": {"task": "grids.run_imports", "schedule": 3.0, "options": {"expires": 3}},
    "sweep-obligations": {"task": "mediation.sweep_obligations", "schedule": 60.0, "options": {"expires": 60}},
    "recheck-mediation-files": {"task": "mediation.recheck_files", "schedule": 300.0, "options": {"expires": 300}},
    "run-escalation": {"task": "referrals.run_escalation", "schedule": 30.0, "options": {"expires": 30}},
    "look-for-patterns": {"task": "referrals.look_for_patterns", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep-warnings": {"task": "early_warning.sweep_warnings", "schedule": 30.0, "options": {"expires": 30}},
    "run-trials": {"task": "early_warning.run_trials", "schedule": 5.0, "options": {"expires": 5}},
    "make-papers": {"task": "printing.make_papers", "schedule": 5.0, "options": {"expires": 5}},
    "make-reports": {"task": "workbench.make_reports", "schedule": 5.0, "options": {"expires": 5}},
    "ask-due-reports": {"task": "workbench.ask_due_reports", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep-idempotency": {"task": "accounts.sweep_idempotency", "schedule": 3600.0, "options": {"expires": 3600}},
    "gather-changes": {"task": "accounts.gather_reference_changes", "schedule": 300.0, "options": {"expires": 300}},
    "sweep-retention": {"task": "workbench.sweep_retention", "schedule": crontab(hour=2, minute=30)},
    "sweep-orphan-files": {"task": "files.sweep_orphans", "schedule": 86400.0, "options": {"expires": 86400}},
    "sweep-webhooks": {"task": "workbench.sweep_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "note-beat": {"task": "workbench.note_beat", "schedule": 10.0, "options": {"expires": 10}},
    "check-trail": {"task": "audit.check_trail", "schedule": 30.0, "options": {"expires": 30}},
    "sweep-reading": {"task": "workbench.sweep_reading", "schedule": 300.0, "options": {"expires": 300}},
    "gather-marks": {"task": "audit.gather_marks", "schedule": 60.0, "options": {"expires": 60}},
    "seal-trail": {"task": "audit.seal_trail", "schedule": 3600.0, "options": {"expires": 3600}},
}
