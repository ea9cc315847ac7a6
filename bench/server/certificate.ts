import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchError } from "../errors.ts";

export interface Certificate {
  /** Holds both files and nothing else. */
  readonly directory: string;
  readonly keyFile: string;
  readonly certFile: string;
}

/**
 * A certificate for `localhost` that is its own authority, of the kind that public services have (ECDSA on P-256).
 * Its files go when the process exits, or when the caller removes them.
 *
 * @throws {BenchError} where there is no `openssl`: Node can read certificates, but not make them
 */
export function makeCertificate(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-tls-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const [keyFile, certFile] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  try {
    const files = ["-keyout", keyFile, "-out", certFile];
    execFileSync("openssl", ["req", "-x509", ...kind, ...names, ...files], { stdio: "ignore" });
  } catch {
    throw new BenchError("TLS needs a certificate, which takes an `openssl` command on the path");
  }
  return { directory, keyFile, certFile };
}
