"""A person who uses the keyboard; the browser itself counts the presses, a letter outside a field among them."""

from playwright.sync_api import Page, expect

COUNTING = """
const count = (what) => { localStorage[what] = Number(localStorage[what] || 0) + 1; };
addEventListener("keydown", (e) => {
  const held = e.ctrlKey || e.altKey || e.metaKey, alone = ["Control", "Alt", "Shift"].includes(e.key);
  const typed = e.target.closest?.("textarea, select, input:not([type=checkbox]):not([type=radio])");
  if (e.isTrusted && !alone && (held || e.key.length > 1 || !typed)) count("presses");
}, true);
addEventListener("pointerdown", (e) => { if (e.isTrusted) count("clicks"); }, true);
"""


class Keyboard:
    """Types text, and presses keys. What is no text is counted by the page, clicks are too."""

    def __init__(self, page: Page) -> None:
        """The page is loaded again with the counter in it."""
        self.page = page
        page.add_init_script(COUNTING)
        page.reload()
        page.evaluate("localStorage.presses = 0; localStorage.clicks = 0")

    @property
    def presses(self) -> int:
        """Keys pressed besides text."""
        return int(self.page.evaluate("Number(localStorage.presses)"))

    @property
    def clicks(self) -> int:
        """Uses of a mouse."""
        return int(self.page.evaluate("Number(localStorage.clicks)"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def pick(self, text: str) -> None:
        """Type into a picker and take its first line, once the list is that of the text."""
        with self.page.expect_response(lambda answer: "/parts/" in answer.url):
            self.page.keyboard.type(text)
        expect(self.page.locator(".picker-list:not([hidden]) [role=option]").first).to_be_visible()
        self.press("Enter")

    def focused(self) -> str:
        """The name of the field one stands in."""
        own, code = "document.activeElement", "closest('[data-picker]')?.querySelector('[type=hidden]')"
        return str(self.page.evaluate(f"({own}.{code} || {own}).name"))
