"""What is known of people apart from the tables: how their names are written and searched."""
