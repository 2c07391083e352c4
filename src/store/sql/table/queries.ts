import { keptRead, read, write } from "../query.ts";
import type { Build, Parameters, ReadQuery, WriteQuery } from "../query.ts";
import type { Members } from "./column.ts";
import type { Table } from "./table.ts";
import type { RowOf } from "./types.ts";

/** The rows of tables by the tables' names, as kysely's types have them. */
type TablesOf<T extends Table<string, Members>> = { [Each in T as Each["name"]]: RowOf<Each["members"]> };

interface Queries<Tables> {
  read<P extends Parameters, Output>(build: Build<Tables, P, Output>): ReadQuery<P, Output>;
  keptRead<P extends Parameters, Output>(build: Build<Tables, P, Output>): ReadQuery<P, Output>;
  write<P extends Parameters, Output>(build: Build<Tables, P, Output>): WriteQuery<P, Output>;
}

/** What builds queries of these tables and of no others (query.ts). */
export function queriesOf<T extends readonly Table<string, Members>[]>(..._tables: T): Queries<TablesOf<T[number]>> {
  return { read, keptRead, write };
}
