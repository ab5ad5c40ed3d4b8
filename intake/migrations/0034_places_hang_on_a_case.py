"""The places that a case concerns are among what it has any rows of."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION intake_case_hanging(bigint) RETURNS text[] LANGUAGE plpgsql STABLE AS $body$
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN EXISTS (SELECT 1 FROM intake_agendaitem h WHERE h.case_id = $1) THEN 'agenda_items' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_archivecondition h WHERE h.case_id = $1) THEN 'archive_conditions' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_attachment h WHERE h.case_id = $1) THEN 'attachments' END,
        CASE WHEN EXISTS (SELECT 1 FROM referrals_carerecord h WHERE h.case_id = $1) THEN 'care' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_citizenrating h WHERE h.case_id = $1) THEN 'citizen_ratings' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_clock h WHERE h.case_id = $1) THEN 'clocks' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_complaintdecision h WHERE h.case_id = $1) THEN 'complaint_decisions' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_correction h WHERE h.case_id = $1) THEN 'corrections' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_direction h WHERE h.case_id = $1) THEN 'directions' END,
        CASE WHEN EXISTS (SELECT 1 FROM referrals_document h WHERE h.case_id = $1) THEN 'documents' END,
        CASE WHEN EXISTS (
            SELECT 1 FROM intake_extensionrequest h JOIN intake_clock s ON s.id = h.clock_id WHERE s.case_id = $1) THEN 'extension_requests' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_externalreference h WHERE h.case_id = $1) THEN 'external_references' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_followup h WHERE h.case_id = $1) THEN 'follow_ups' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_hazardcase h WHERE h.case_id = $1) THEN 'from_hazard' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_gradechange h WHERE h.case_id = $1) THEN 'grade_changes' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_guidance h WHERE h.case_id = $1) THEN 'guidances' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_handling h WHERE h.case_id = $1) THEN 'handlings' END,
        CASE WHEN EXISTS (SELECT 1 FROM referrals_lapse h WHERE h.case_id = $1) THEN 'lapses' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_leaderincharge h WHERE h.case_id = $1) THEN 'leaders_in_charge' END,
        CASE WHEN EXISTS (SELECT 1 FROM mediation_mediation h WHERE h.case_id = $1) THEN 'mediations' END,
        CASE WHEN EXISTS (SELECT 1 FROM referrals_meeting h WHERE h.case_id = $1) THEN 'meetings' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_party h WHERE h.case_id = $1 AND h.role = 'member') THEN 'members' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_merger h WHERE h.case_id = $1) THEN 'mergers' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_merger h WHERE h.target_id = $1) THEN 'mergers_into' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_caseplace h WHERE h.case_id = $1) THEN 'places_concerned' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_querycode h WHERE h.case_id = $1) THEN 'query_codes' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_casereader h WHERE h.case_id = $1) THEN 'readers' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_repeatlink h WHERE h.earlier_id = $1) THEN 'repeated_by' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_repeatlink h WHERE h.case_id = $1) THEN 'repeats_of' END,
        CASE WHEN EXISTS (
            SELECT 1 FROM intake_returnrequest h JOIN intake_handling s ON s.id = h.handling_id WHERE s.case_id = $1) THEN 'return_requests' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_roadtaken h WHERE h.case_id = $1) THEN 'roads' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_caserecusal h WHERE h.case_id = $1) THEN 'standing_back' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_rest h WHERE h.case_id = $1) THEN 'suspensions' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_takenovercase h WHERE h.case_id = $1) THEN 'taken_over' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_task h WHERE h.case_id = $1) THEN 'tasks' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_tiermove h WHERE h.case_id = $1) THEN 'tier_moves' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_urging h WHERE h.case_id = $1) THEN 'urgings' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_violencemark h WHERE h.case_id = $1) THEN 'violence' END,
        CASE WHEN EXISTS (SELECT 1 FROM early_warning_evidence h WHERE h.case_id = $1) THEN 'warning_evidence' END,
        CASE WHEN EXISTS (SELECT 1 FROM intake_worknote h WHERE h.case_id = $1) THEN 'work_notes' END
    ], NULL);
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0033_places_concerned")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
