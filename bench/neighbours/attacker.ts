/** The attacker: a process of its own, so that what it costs to attack is not in the neighbour's times. */
import { attacks } from "./attacks.ts";
import { Flood } from "./flood.ts";
import type { Tally } from "./flood.ts";
import type { Scene } from "./scene.ts";

export interface Order {
  readonly scene: Scene;
  readonly attack: string;
  readonly connections: number;
}

const { scene, attack: name, connections } = JSON.parse(process.argv[2]!) as Order;
const attack = attacks.find((candidate) => candidate.name === name)!;
const request = await attack.requests(scene);
let index = 0;
const tally: Tally = { answered: 0, classes: {}, closed: 0 };
process.send!("ready");
let floods: Flood[] = [];
process.on("message", (what) => {
  if (what === "begin") {
    const next = (): Buffer => request(index++);
    floods = Array.from({ length: connections }, () => new Flood(scene.port, attack.pipelined ?? 1, next, tally));
  } else {
    for (const flood of floods) flood.stop();
    process.send!(tally, () => process.exit(0));
  }
});
process.on("disconnect", () => process.exit(1));
