"""How words, days and drawings are written for a reader: for views, paper and templates alike."""
