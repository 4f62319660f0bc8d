"""Addresses of the application. They hold keys and ids only: nothing a pupil may not read."""

from django.urls import path

from .views import (
    calm,
    case,
    enclosures,
    feed,
    home,
    mailbox,
    me,
    overview,
    paper,
    planning,
    session,
    steps,
    talks,
)

STEP = "cases/<uuid:case_id>/<int:number>/<slug:step>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", case.case_list, name="case-list"),
    path("cases/new/", case.new_case, name="case-new"),
    path("cases/<uuid:case_id>/", case.case_page, name="case"),
    path("cases/<uuid:case_id>/next/", case.go_next, name="case-next"),
    path("cases/<uuid:case_id>/go-on/", case.go_on, name="case-go-on"),
    path("cases/<uuid:case_id>/pause/", case.pause, name="case-pause"),
    path("cases/<uuid:case_id>/close/", case.close, name="case-close"),
    path("cases/<uuid:case_id>/reopen/", case.reopen, name="case-reopen"),
    path("cases/<uuid:case_id>/staff/", case.staff, name="case-staff"),
    path("cases/<uuid:case_id>/reason/", case.look_into, name="case-reason"),
    path("cases/<uuid:case_id>/plan/<slug:kind>/", planning.plan, name="case-plan"),
    path("cases/<uuid:case_id>/calendar/<uuid:pk>/agenda.ics", feed.one, name="case-calendar"),
    path("cases/<uuid:case_id>/enclosures/", enclosures.add, name="case-enclosures"),
    path("cases/<uuid:case_id>/enclosures/<uuid:pk>/", enclosures.show, name="case-enclosure"),
    path("cases/<uuid:case_id>/enclosures/<uuid:pk>/image/", enclosures.image, name="case-enclosure-image"),
    path(
        "cases/<uuid:case_id>/enclosures/<uuid:pk>/remove/", enclosures.remove, name="case-enclosure-remove"
    ),
    path("cases/<uuid:case_id>/print/", paper.print_page, name="case-print"),
    path("cases/<uuid:case_id>/print/gespreksblad.pdf", paper.sheet, name="case-sheet"),
    path("cases/<uuid:case_id>/print/kaartjes.pdf", paper.slips, name="case-slips"),
    path(STEP + "check/", steps.check, name="case-check"),
    path(STEP + "finish/", steps.finish, name="case-finish"),
    path(STEP + "skip/", steps.skip, name="case-skip"),
    path(STEP + "<slug:page>/", steps.page, name="case-step"),
    path(STEP + "<slug:page>/<uuid:member>/", steps.page, name="case-talk"),
    path(STEP + "<slug:page>/<uuid:member>/move/", talks.move, name="case-move"),
    path("paper/gespreksblad.pdf", paper.blank_sheet, name="blank-sheet"),
    path("overview/", overview.overview, name="overview"),
    path("calendar/agenda.ics", feed.own, name="calendar"),
    path("calendar/<str:secret>/agenda.ics", feed.feed, name="feed"),
    path("account/settings/", me.settings, name="settings"),
    path("account/settings/calendar/", me.address, name="settings-calendar"),
    path("calm/", calm.calm, name="calm"),
    path("calm/enter/", calm.enter, name="calm-enter"),
    path("calm/leave/", calm.leave, name="calm-leave"),
    path("calm/scratch/", calm.scratch, name="calm-scratch"),
    path("session/token/", session.token, name="token"),
    path("session/school/", session.choose_school, name="choose-school"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.mailbox, name="mail"),
]
