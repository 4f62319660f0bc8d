"""The screens on which appointments are planned and moved, and calendar files."""
