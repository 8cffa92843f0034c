/**
 * How many characters somebody counts who reads a text, by the same rule as `characters` in core/text.py: marks, joiners,
 * skin tones, what follows a joiner in a picture, the second letter of a flag, Hangul vowels and finals and consonants
 * that join the one before are none of their own.
 */
const GOES_WITH =
  /[\p{M}\u200c\u200d\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const CONSONANTS =
  "\\u0915-\\u0939\\u0958-\\u095f\\u0978-\\u097f\\u0995-\\u09a8\\u09aa-\\u09b0\\u09b2\\u09b6-\\u09b9\\u09dc\\u09dd\\u09df" +
  "\\u09f0\\u09f1\\u0a95-\\u0aa8\\u0aaa-\\u0ab0\\u0ab2\\u0ab3\\u0ab5-\\u0ab9\\u0af9\\u0b15-\\u0b28\\u0b2a-\\u0b30\\u0b32\\u0b33" +
  "\\u0b35-\\u0b39\\u0b5c\\u0b5d\\u0b5f\\u0b71\\u0c15-\\u0c28\\u0c2a-\\u0c39\\u0c58-\\u0c5a\\u0d15-\\u0d3a";
const JOINING = "\\u094d\\u09cd\\u0acd\\u0b4d\\u0c4d\\u0d4d";
const BETWEEN = `[${JOINING}\\u093c\\u09bc\\u0abc\\u0b3c\\u0c3c\\u200d]*`;
const CONJUNCT = new RegExp(`[${CONSONANTS}]${BETWEEN}[${JOINING}]${BETWEEN}(?=[${CONSONANTS}])`, "gu");
const PICTURE = /\p{So}/u;
const FLAG = /[\u{1f1e6}-\u{1f1ff}]/u;

/** The text as the server keeps it: NFC, a line break one character, no blank ends. */
const tidy = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").replace(/[^\S\n]+$/gm, "").trim();

export function characters(written) {
  let count = 0;
  let joined = false;
  let flag = false;
  const text = tidy(written);
  for (const character of text) {
    const second = flag && FLAG.test(character);
    if (!count || !(GOES_WITH.test(character) || second || (joined && PICTURE.test(character)))) count += 1;
    joined = character === "\u200d";
    flag = !second && FLAG.test(character);
  }
  return count - (text.match(CONJUNCT) ?? []).length;
}
