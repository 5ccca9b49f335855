/**
 * A text for a terminal. What others have named may hold signs that steer it, or turn the order of what follows: they are
 * shown as their number, `\u{1b}`. Newlines, tabs and everything that is only to be read stay.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/gu, (sign) =>
    sign === "\n" || sign === "\t" ? sign : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
