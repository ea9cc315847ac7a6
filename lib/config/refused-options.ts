const FIXED_PROTOCOL = "the service speaks one protocol";
const NOT_REPLACEABLE = "this part of the client cannot be replaced";
const OWN_SIGNER = "add a layer after `sign` to the middlewareStack to change signed requests";

/**
 * Options of the AWS SDK's client that this client does not honour, each with what to do instead. They are
 * refused by name: an option that is silently ignored fails in production.
 */
export const REFUSED_OPTIONS: Readonly<Record<string, string>> = {
  apiVersion: "the service has one version, 2017-05-13",
  authSchemePreference: "the service accepts Signature Version 4 only",
  base64Decoder: NOT_REPLACEABLE,
  base64Encoder: NOT_REPLACEABLE,
  bodyLengthChecker: NOT_REPLACEABLE,
  credentialDefaultProvider: "pass the provider as credentials",
  defaultUserAgentProvider: "use customUserAgent and userAgentAppId",
  defaultsMode: "it sets the connect timeout alone: use timeouts.connectMs",
  disableHostPrefix: "no operation of the service has a host prefix",
  endpointProvider: "use endpoint, or region, useFipsEndpoint and useDualstackEndpoint",
  eventStreamSerdeProvider: NOT_REPLACEABLE,
  extensions: "use the options themselves, or client.middlewareStack.use(plugin)",
  httpAuthSchemeProvider: "the service accepts Signature Version 4 only",
  httpAuthSchemes: "the service accepts Signature Version 4 only",
  logger:
    "this client writes no log: use metrics, the attempts of an error, or a layer of your own on the middlewareStack",
  protocol: FIXED_PROTOCOL,
  protocolSettings: FIXED_PROTOCOL,
  retryStrategy: "use retry, which takes any cockatiel back-off, or retry: false and a layer of your own",
  runtime: NOT_REPLACEABLE,
  serviceConfiguredEndpoint: "use endpoint",
  serviceId: NOT_REPLACEABLE,
  sha256: NOT_REPLACEABLE,
  signer: OWN_SIGNER,
  signerConstructor: OWN_SIGNER,
  signingEscapePath: "the service's signature always escapes the path",
  streamCollector: NOT_REPLACEABLE,
  tls: "use endpoint: an https:// or http:// URL",
  urlParser: NOT_REPLACEABLE,
  utf8Decoder: NOT_REPLACEABLE,
  utf8Encoder: NOT_REPLACEABLE,
};
