"""Columns get the names that their kind of value usually has; nothing that is stored changes.

Renaming a column keeps its indexes in the database, so most of them are renamed in Django's state only. Two
tables are written anew on SQLite, because they rename a foreign key: their indexes are made again.
The table of pending posts keeps its name: it is part of what seals its columns.
"""

from django.db import migrations, models

RENAMED = {
    "appointment": {"on": "date", "at": "time"},
    "calendarfeed": {"created": "created_at", "last_read": "last_read_at"},
    "case": {
        "next_on": "next_date",
        "next_at": "next_time",
        "created": "created_at",
        "touched": "updated_at",
    },
    "casestaff": {"added": "added_at"},
    "closedday": {"added": "added_at"},
    "dailymail": {"to": "recipient", "on": "date", "created": "created_at"},
    "enclosure": {"added": "added_at"},
    "groupmember": {"joined": "joined_at", "left": "left_at"},
    "idea": {"written": "written_at"},
    "journalentry": {"at": "recorded_at"},
    "keptpost": {"created": "created_at"},
    "latetext": {"saved": "saved_at"},
    "membership": {"created": "created_at"},
    "pagerecord": {"saved": "saved_at"},
    "pagerevision": {"written": "written_at", "replaced": "replaced_at"},
    "papertext": {"saved": "saved_at"},
    "printjob": {"created": "created_at", "finished": "finished_at"},
    "pupil": {"search": "search_key", "sort": "sort_key"},
    "reminder": {"to": "recipient", "created": "created_at"},
    "round": {"opened": "opened_at"},
    "school": {"days_changed": "days_changed_at"},
    "schoollogo": {"added": "added_at"},
    "scratch": {"saved": "saved_at"},
    "steprecord": {"finished": "finished_at"},
    "sweeprun": {"began": "started_at", "ended": "ended_at"},
    "user": {"mail_at": "mail_time"},
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_pad_screens")]

    operations = [
        migrations.RemoveConstraint(
            model_name="dailymail",
            name="one_mail_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminded_once",
        ),
        migrations.RemoveIndex(
            model_name="dailymail",
            name="daily_mail_due",
        ),
        migrations.RemoveIndex(
            model_name="dailymail",
            name="daily_mail_failed",
        ),
        migrations.RemoveIndex(
            model_name="reminder",
            name="reminder_due_to",
        ),
        *(
            migrations.RenameField(model_name=model, old_name=old, new_name=new)
            for model, names in RENAMED.items()
            for old, new in names.items()
        ),
        migrations.AddIndex(
            model_name="dailymail",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["date"], name="daily_mail_due"
            ),
        ),
        migrations.AddIndex(
            model_name="dailymail",
            index=models.Index(
                condition=models.Q(("state", "failed")), fields=["date"], name="daily_mail_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["recipient", "due_on"],
                name="reminder_due_to",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailymail",
            constraint=models.UniqueConstraint(fields=("recipient", "date"), name="one_mail_a_day"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("round", "kind", "subject", "recipient", "due_on"), name="reminded_once"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("KeptPost", "PendingPost"),
                migrations.AlterModelTable("pendingpost", "cases_keptpost"),
                migrations.AlterModelOptions(
                    name="appointment",
                    options={"ordering": ["date", "time", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="enclosure",
                    options={"ordering": ["added_at", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="groupmember",
                    options={"ordering": ["position", "joined_at", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="latetext",
                    options={"ordering": ["saved_at", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="printjob",
                    options={"ordering": ["created_at", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="pupil",
                    options={"ordering": ["sort_key", "pk"]},
                ),
                migrations.AlterModelOptions(
                    name="sweeprun",
                    options={"ordering": ["-started_at"]},
                ),
                migrations.RemoveIndex(
                    model_name="appointment",
                    name="appointment_by_owner",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_by_next",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_by_leader",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_by_created",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_by_day",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_without_next",
                ),
                migrations.RemoveIndex(
                    model_name="groupmember",
                    name="member_by_pupil",
                ),
                migrations.RemoveIndex(
                    model_name="printjob",
                    name="print_job_to_make",
                ),
                migrations.RemoveIndex(
                    model_name="printjob",
                    name="print_job_to_forget",
                ),
                migrations.RemoveIndex(
                    model_name="pupil",
                    name="pupil_by_group",
                ),
                migrations.RemoveIndex(
                    model_name="pupil",
                    name="pupil_by_name",
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(
                        fields=["owner", "state", "date"], name="appointment_by_owner"
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        fields=["school", "status", "next_date", "id"], name="case_by_next"
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        fields=["leader", "status", "next_date"], name="case_by_leader"
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["school", "created_at"], name="case_by_created"),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("next_date__isnull", False)),
                        fields=["next_date"],
                        name="case_by_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(
                            ("status__in", ["open", "paused", "aftercare"]),
                            models.Q(("next_date", None), ("next_owner", None), _connector="OR"),
                        ),
                        fields=["id"],
                        name="case_without_next",
                    ),
                ),
                migrations.AddIndex(
                    model_name="groupmember",
                    index=models.Index(fields=["pupil", "left_at"], name="member_by_pupil"),
                ),
                migrations.AddIndex(
                    model_name="printjob",
                    index=models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["created_at"],
                        name="print_job_to_make",
                    ),
                ),
                migrations.AddIndex(
                    model_name="printjob",
                    index=models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="print_job_to_forget",
                    ),
                ),
                migrations.AddIndex(
                    model_name="pupil",
                    index=models.Index(
                        fields=["school", "active", "group", "sort_key"], name="pupil_by_group"
                    ),
                ),
                migrations.AddIndex(
                    model_name="pupil",
                    index=models.Index(
                        fields=["school", "active", "sort_key"], name="pupil_by_name"
                    ),
                ),
            ],
        ),
    ]
