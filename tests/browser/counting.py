"""What a journey costs a person: clicks, keys and seconds. Letters of a text are not counted, a
chord is one key.
"""

import time


class Journey:
    """Does what a person does on a page, and counts it."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        self.clicks = self.keys = 0
        self.begun = time.monotonic()

    def click(self, locator):
        locator.click()
        self.clicks += 1

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, text):
        """Type into whatever has the focus."""
        self.page.keyboard.type(text)

    def told(self):
        """Print what it took."""
        seconds = time.monotonic() - self.begun
        counted = f"clicks={self.clicks} keys={self.keys} seconds={seconds:.1f}"
        print(f"JOURNEY {self.name} {counted}")
