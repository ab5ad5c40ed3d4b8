"""The Celery application of the simulation: the same tasks, by the simulated clock, swept every half second."""

from devkit.simulation.clock import take_over
from zhongzhi.celery import app

take_over()
app.conf.beat_schedule = {
    "sweep-clocks": {"task": "intake.sweep_clocks", "schedule": 0.5, "options": {"expires": 3}},
    "run-escalation": {"task": "referrals.run_escalation", "schedule": 0.5, "options": {"expires": 3}},
    "look-for-patterns": {"task": "referrals.look_for_patterns", "schedule": 5.0, "options": {"expires": 3}},
}
app.conf.beat_max_loop_interval = 0.5
