import { join } from "node:path";
import { bundlePackage } from "./bundle.ts";

await bundlePackage(join(import.meta.dirname, "..", "dist"));
