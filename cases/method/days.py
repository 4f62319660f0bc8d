"""How many days lie between one conversation and the next, by the kind of appointment.

The guide's numbers, and those we set ourselves where it names none. `schooldays` puts them on a
calendar.
"""

TALK, MEETING = "talk", "meeting"
PUPIL, MEMBERS, INTERIM = "pupil", "members", "interim"

# First and last calendar day after the talk (pupil, meeting) or the meeting (members, interim). The
# first two are the guide's (S1.14, S6.2); the meeting soon after the talk and the interim check
# (B3) are our own.
WINDOWS = {PUPIL: (8, 14), MEMBERS: (10, 14), INTERIM: (3, 7), MEETING: (1, 7)}

# The later checks (B2): after six weeks, three and six months, in the first weeks after the summer,
# and one that is agreed on because of a new worry, up to nine times.
WEEKS6, MONTHS3, MONTHS6, SUMMER = "weeks6", "months3", "months6", "summer"
EXTRAS = ("extra", *(f"extra{n}" for n in range(2, 10)))
LATER_KINDS = (WEEKS6, MONTHS3, MONTHS6, SUMMER, *EXTRAS)

# Calendar days after the last talk with the pupil.
DAYS_AFTER = {WEEKS6: 42, MONTHS3: 91, MONTHS6: 182}
EXTRA_DAYS = 14  # a new worry is asked about again two weeks later
# "In the first weeks after the summer": not in the first, when everything is new.
DAYS_INTO_THE_YEAR = 10
TOO_NEAR_DAYS = 14  # two checks closer than this are one
