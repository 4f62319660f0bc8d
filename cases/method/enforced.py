"""What the software itself enforces, computes or makes, each with the dotted path of what does."""

from cases.method.grammar import Rule

RULES = (
    Rule(("M1",), "cases.tests.method.test_coverage"),
    Rule(("M2",), "cases.access.sees_roles"),
    Rule(("M4",), "cases.actions.steps.finish_step"),
    Rule(("S1.4",), "cases.actions.step_order.may_open"),
    Rule(("S1.14", "S6.2"), "cases.schooldays.windows.window"),
    Rule(("P2.1", "P2.3"), "cases.actions.group.advice"),
    Rule(("P1.5", "P2.4", "P2.5", "P2.6"), "cases.printing.letters"),
    Rule(("S6.3",), "cases.printing.slips"),
    Rule(("S3.2",), "cases.method.wording.forbidden_in"),
    Rule(("S7.2",), "cases.actions.rounds.open_round"),
    Rule(("B3",), "cases.models.Case"),
    Rule(("B1",), "cases.actions.reminder_rows.wanted"),
    Rule(("B2",), "cases.actions.rounds.begin_aftercare"),
    Rule(("B6",), "cases.actions.steps.verdicts"),
)
