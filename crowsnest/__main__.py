"""`python -m crowsnest` is the same as the `crowsnest` command."""

from crowsnest.cli.main import main

if __name__ == "__main__":
    main()
