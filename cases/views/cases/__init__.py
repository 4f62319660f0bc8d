"""The screens of one case: its list, its page, its steps and what is typed on them."""
