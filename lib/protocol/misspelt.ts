/**
 * The member that `name` is a slip of: the same letters in another case, or one letter too many, too few,
 * wrong, or changed with its neighbour. `undefined` for any other name.
 *
 * Only names that begin with a capital are looked at. An input that carries strangers' properties is legal,
 * in TypeScript too, and is often a spread request of the caller's own, whose names begin in lower case.
 */
export function misspeltMember(name: string, known: Iterable<string>): string | undefined {
  if (!/^[A-Z]/.test(name)) return undefined;
  const lower = name.toLowerCase();
  for (const member of known) {
    if (isOneSlipApart(lower, member.toLowerCase())) return member;
  }
  return undefined;
}

function isOneSlipApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const restOfA = a.slice(start, a.length - end);
  const restOfB = b.slice(start, b.length - end);
  if (restOfA.length <= 1 && restOfB.length <= 1) return true;
  return (
    restOfA.length === 2 && restOfB.length === 2 && restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0]
  );
}
