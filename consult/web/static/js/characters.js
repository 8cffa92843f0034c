/**
 * How many characters somebody counts who reads a text, by the same rule as `characters` in core/text.py: marks, joiners,
 * skin tones, what follows a joiner in a picture, the second letter of a flag and Hangul vowels and finals are none of
 * their own.
 */
const GOES_WITH =
  /[\p{M}\u200c\u200d\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const PICTURE = /\p{So}/u;
const FLAG = /[\u{1f1e6}-\u{1f1ff}]/u;

/** The text as the server keeps it: NFC, a line break one character, no blank ends. */
const tidy = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").replace(/[^\S\n]+$/gm, "").trim();

export function characters(written) {
  let count = 0;
  let joined = false;
  let flag = false;
  for (const character of tidy(written)) {
    const second = flag && FLAG.test(character);
    if (!count || !(GOES_WITH.test(character) || second || (joined && PICTURE.test(character)))) count += 1;
    joined = character === "\u200d";
    flag = !second && FLAG.test(character);
  }
  return count;
}
