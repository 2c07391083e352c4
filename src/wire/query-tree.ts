/** The dotted names of one request, as a tree. */
export interface Node {
  value: string | undefined;
  children: Map<string, Node> | undefined;
}

/** Deeper names than any shape has (SimulatePrincipalPolicy needs five parts) cannot mean a member. */
const MAX_PARTS = 16;

const zero = 0x30;
const leadingZeros = /^0+(?=\d+$)/;

/**
 * Puts a member into the tree; the first of a repeated one stands. `Tags.member.01.Key` and `Tags.member.1.Value` are of
 * one tag (observed on AWS IAM, September 2026, radkawar/stackd captures).
 */
export function insert(root: Node, name: string, value: string): void {
  const parts = name.split(".", MAX_PARTS + 1);
  if (parts.length > MAX_PARTS) return;
  let node = root;
  for (const written of parts) {
    const part = written.charCodeAt(0) === zero ? written.replace(leadingZeros, "") : written;
    node.children ??= new Map();
    let child = node.children.get(part);
    if (child === undefined) {
      child = { value: undefined, children: undefined };
      node.children.set(part, child);
    }
    node = child;
  }
  node.value ??= value;
}
