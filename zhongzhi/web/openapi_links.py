"""Where an answer of the API leads, as its document says: to what can be asked next with what was answered."""

from typing import Any, Final

Leads = tuple[tuple[dict[str, str], tuple[str, ...]], ...]
"""By these parameters, each with where the answer or the address that was asked has its value, to these operations."""

OF_CASE: Final = (
    "case_detail", "case_timeline", "case_attachments", "case_members_list", "case_tasks", "case_meetings", "case_care",
)  # fmt: skip
"""What is read of a case."""
ACTS_OF_REGISTRARS: Final = ("case_supplement", "case_attach", "case_upload_begin", "case_withdraw")
ACTS_OF_HANDLERS: Final = (
    "case_sign", "case_write_note", "case_ask_extension", "case_report_outcome", "case_return", "case_mediate",
)  # fmt: skip
"""What an outside system does to a case."""
OF_DOCUMENT: Final = ("referral_detail", "referral_file")
ACTS_ON_DOCUMENTS: Final = ("referral_receive", "referral_answer", "referral_extend", "referral_return")
ACTS_ON_HAZARDS: Final = ("hazard_add_file", "hazard_on_the_spot", "hazard_watch", "hazard_solve", "hazard_reopen")


def _by(parameter: str, value: str, *operations: str) -> tuple[dict[str, str], tuple[str, ...]]:
    return {parameter: f"$response.body#/{value}"}, operations


def _of_the_case(parameter: str, value: str, *operations: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Something of the case that stands in the address."""
    return {"code": "$request.path.code", parameter: f"$response.body#/{value}"}, operations


PARTY: Final = ({"code": "$response.body#/code", "uid": "$response.body#/parties/0/uid"}, ("case_party_reveal",))
FILE: Final = ("case_attachment_download", "case_attachment_remove")
LINKS: Final[dict[str, Leads]] = {
    "cases_register": (_by("code", "code", *OF_CASE, *ACTS_OF_REGISTRARS), PARTY),
    "cases_settle": (_by("code", "code", *OF_CASE),),
    "case_put_by_number": (_by("code", "code", *OF_CASE, *ACTS_OF_REGISTRARS),),
    "cases_list": (_by("code", "results/0/code", *OF_CASE, *ACTS_OF_REGISTRARS, *ACTS_OF_HANDLERS),),
    "case_detail": (_by("code", "code", *OF_CASE[1:], *ACTS_OF_REGISTRARS, *ACTS_OF_HANDLERS), PARTY),
    "case_sign": (_by("code", "code", "case_detail", *ACTS_OF_HANDLERS[1:]),),
    "case_report_outcome": (_by("code", "code", "case_detail", "case_timeline"),),
    "case_attachments": (_of_the_case("file_id", "results/0/id", *FILE),),
    "case_attach": (_of_the_case("file_id", "id", *FILE),),
    "case_upload_begin": (_of_the_case("uid", "uid", "case_upload", "case_upload_cancel"),),
    "case_tasks": (_of_the_case("id", "0/id", "case_task_done", "case_task_release"),),
    "changes": (_by("after", "next", "changes"), _by("code", "results/0/code", "case_detail", "case_timeline")),
    "code_lists": (_by("name", "results/0/name", "code_list"),),
    "custom_tables": (_by("uid", "0/uid", "custom_table"),),
    "referrals_list": (_by("uid", "results/0/id", *OF_DOCUMENT, *ACTS_ON_DOCUMENTS),),
    "referral_detail": (_by("uid", "id", "referral_file", *ACTS_ON_DOCUMENTS), _by("code", "case", "case_detail")),
    "mediations_list": (_by("uid", "results/0/uid", "mediation_detail", "mediation_consent", "mediation_fail"),),
    "mediation_detail": (_by("code", "case", "case_detail"),),
    "case_mediate": (_by("uid", "uid", "mediation_detail", "mediation_consent", "mediation_fail"),),
    "agreements_list": (
        _by("uid", "results/0/uid", "agreement_detail"),
        _by("uid", "results/0/mediation", "mediation_detail"),
    ),
    "agreement_detail": (_by("code", "case", "case_detail"), _by("uid", "obligations/0/uid", "obligation_perform")),
    "obligations_list": (_by("uid", "results/0/uid", "obligation_perform"),),
    "meetings_list": (_by("id", "results/0/id", "meeting_detail"),),
    "imports_start": (_by("uid", "uid", "import_detail", "import_remarks", "import_cancel"),),
    "imports_list": (_by("uid", "results/0/uid", "import_detail", "import_remarks"),),
    "tables_start": (_by("uid", "uid", "table_detail", "table_rows"),),
    "tables_list": (_by("uid", "results/0/uid", "table_detail", "table_rows"),),
    "organisations_list": (_by("id", "results/0/id", "organisation_detail"),),
    "people_list": (_by("id", "results/0/id", "person_detail"),),
    "roster_appoint": (_by("key", "key", "roster_detail", "roster_correct", "roster_end"),),
    "roster_list": (_by("key", "results/0/key", "roster_detail", "roster_correct"),),
    "beats_open": (_by("id", "id", "beat_detail", "beat_change", "beat_end"),),
    "beats_list": (_by("id", "results/0/id", "beat_detail", "beat_change"),),
    "territories_list": (_by("code", "results/0/code", "territory_detail"),),
    "hazards_report": (_by("uid", "uid", "hazard_detail", *ACTS_ON_HAZARDS),),
    "hazards_list": (_by("uid", "results/0/uid", "hazard_detail", *ACTS_ON_HAZARDS),),
    "hazard_detail": (_by("uid", "uid", *ACTS_ON_HAZARDS),),
    "warnings_list": (_by("uid", "results/0/uid", "warning_detail"),),
    "exchange_take": (_by("code", "case", "case_detail", "case_timeline"),),
}


def state_links(operation: dict[str, Any]) -> None:
    """With each good answer, what can be asked next with what it says."""
    leads = LINKS.get(operation["operationId"], ())
    links = {name: {"operationId": name, "parameters": dict(by)} for by, names in leads for name in names}
    for status, answer in operation["responses"].items() if links else ():
        if status in ("200", "201"):
            answer["links"] = links
