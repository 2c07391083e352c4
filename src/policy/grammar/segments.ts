/** The segments of an ARN as a policy writes it. */

/** A text cut at its colons, but for those in the name of a variable: `${aws:username}` is one part. */
export function cutAtColons(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("${", at)) {
      const close = text.indexOf("}", at);
      if (close < 0) break;
      at = close;
    } else if (text[at] === ":") {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** A variable, whose name has a prefix: `${aws:username}`. `${AWS::AccountId}` is CloudFormation's and none of IAM's. */
const variable = /\$\{[^{}:]+:[^{}:]+\}/g;

/** Whether a segment is one variable and nothing else. */
export function isVariable(segment: string): boolean {
  return segment.startsWith("${") && segment.replace(variable, "") === "";
}

/** Whether a segment can be a Region or an account: letters, digits, hyphens, wildcards and variables. */
export function isPlace(segment: string): boolean {
  return /^[A-Za-z0-9*?-]*$/.test(segment.replaceAll(variable, ""));
}
