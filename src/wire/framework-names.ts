/** How AWS's service framework, which is written in Java, names members in its messages: `roleName`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
