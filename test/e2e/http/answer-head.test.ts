/** No answer's header can end its line: whichever reader writes it, it is not written then, and the connection ends. */
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { BodyBudget } from "../../../src/http/body-budget.ts";
import { HttpFigures, readerNames } from "../../../src/http/figures.ts";
import { listenerOf } from "../../../src/http/listener.ts";
import { readers } from "../../../src/http/readers.ts";
import { defaultLimits } from "../../../src/server/limits.ts";
import { closeListener } from "../../../src/server/listen.ts";

const values = ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\x1fb", "a\x7fb", "a\u2028b", "a\u010a"];

test.each(readerNames.flatMap((reader) => values.map((value) => [reader, value] as const)))(
  "%s: %j",
  async (reader, value) => {
    const errors: unknown[] = [];
    const options = { limits: defaultLimits, bodies: new BodyBudget(), figures: new HttpFigures() };
    const listener = listenerOf(
      readers[reader]({
        ...options,
        serve: (arrival) =>
          setImmediate(() => {
            try {
              arrival.answer({ status: 200, headers: { "x-value": value }, body: "" });
            } catch (error) {
              errors.push(error);
              arrival.abandon();
            }
          }),
      }),
      defaultLimits,
      null,
    );
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    let heard = "";
    await new Promise<void>((resolve) => {
      const socket = connect((listener.address() as AddressInfo).port, "127.0.0.1");
      socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
      socket.on("error", () => {}).on("close", () => resolve());
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    });
    expect(heard).toBe("");
    expect(errors).toHaveLength(1);
    await closeListener(listener, 0);
  },
);
