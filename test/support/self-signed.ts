import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsIdentity } from "./faulty-server.ts";

/** A certificate for `localhost` that nobody has signed, made by the `openssl` of this machine. */
export function selfSigned(): TlsIdentity {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-tls-"));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const made = ["-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-days", "1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...made], { stdio: "ignore" });
  const identity = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  rmSync(directory, { recursive: true });
  return identity;
}
