"""The demo school: people, pupils and cases that look alive on whatever day they are loaded."""
