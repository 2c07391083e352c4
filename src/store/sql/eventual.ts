/**
 * A value that is there at once or comes later. SQLite and the caches answer at once; a promise for each such answer
 * would cost more than the answer: one anywhere on the way of a request that is read from caches makes it a twentieth
 * dearer, one at each question a fifth. `await` takes either.
 */
export type Eventual<T> = T | Promise<T>;

type Question = (...answers: any[]) => unknown;

/**
 * Gathers first and judges after: asks one question after the other, each of which sees the answers before it, and
 * answers with what the last makes of them. At once where none has to be waited for.
 *
 * For what lies on the way of hot requests; all else awaits.
 */
export function gather<A, R>(first: () => Eventual<A>, last: (a: A) => Eventual<R>): Eventual<R>;
export function gather<A, B, R>(
  first: () => Eventual<A>,
  second: (a: A) => Eventual<B>,
  last: (a: A, b: B) => Eventual<R>,
): Eventual<R>;
export function gather<A, B, C, R>(
  first: () => Eventual<A>,
  second: (a: A) => Eventual<B>,
  third: (a: A, b: B) => Eventual<C>,
  last: (a: A, b: B, c: C) => Eventual<R>,
): Eventual<R>;
// Written out: a list of answers would be made for each, and no call could be inlined.
export function gather(first: Question, second: Question, third?: Question, fourth?: Question): unknown {
  const a = first();
  if (a instanceof Promise) return gatherFurther([], a, [second, third, fourth]);
  const b = second(a);
  if (third === undefined) return b;
  if (b instanceof Promise) return gatherFurther([a], b, [third, fourth]);
  const c = third(a, b);
  if (fourth === undefined) return c;
  if (c instanceof Promise) return gatherFurther([a, b], c, [fourth]);
  return fourth(a, b, c);
}

async function gatherFurther(
  answers: unknown[],
  pending: Promise<unknown>,
  questions: readonly (Question | undefined)[],
): Promise<unknown> {
  let answer = await pending;
  for (const question of questions) {
    if (question === undefined) break;
    answers.push(answer);
    answer = await question(...answers);
  }
  return answer;
}

/** Of two that are on their way together; of two failures the first is told. */
export function both<A, B>(first: Eventual<A>, second: Eventual<B>): Eventual<readonly [A, B]> {
  return first instanceof Promise || second instanceof Promise ? bothLater(first, second) : [first, second];
}

async function bothLater<A, B>(first: Eventual<A>, second: Eventual<B>): Promise<readonly [A, B]> {
  if (second instanceof Promise) second.catch(() => undefined);
  return [await first, await second];
}

/** The answers to one question about each, asked one after the other. */
export function gatherEach<T, A>(about: readonly T[], question: (one: T) => Eventual<A>): Eventual<readonly A[]> {
  const answers: A[] = [];
  for (const one of about) {
    const answer = question(one);
    if (answer instanceof Promise) return gatherEachFurther(about, question, answers, answer);
    answers.push(answer);
  }
  return answers;
}

async function gatherEachFurther<T, A>(
  about: readonly T[],
  question: (one: T) => Eventual<A>,
  answers: A[],
  pending: Promise<A>,
): Promise<readonly A[]> {
  answers.push(await pending);
  for (const one of about.slice(answers.length)) answers.push(await question(one));
  return answers;
}
