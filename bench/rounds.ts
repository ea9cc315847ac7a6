/** The order of a round: every other one is reversed, so that no client is always the first on a warm machine. */
export function orderOf<T>(peers: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...peers] : peers.toReversed();
}

/** Measures every peer once a round, one at a time, and returns each one's samples in the order of the rounds. */
export async function runRounds<Peer extends { readonly name: string }, Sample>(
  peers: readonly Peer[],
  rounds: number,
  measure: (peer: Peer, round: number) => Promise<Sample>,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const peer of orderOf(peers, round)) samples.get(peer.name)!.push(await measure(peer, round));
  }
  return samples;
}
