"""Escalation (督办) of what is not done in time: all that happens between a time limit that passed and a letter.

The walk, one module after the other (docs/escalation.md shows it with an example):

1. `lapses`    a time limit that passed is taken up as a lapse of the organisation that should have kept it;
2. `rules`     the rules in force for that trigger say what follows, and how long after;
3. `schedule`  each rule becomes a planned step; steps of an issued letter are planned, and cancelled, the same way;
4. `sweep`     steps that are due are read in a batch, locked by the keys of their cases, and sorted:
               obsolete, suspended, too early (`intervals`), due;
5. `letters`   says which letter follows from a step, with what the batch looks up once (`batch`), and drafts it;
6. `effects`   notifies, and moves the case one tier up;
7. `sweep`     records what became of each step, in the row and in the trail.

Beside the walk: `risks` supervises for red risk whatever the limits say; `patterns` recommends where many cases are
alike. `queries` reads and changes nothing. Acts on documents call `schedule` and `patterns`; nothing here calls acts.
"""

from referrals.escalation.lapses import take_up_lapses
from referrals.escalation.patterns import look_for_patterns, recommend_for_repeated_supervisions
from referrals.escalation.risks import supervise_at_risk
from referrals.escalation.schedule import cancel_steps_of_document, plan_steps_of_document
from referrals.escalation.sweep import take_due_steps, take_due_steps_without_case

__all__ = [
    "cancel_steps_of_document",
    "look_for_patterns",
    "plan_steps_of_document",
    "recommend_for_repeated_supervisions",
    "supervise_at_risk",
    "take_due_steps",
    "take_due_steps_without_case",
    "take_up_lapses",
]
