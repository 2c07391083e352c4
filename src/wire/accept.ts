/**
 * Whether a client asks for JSON where XML is the usual answer. AWS's services of the query protocol answer
 * `Accept: application/json` in JSON (what aws-iam-authenticator and Teleport send), and everything else, `*\/*` and no
 * header at all included, in XML. Where both are named the weights decide, and then which comes first (RFC 9110 §12.5.1).
 *
 * @param accept the header's value, of several joined by commas
 */
export function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  if (accept === "application/json") return true;
  let json = 0;
  let xml = 0;
  for (const range of accept.toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";");
    const name = type.trim();
    const weight = weightOf(parameters);
    if (name === "application/json" && weight > xml) json = Math.max(json, weight);
    else if ((name === "text/xml" || name === "application/xml") && weight > json) xml = Math.max(xml, weight);
  }
  return json > xml;
}

/** 1 where none is given, 0 for one that is no number. */
function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=");
    if (name.trim() === "q") return Number(value) || 0;
  }
  return 1;
}
