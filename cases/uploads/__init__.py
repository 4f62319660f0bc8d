"""Files that people upload: photos are drawn anew by a process of their own."""
