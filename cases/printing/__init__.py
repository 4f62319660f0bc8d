"""Paper for the talk and for the pupils: plain data in, a tagged PDF out. Nothing here reads the
database.
"""
