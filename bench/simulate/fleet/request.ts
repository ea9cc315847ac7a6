/** A request of some user to one of the processes. */
export interface SimulatedRequest {
  /** Counts from 0 in the order of arrival. */
  readonly id: number;
  /** The process that it came to. */
  readonly process: number;
  /** The model of a multi-model endpoint that it names. */
  readonly model: string | undefined;
  readonly arrivedAt: number;
}

/** How an attempt ended for the process that made it. One that got lost on the way never ends. */
export type Answer =
  | { readonly kind: "answered"; readonly status: number; readonly code?: string; readonly variant?: string }
  /** There is nobody to connect to. */
  | { readonly kind: "refused" }
  /** The connection broke after the request was sent. */
  | { readonly kind: "reset" };

/** What of a request goes over the wire. */
export type SentRequest = Pick<SimulatedRequest, "id" | "model">;

/** What an attempt meets. It cannot be told to stop: what was sent is worked on. */
export interface Network {
  /** @param onAnswer called once, later; never where the attempt is lost */
  send(request: SentRequest, variant: string | undefined, onAnswer: (answer: Answer) => void): void;
}
