"""What people see: tables on a terminal, HTML pages, files for other programs."""
