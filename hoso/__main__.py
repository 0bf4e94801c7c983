"""Lets `python -m hoso` do what `hoso` does."""

from hoso.cli import main

if __name__ == "__main__":
    main()
