import type { Declaration, Input, Operation, OperationName, Output } from "../../../operation/operation.ts";
import { operation } from "../../../operation/operation.ts";

/**
 * Families of operations: what IAM has over one kind of thing it has over others, under names that differ by the kind's
 * title alone: `TagUser`, `TagRole`. A family is a set of patterns in which `*` stands for the title; which titles it
 * has, the contract says.
 */
type Named<Pattern extends string, Title extends string> = Pattern extends `${infer Before}*${infer After}`
  ? `${Before}${Title}${After}`
  : never;

type TitleIn<Pattern extends string, Name> = Pattern extends `${infer Before}*${infer After}`
  ? Name extends `${Before}${infer Title}${After}`
    ? Title
    : never
  : never;

/** The titles for which the contract has every operation of a family. */
export type TitlesOf<Patterns extends string> = {
  [Title in TitleIn<Patterns, OperationName<"iam">>]: [Named<Patterns, Title>] extends [OperationName<"iam">]
    ? Title
    : never;
}[TitleIn<Patterns, OperationName<"iam">>];

/** The names that the contract has for one operation of a family, of those titles. */
export type NameIn<Pattern extends string, Titles extends string> = Named<Pattern, Titles> & OperationName<"iam">;

/** What the operations of a family are given for a title. */
export type InputIn<Patterns extends string, Title extends string> = Input<"iam", NameIn<Patterns, Title>>;

/** Declares one operation of a family for one title. A title for which the contract has none does not compile. */
type Declare<Patterns extends string, Titles extends string> = <T extends Titles, P extends Patterns, L>(
  title: T,
  pattern: P,
  declaration: (name: NameIn<P, Titles>) => Declaration<InputIn<P, Titles>, Output<"iam", NameIn<P, Titles>>, L>,
) => { readonly [Name in Named<P, T>]: Operation };

/** @typeParam Titles where not every title that the contract has will do: those that will */
export function familyOf<Patterns extends string, Titles extends TitlesOf<Patterns> = TitlesOf<Patterns>>(): Declare<
  Patterns,
  Titles
> {
  return (title, pattern, declaration) => {
    // What the types say: the contract has an operation of this name, with input and output that the declaration takes.
    const name = pattern.replace("*", title) as NameIn<typeof pattern, typeof title>;
    return { [name]: operation("iam", name, declaration(name) as never) } as never;
  };
}
