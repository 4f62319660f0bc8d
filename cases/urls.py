"""Addresses of the application. They hold keys and ids only: nothing a pupil may not read."""

from django.urls import path

from .views import privacy_screen
from .views.account import own_settings, session
from .views.cases import (
    case_pages,
    enclosure_pages,
    member_order,
    new_case,
    page_views,
    step_check,
    step_finish,
    talk_notes,
    talk_screen,
)
from .views.overview import case_overview, demo_mailbox, reminder_status, today
from .views.planning import calendar_files, moved_appointments, plan_appointment
from .views.printing import blank_documents, paper_files, print_jobs, print_page
from .views.school import closed_day, closed_days_import, logo, region_holidays, school_days

PRINT = "cases/<uuid:case_id>/print/"
STEP = "cases/<uuid:case_id>/<int:number>/<slug:step>/"

urlpatterns = [
    path("", today.today_page, name="home"),
    path("cases/", case_pages.case_list, name="case-list"),
    path("cases/new/", new_case.new_case, name="case-new"),
    path("cases/<uuid:case_id>/", case_pages.case_page, name="case"),
    path("cases/<uuid:case_id>/notes/clear/", talk_notes.clear_notes, name="case-notes-clear"),
    path("cases/<uuid:case_id>/next/", case_pages.go_next, name="case-next"),
    path("cases/<uuid:case_id>/go-on/", case_pages.go_on, name="case-go-on"),
    path("cases/<uuid:case_id>/pause/", case_pages.pause, name="case-pause"),
    path("cases/<uuid:case_id>/close/", case_pages.close, name="case-close"),
    path("cases/<uuid:case_id>/reopen/", case_pages.reopen, name="case-reopen"),
    path("cases/<uuid:case_id>/staff/", case_pages.staff, name="case-staff"),
    path("cases/<uuid:case_id>/late/<uuid:pk>/", case_pages.discard_late, name="case-late"),
    path("cases/<uuid:case_id>/reason/", case_pages.look_into, name="case-reason"),
    path(
        "cases/<uuid:case_id>/plan/<slug:kind>/",
        plan_appointment.plan_appointment,
        name="case-plan",
    ),
    path("cases/<uuid:case_id>/later/<slug:kind>/", page_views.later_page, name="case-later"),
    path(
        "cases/<uuid:case_id>/calendar/<uuid:pk>/agenda.ics",
        calendar_files.appointment_file,
        name="case-calendar",
    ),
    path(
        "cases/<uuid:case_id>/moved/<slug:kind>/",
        moved_appointments.moved_appointments,
        name="case-moved",
    ),
    path("cases/<uuid:case_id>/enclosures/", enclosure_pages.add_enclosure, name="case-enclosures"),
    path(
        "cases/<uuid:case_id>/enclosures/<uuid:pk>/",
        enclosure_pages.show_enclosure,
        name="case-enclosure",
    ),
    path(
        "cases/<uuid:case_id>/enclosures/<uuid:pk>/image/",
        enclosure_pages.enclosure_image,
        name="case-enclosure-image",
    ),
    path(
        "cases/<uuid:case_id>/enclosures/<uuid:pk>/remove/",
        enclosure_pages.remove_enclosure,
        name="case-enclosure-remove",
    ),
    path(PRINT, print_page.print_page, name="case-print"),
    path(
        PRINT + "gespreksblad.pdf",
        paper_files.paper_file,
        {"key": "sheet-talk", "filename": "gespreksblad.pdf"},
        name="case-sheet",
    ),
    path(
        PRINT + "kaartjes.pdf",
        paper_files.paper_file,
        {"key": "slips", "filename": "kaartjes.pdf"},
        name="case-slips",
    ),
    path(PRINT + "<slug:key>/", print_page.print_page, name="case-paper"),
    path(PRINT + "<slug:key>/order/", paper_files.order_print, name="case-paper-order"),
    path(PRINT + "<slug:key>/preview/", paper_files.paper_preview, name="case-paper-preview"),
    path(
        PRINT + "<slug:key>/preview/<int:number>.png",
        paper_files.preview_picture,
        name="case-paper-picture",
    ),
    path(PRINT + "<slug:key>/<str:filename>", paper_files.paper_file, name="case-paper-file"),
    path(STEP + "check/", step_check.check_step, name="case-check"),
    path(STEP + "finish/", step_finish.finish_step, name="case-finish"),
    path(STEP + "skip/", step_finish.skip_step, name="case-skip"),
    path(STEP + "<slug:page>/", page_views.step_page, name="case-step"),
    path(STEP + "<slug:page>/<uuid:member>/", page_views.step_page, name="case-talk"),
    path(STEP + "<slug:page>/<uuid:member>/move/", member_order.move_member, name="case-move"),
    path("paper/", blank_documents.blank_documents, name="blank-documents"),
    path("paper/gespreksblad.pdf", blank_documents.blank_sheet, name="blank-sheet"),
    path("paper/kaartjes.pdf", blank_documents.blank_slips, name="blank-slips"),
    path(
        "paper/sheets/<slug:kind>/gespreksblad.pdf",
        blank_documents.blank_sheet,
        name="blank-sheet-of",
    ),
    path("paper/tomorrow/", blank_documents.for_tomorrow, name="tomorrow"),
    path("paper/morgen.pdf", blank_documents.tomorrow_file, name="tomorrow-file"),
    path("paper/jobs/<uuid:pk>/", print_jobs.print_job, name="print-job"),
    path("paper/jobs/<uuid:pk>/stop/", print_jobs.stop_job, name="print-job-stop"),
    path("paper/jobs/<uuid:pk>/<str:filename>", print_jobs.job_result, name="print-job-file"),
    path("school/logo/", logo.school_logo, name="logo"),
    path("school/logo/image/", logo.logo_image, name="logo-image"),
    path("school/logo/remove/", logo.remove_logo, name="logo-remove"),
    path("overview/", case_overview.case_overview, name="overview"),
    path("reminders/", reminder_status.reminder_status, name="reminders"),
    path("reminders/again/", reminder_status.send_failed_again, name="reminders-again"),
    path("calendar/agenda.ics", calendar_files.own_calendar, name="calendar"),
    path("calendar/<str:secret>/agenda.ics", calendar_files.subscribed_calendar, name="feed"),
    path("account/settings/", own_settings.own_settings, name="settings"),
    path("account/settings/calendar/", own_settings.calendar_address, name="settings-calendar"),
    path("school/", school_days.school_days, name="school"),
    path("school/settings/", school_days.edit_settings, name="school-settings"),
    path("school/windows/", school_days.school_windows, name="school-windows"),
    path("school/days/add/", closed_day.add_closed_day, name="school-day-add"),
    path("school/days/<uuid:pk>/", closed_day.change_closed_day, name="school-day"),
    path("school/region/", region_holidays.region_holidays, name="school-region"),
    path("school/import/", closed_days_import.import_closed_days, name="school-import"),
    path("day/", privacy_screen.privacy_screen, name="privacy-screen"),
    path("day/enter/", privacy_screen.enter, name="privacy-screen-enter"),
    path("day/leave/", privacy_screen.leave, name="privacy-screen-leave"),
    path("talk/<str:key>/<int:part>/", talk_screen.talk_screen, name="talk-screen"),
    path("talk/<str:key>/<int:part>/leave/", talk_screen.leave, name="talk-screen-leave"),
    path("session/token/", session.token, name="token"),
    path("session/school/", session.choose_school, name="choose-school"),
    path("session/pending/<uuid:pk>/discard/", session.discard_pending, name="pending-discard"),
    # The same on a page of version 0.3 that was open during the update.
    path("session/kept/<uuid:pk>/discard/", session.discard_pending, name="pending-discard-0.3"),
    path("mailbox/", demo_mailbox.demo_mailbox, name="mailbox"),
    path("mailbox/<str:key>/", demo_mailbox.demo_mailbox, name="mail"),
]
