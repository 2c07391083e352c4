/**
 * Names that do not depend on case: of context keys, of tags in them, of actions and operators (IAM User Guide,
 * reference_policies_elements_condition, "condition key names are not case-sensitive"). Values do.
 */

/**
 * The two characters outside ASCII whose lower case begins in it (UnicodeData and SpecialCasing): the KELVIN SIGN
 * becomes a k, and the I WITH DOT ABOVE an i with a dot behind it.
 */
const towardsAscii = /[\u0130\u212a]/;
const others = /[^\u0130\u212a]+/g;

/** A name in the form in which names are compared. What is not ASCII never becomes it: no name can pose as a reserved one. */
export function foldName(name: string): string {
  return towardsAscii.test(name) ? name.replace(others, (part) => part.toLowerCase()) : name.toLowerCase();
}
