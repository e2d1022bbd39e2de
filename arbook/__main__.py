"""`python -m arbook`: the command, where it is not on the path."""

from arbook.commands import main

if __name__ == "__main__":
    main()
