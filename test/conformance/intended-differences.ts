/** One way in which this client does not do what the official client does, on purpose. */
export interface IntendedDifference {
  readonly name: string;
  readonly reason: string;
}

/**
 * Where requests, outputs and exceptions differ from those of `@aws-sdk/client-sagemaker-runtime`. Everything
 * else is compared and must be equal. Each entry is shown on both clients by `intended-differences.test.ts`.
 */
export const WIRE_DIFFERENCES = [
  {
    name: "no content-length over empty memory",
    reason:
      "The official client signs content-length: 0 for an empty Uint8Array and nothing for an empty string; here both are sent alike, and the transport adds the header.",
  },
  {
    name: "input is checked before it is sent",
    reason:
      "A member of the wrong type, length or characters costs a round trip, or goes out as /endpoints//invocations; here it is one error that names it.",
  },
  {
    name: "a missing Body is refused",
    reason:
      "The API requires it, the official client sends it as empty; an empty payload can be said: Body: ''.",
  },
  {
    name: "a stream as Body is refused",
    reason:
      "It cannot be sent a second time, nor hashed; the official client sends it unsigned, and never repeats the call.",
  },
  {
    name: "an enqueue without exactly one source is refused",
    reason:
      "The service refuses both and neither of InputLocation and Body; the official client sends either.",
  },
  {
    name: "a payload above maxBodyBytes is refused",
    reason: "The service would refuse it after it was uploaded.",
  },
  {
    name: "a misspelt member is refused",
    reason: "The official client drops it silently: a call that was to be pinned to a variant is not.",
  },
  {
    name: "an empty answer is empty bytes",
    reason: "The official client's Body is null there, against its own type, and transformToString() throws.",
  },
  {
    name: "transformToString knows every encoding of Buffer",
    reason: "The official client answers in UTF-8 when it is asked for hex or latin1.",
  },
  {
    name: "a malformed enqueue answer is an InvalidResponseError",
    reason:
      "The official client throws a SyntaxError or TypeError, or gives out an InferenceId that is no string.",
  },
  {
    name: "an error answer that is no JSON object is a service exception",
    reason:
      "A proxy's page or a cut-off body is a SyntaxError in the official client, which no `instanceof` and no retry rule knows; a JSON list is copied onto the exception by index.",
  },
  {
    name: "an exception without a message gets one",
    reason: "UnknownError helps nobody; the service sends a null message when it throttles.",
  },
  {
    name: "a message is a text",
    reason: "The official client puts whatever JSON has there into `message`, which then breaks callers.",
  },
  {
    name: "a code that is no name is passed over",
    reason: "A null or structured code is a TypeError in the official client, an empty header an empty name.",
  },
  {
    name: "members of modelled exceptions have their type",
    reason:
      "What is retried depends on OriginalStatusCode; the official client hands out texts and nulls as they come.",
  },
  {
    name: "a huge number is a number",
    reason:
      "From Node 22 on, the official client makes a BigInt of integers beyond 2^53 in members that no API model has; JSON.stringify(error) then throws, in whatever logs it.",
  },
  {
    name: "an answer cannot set what this client says",
    reason:
      "Members such as $retryable, cause or attempts in an answer would be taken for the client's own words.",
  },
] as const satisfies readonly IntendedDifference[];

/** What differs of a whole call over sockets; shown on both clients by `call-differences.test.ts`. */
export const CALL_DIFFERENCES = [
  {
    name: "the user agent names this client",
    reason: "The official client names itself, and says it again in x-amz-user-agent, which it signs.",
  },
  {
    name: "a model that is loading is waited for",
    reason: "The official client gives up after three attempts within some seconds; loading takes minutes.",
  },
  {
    name: "530 is tried again",
    reason:
      "It is a fault in passing of something behind the service; the official client has no rule for it.",
  },
  {
    name: "every wait is bounded",
    reason: "The official client waits for ever for a server that accepts a request and does not answer.",
  },
  {
    name: "destroy() is the end",
    reason:
      "A call that outlives its client is a mistake of the caller's; the official client opens connections again, which nobody closes.",
  },
  {
    name: "a stream's call resolves at its head",
    reason:
      "The caller learns of the variant and may leave before the first part; peekFirstEvent gives the other.",
  },
  {
    name: "an error gets its type one layer further out",
    reason:
      "Failed connections and error answers are typed in one place, errorMapper, around the deserializer; a plug-in in between sees the answer, one at any step and priority the error.",
  },
] as const satisfies readonly IntendedDifference[];

/** The whole list. */
export const INTENDED_DIFFERENCES: readonly IntendedDifference[] = [...WIRE_DIFFERENCES, ...CALL_DIFFERENCES];
