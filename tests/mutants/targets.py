"""Which modules are mutated, and which tests must notice it. The one place that names modules by their paths."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE, GRIDS, INTAKE = "tests/core", "tests/grids", "tests/intake"
MEDIATION, REFERRALS = "tests/mediation", "tests/referrals"

_CASE = (
    f"{INTAKE}/test_actions_handling.py",
    f"{INTAKE}/test_what_ends_with_what.py",
    f"{INTAKE}/test_lifecycle.py",
)
_ESCALATION = (
    f"{REFERRALS}/test_escalation.py",
    f"{REFERRALS}/test_time_limits.py",
    f"{REFERRALS}/test_escalation_patterns.py",
    f"{REFERRALS}/test_escalation_batches.py",
    f"{REFERRALS}/test_escalation_intervals.py",
)

TARGETS: dict[str, tuple[str, ...]] = {
    "zhongzhi/core/ciphers.py": (f"{CORE}/test_ciphers.py",),
    "zhongzhi/core/errors.py": (f"{CORE}/test_errors.py",),
    "zhongzhi/core/idnumbers.py": (f"{CORE}/test_idnumbers.py",),
    "zhongzhi/core/lifecycle.py": (f"{CORE}/test_lifecycle.py",),
    "zhongzhi/core/masking.py": (f"{CORE}/test_masking.py",),
    "zhongzhi/core/numbering.py": (f"{CORE}/test_numbering.py",),
    "zhongzhi/core/pinyin.py": (f"{CORE}/test_pinyin.py",),
    "zhongzhi/core/querycodes.py": (f"{CORE}/test_querycodes.py",),
    "zhongzhi/core/text.py": (f"{CORE}/test_text.py",),
    "zhongzhi/core/worktime/amounts.py": (f"{CORE}/test_worktime.py", f"{CORE}/test_worktime_properties.py"),
    "zhongzhi/core/worktime/calendar.py": (f"{CORE}/test_worktime.py", f"{CORE}/test_worktime_properties.py"),
    "zhongzhi/core/worktime/limits.py": (f"{CORE}/test_worktime.py", f"{CORE}/test_worktime_properties.py"),
    "grids/lifecycle.py": (f"{GRIDS}/test_lifecycle.py",),
    "grids/permissions.py": (f"{GRIDS}/test_permissions.py",),
    "grids/scope.py": (f"{GRIDS}/test_scope.py",),
    "intake/lifecycle.py": (f"{INTAKE}/test_lifecycle.py",),
    "intake/permissions/__init__.py": (f"{INTAKE}/test_permissions.py",),
    "intake/deadlines/actions/clocks.py": (
        f"{INTAKE}/test_clocks.py",
        f"{INTAKE}/test_clocks_agree.py",
        f"{INTAKE}/test_clocks_set_aside.py",
        *_CASE,
    ),
    "intake/actions/dispatch.py": _CASE,
    "intake/actions/outcome.py": (*_CASE, f"{INTAKE}/test_roads.py", f"{MEDIATION}/test_actions_opening.py"),
    "intake/actions/tiers.py": (f"{INTAKE}/test_actions_tiers.py", *_CASE),
    "mediation/lifecycle.py": (f"{MEDIATION}/test_lifecycle.py",),
    "mediation/permissions.py": (f"{MEDIATION}/test_permissions.py",),
    "mediation/actions/agreements.py": (f"{MEDIATION}/test_actions_agreements.py", f"{MEDIATION}/test_performance.py"),
    "mediation/actions/obligations.py": (f"{MEDIATION}/test_actions_agreements.py",),
    "referrals/lifecycle.py": (f"{REFERRALS}/test_lifecycle.py",),
    "referrals/permissions.py": (f"{REFERRALS}/test_permissions.py",),
    "referrals/escalation/batch.py": _ESCALATION,
    "referrals/escalation/effects.py": _ESCALATION,
    "referrals/escalation/intervals.py": _ESCALATION,
    "referrals/escalation/lapses.py": _ESCALATION,
    "referrals/escalation/letters.py": _ESCALATION,
    "referrals/escalation/patterns.py": _ESCALATION,
    "referrals/escalation/risks.py": (*_ESCALATION, f"{REFERRALS}/test_supervision_at_risk.py"),
    "referrals/escalation/rules.py": _ESCALATION,
    "referrals/escalation/schedule.py": _ESCALATION,
    "referrals/escalation/sweep.py": _ESCALATION,
}

# Mutants that once lived through all tests, always among those that are tried: module, function, kind, what changes.
NAMED = (
    ("zhongzhi/core/ciphers.py", "_head", "comparison", "sealed[0] not in _KEY_BYTES"),
    ("zhongzhi/core/masking.py", "mask_id_number", "comparison", "len(number) >= 15"),
    ("mediation/actions/agreements.py", "withdraw_signatures", "guard", "agreement.status != AgreementState.DRAFT"),
    ("mediation/actions/obligations.py", "_check", "comparison", "amount is not None"),
    ("referrals/escalation/intervals.py", "Intervals.__init__", "removed call", "self.add_letter"),
    ("referrals/escalation/letters.py", "draft_letters", "removed call", "notify_signers"),
    ("referrals/escalation/lapses.py", "_take_up", "removed call", "record_all"),
    ("referrals/escalation/sweep.py", "is_obsolete", "return", "step.clock_stopped_at is not None"),
)
