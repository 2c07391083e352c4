/** What signs a token for AWS, and nothing else (observed on AWS, September 2026; IAM User Guide, id_roles_providers_oidc). */
export const algs = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] as const;
export type Alg = (typeof algs)[number];

/** As a JWK's `kty`. */
export type KeyType = "RSA" | "EC";

export function keyTypeOf(alg: Alg): KeyType {
  return alg.startsWith("RS") ? "RSA" : "EC";
}

/** OpenSSL's names of P-256, P-384 and P-521, by the algorithm that each goes with. */
const curves: Readonly<Partial<Record<Alg, string>>> = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" };

/** OpenSSL's name of the curve that an algorithm goes with; null for RSA. */
export function curveOf(alg: Alg): string | null {
  return curves[alg] ?? null;
}
