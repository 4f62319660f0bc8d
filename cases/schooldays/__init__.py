"""School days: closed days, windows, holidays of regions, files with closed days, time zones. All
pure.
"""
