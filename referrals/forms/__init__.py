"""Shape of what the pages of referrals take in."""

from referrals.forms.care import AssessmentForm, ConsentForm, LookForm, VisitForm, WithdrawForm
from referrals.forms.cases import case_act_form
from referrals.forms.documents import KindForm, document_act_form

__all__ = [
    "AssessmentForm",
    "ConsentForm",
    "KindForm",
    "LookForm",
    "VisitForm",
    "WithdrawForm",
    "case_act_form",
    "document_act_form",
]
