import { execFileSync } from "node:child_process";

/** Short hash of the commit that is measured, with "+" where the tree has changes; "unknown" outside of git. */
export function describeRevision(): string {
  try {
    const changes = git("status", "--porcelain", "--", "lib", "middleware", "bench", "package-lock.json");
    return git("rev-parse", "--short", "HEAD") + (changes === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}

function git(...args: string[]): string {
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio }).trim();
}
