"""The screens of paper: the print page, previews, files and prints that take a while."""
