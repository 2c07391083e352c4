/**
 * What must not reach a terminal as it is: control and format characters (they move the cursor, or turn the direction of
 * what stands around them: Unicode UAX #9, "Trojan Source" CVE-2021-42574), line and paragraph separators, lone
 * surrogates, private use, what is not assigned, and what is not shown at all (variation selectors, tags, fillers).
 */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Most text is this, which is found out in one pass. */
const plain = /^[ -~]*$/;

/** Text that shows all of itself: each unsafe character as `\u{202E}`. Line breaks are unsafe, too. */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  return text.replaceAll(unsafe, (character) => `\\u{${hexadecimal(character.codePointAt(0)!, 1)}}`);
}

/** The same for JSON text, which means afterwards what it meant before: unsafe characters stand in strings alone. */
export function visibleJson(text: string): string {
  if (plain.test(text)) return text;
  return text.replaceAll(unsafe, (character) => {
    let escaped = "";
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${hexadecimal(character.charCodeAt(index), 4)}`;
    }
    return escaped;
  });
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}
