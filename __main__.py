"""python -m freshet: the same as the console script."""

from freshet.driver.cli import main

if __name__ == "__main__":
    main()
