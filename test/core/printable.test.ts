import { expect, test } from "vitest";
import { printable } from "../../provider/core/printable";

test("what could steer a terminal or turn the order of the text is shown as its number", () => {
  expect(printable('share 1 ("\u001b[2J\u001b]0;owned\u0007")')).toBe('share 1 ("\\u{1b}[2J\\u{1b}]0;owned\\u{7}")');
  expect(printable("a\rb\u009bc\u202ed\u0000\ud800")).toBe("a\\u{d}b\\u{9b}c\\u{202e}d\\u{0}\\u{d800}");
});

test("newlines, tabs and what is only to be read stay", () => {
  const text = 'Größe "数据" 👩‍💻 שלום\n\tand more – 100 %';
  expect(printable(text)).toBe(text);
});
