import type { Member, OperationContract, Shape, StructureShape } from "./model.ts";

/**
 * The TypeScript type of a shape's values, so that a contract written by hand states each fact once. Timestamps are
 * Dates, as in the generated contracts.
 */
export type ValueOf<S extends Shape> = S extends { type: "string"; enum: readonly (infer E extends string)[] }
  ? E
  : S extends { type: "string" }
    ? string
    : S extends { type: "integer" | "long" | "double" }
      ? number
      : S extends { type: "boolean" }
        ? boolean
        : S extends { type: "timestamp" }
          ? Date
          : S extends { type: "blob" }
            ? Uint8Array
            : S extends { type: "list"; member: infer M extends Shape }
              ? readonly ValueOf<M>[]
              : S extends { type: "map"; value: infer V extends Shape }
                ? Readonly<Record<string, ValueOf<V>>>
                : S extends { type: "structure"; members: infer M extends Readonly<Record<string, Member>> }
                  ? StructureValue<M>
                  : unknown;

type RequiredNames<M extends Readonly<Record<string, Member>>> = {
  [K in keyof M]: M[K] extends { required: true } ? K : never;
}[keyof M];

type StructureValue<M extends Readonly<Record<string, Member>>> = {
  readonly [K in RequiredNames<M>]: ValueOf<M[K]["shape"]>;
} & {
  readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]["shape"]> | undefined;
};

/** The types of the operations of a contract (model.ts, TypedContract), by name. */
export type OperationsOf<O extends Readonly<Record<string, OperationContract>>> = {
  readonly [N in keyof O]: {
    readonly input: ValueOf<O[N]["input"]>;
    readonly output: ValueOf<O[N]["output"]>;
    readonly errors: O[N]["errors"][number]["code"];
  } & (O[N] extends { readonly pagination: infer P } ? { readonly pagination: P } : unknown);
};

/** A structure; members are required unless wrapped in `optional`. */
export function structure<const M extends Readonly<Record<string, Shape | Member>>>(members: M): Structured<M> {
  const entries = Object.entries(members).map(([name, given]): [string, Member] => [
    name,
    "shape" in given ? given : { shape: given, required: true },
  ]);
  const shape: StructureShape = { type: "structure", members: Object.fromEntries(entries) };
  return shape as Structured<M>;
}

export interface Structured<M extends Readonly<Record<string, Shape | Member>>> {
  readonly type: "structure";
  readonly members: {
    readonly [K in keyof M]: M[K] extends Shape
      ? { readonly shape: M[K]; readonly required: true }
      : M[K] extends Member
        ? M[K]
        : never;
  };
}

export function optional<const S extends Shape>(shape: S): { readonly shape: S } {
  return { shape };
}

/** A list of `min` to `max` members. */
export function list<const S extends Shape>(
  member: S,
  min: number,
  max: number,
): { readonly type: "list"; readonly member: S; readonly min: number; readonly max: number } {
  return { type: "list", member, min, max };
}

/** A list of `min` to `max` members, the texts in which have `maxCharacters` UTF-16 units in all. */
export function listWithin<const S extends Shape>(
  member: S,
  min: number,
  max: number,
  maxCharacters: number,
): ReturnType<typeof list<S>> & { readonly maxCharacters: number } {
  return { ...list(member, min, max), maxCharacters };
}
