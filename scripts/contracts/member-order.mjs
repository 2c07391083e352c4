/**
 * In which order AWS has the members of a structure: in its answers, and where a fault lists what is wrong with several.
 *
 * It is not the model's. It is the order in which a Java hash table of the names, `roleName`, goes through them, which
 * explains every order that was observed on AWS: of Role, of GetCallerIdentity's answer and of a tag (September 2026,
 * radkawar/stackd captures), of GetAccountAuthorizationDetails' sections, and of the constraints that
 * CreateOpenIDConnectProvider and UpdateAccountPasswordPolicy name together (2026, LocalStack snapshots).
 */

/** Structures of which AWS's table is larger than what the model shows would need: it has members that the model lacks. */
const LARGER = { Role: 32 };

/** @param members in the model's order, which decides between those that the table has in one place */
export function inAwsOrder(name, members) {
  const size = LARGER[name] ?? tableSize(members.length);
  return members
    .map((member) => ({ member, place: spread(hash(member[0].toLowerCase() + member.slice(1))) & (size - 1) }))
    .sort((a, b) => a.place - b.place)
    .map(({ member }) => member);
}

/** java.util.HashMap begins with 16 places and doubles them when three quarters are taken. */
function tableSize(count) {
  let size = 16;
  while (count > size * 0.75) size *= 2;
  return size;
}

/** java.lang.String.hashCode */
function hash(text) {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) | 0;
  return value;
}

function spread(value) {
  return value ^ (value >>> 16);
}
