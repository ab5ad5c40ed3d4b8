"""An outside system keeps the name under which its numbers were kept so far, where no other used it."""

from django.db import migrations

FORWARD = """
    WITH used AS (
        SELECT client.id AS client, reference.system, count(*) AS times
        FROM accounts_apiclient client
        JOIN intake_case ON intake_case.created_by_id = client.user_id
        JOIN intake_externalreference reference ON reference.case_id = intake_case.id
        GROUP BY client.id, reference.system
    ), first AS (
        SELECT DISTINCT ON (client) client, system FROM used ORDER BY client, times DESC, system
    ), alone AS (
        SELECT min(client) AS client, system FROM first GROUP BY system HAVING count(*) = 1
    )
    UPDATE accounts_apiclient SET sender = alone.system FROM alone
    WHERE alone.client = accounts_apiclient.id AND accounts_apiclient.sender = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0022_found_by_tails"),
        ("accounts", "0011_client_sender"),
    ]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
