"""`python -m secondline` is the command `secondline`."""

from secondline.interfaces.cli import main

main()
