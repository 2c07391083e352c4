import type { Shape, StructureShape } from "../../src/contracts/model.ts";

/**
 * A value with every member of a shape filled in, each text different, so that a member that lands in another's place
 * is seen.
 */
export class Sampler {
  #count = 0;

  structure(shape: StructureShape): Record<string, unknown> {
    const members = Object.entries(shape.members).map(([name, member]) => [name, this.value(member.shape)]);
    return Object.fromEntries(members) as Record<string, unknown>;
  }

  value(shape: Shape): unknown {
    this.#count++;
    switch (shape.type) {
      case "string":
        return shape.enum?.[this.#count % shape.enum.length] ?? `v${this.#count} <&>"'é😀 +%/=`;
      case "integer":
      case "long":
      case "double":
        return this.#count;
      case "boolean":
        return this.#count % 2 === 0;
      case "timestamp":
        return new Date(Date.UTC(2026, 0, 1) + this.#count * 1000);
      case "blob":
        return Uint8Array.from([0, 255, this.#count % 256]);
      case "document":
        return { n: this.#count };
      case "list":
        return [this.value(shape.member), this.value(shape.member)];
      case "map":
        return { [`key${this.#count}`]: this.value(shape.value) };
      case "structure":
        return this.structure(shape);
    }
  }
}
