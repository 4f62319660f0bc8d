"""What each open screen of a talk sent last, so that none writes over what another noted."""

from django.db import migrations

import cases.crypto.fields


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_slip_wording")]

    operations = [
        migrations.AddField(
            model_name="talkpad",
            name="sent",
            # With a default in the database, so that the release before this one goes on making pads.
            field=cases.crypto.fields.EncryptedJSONField(blank=True, db_default=b"", default=dict),
        ),
    ]
