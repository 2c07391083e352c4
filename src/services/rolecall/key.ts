import { operation } from "../../operation/operation.ts";
import * as keyRings from "../../store/server/key-rings.ts";
import { operatorRequirement } from "./requirements.ts";

const rings = ["tokens", "secrets"] as const;

/** The keys of both rings, without their material. */
export const listKeys = operation("rolecall", "ListKeys", {
  writes: false,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "ListKeys", "keys"),
  async handle(_input, _loaded, { tx }) {
    const keys = [];
    for (const ring of rings) {
      for (const key of await keyRings.list(tx, ring)) {
        keys.push({
          Ring: ring,
          KeyId: key.id,
          State: key.state,
          CreatedAt: new Date(key.createdAt),
          ChangedAt: new Date(key.changedAt),
          Seals: key.seals,
        });
      }
    }
    return { Keys: keys };
  },
});

/** Adds a key to one ring or both; it is distributed, promoted and its forerunner retired without further asking. */
export const rotateKeys = operation("rolecall", "RotateKeys", {
  writes: true,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "RotateKeys", "keys"),
  async handle(input, _loaded, { tx, environment }) {
    const ids: string[] = [];
    for (const ring of input.Ring === undefined ? rings : [input.Ring]) {
      ids.push(await environment.ringKeeper.distribute(tx, ring));
    }
    // Tending reads what is committed: asked for once too often it does nothing.
    environment.ringKeeper.soon();
    return { KeyIds: ids };
  },
});
