import { expect, it } from "vitest";
import { runTour } from "../../../src/cli/tour/tour.ts";
import { onEachDatabase } from "../../harness/places.ts";

onEachDatabase("the story of the tour", (start) => {
  it("goes as told over real HTTP, with the real SDK", async () => {
    const accounts = [
      { id: "111122223333", name: "a" },
      { id: "444455556666", name: "b" },
    ];
    const { url, created } = await start({ accounts });
    const [a, b] = created.map(({ accountId: id, ...credentials }) => ({ id, credentials }));
    const report = await runTour({ server: { url, a: a!, b: b! } });
    expect(report.steps.filter(({ passed }) => !passed)).toEqual([]);
    expect(report).toMatchObject({ passed: true, left: 0 });
  });
});
