import type { BenchClient, OpenClient, Target } from "../client.ts";
import { answerBody } from "../server/answers.ts";
import type { Work } from "../work.ts";
import { Load } from "./load.ts";

/** What every measuring process is told of whom it measures. */
export interface ClientInput {
  /** URL of the client's file. */
  readonly clientUrl: string;
  readonly target: Target;
  readonly work: Pick<Work, "requestBytes" | "responseBytes">;
}

export async function openClient<Opened = OpenClient>(clientUrl: string, target: Target): Promise<Opened> {
  const { client } = (await import(clientUrl)) as { client: BenchClient<Opened> };
  return client.open(target);
}

/** What is sent: rows of features, as a container gets them. */
export function requestBody({ requestBytes }: Pick<Work, "requestBytes">): Uint8Array {
  return Buffer.alloc(requestBytes, "0.5,");
}

/** Opens a client, and checks its first answer byte by byte. */
export async function openLoad({ clientUrl, target, work }: ClientInput) {
  const client = await openClient(clientUrl, target);
  const load = new Load(client, requestBody(work), answerBody(work.responseBytes));
  await load.compareOne();
  return { client, load };
}
