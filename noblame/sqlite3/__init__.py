"""SQLite that survives a full disk, a read-only one, and a database file that was put back."""
