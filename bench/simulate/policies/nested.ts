import type { Policy } from "./policy.ts";

/** A caller that tries again at once, whatever the client around which it does so has tried already. */
export function nested(inner: Policy, attempts: number): Policy {
  return {
    name: inner.name === "holdfast" ? inner.name : `${attempts} x ${inner.name}`,
    description: `${attempts} attempts of the caller around: ${inner.description}`,
    packages: inner.packages,
    open(world) {
      const client = inner.open(world);
      return {
        async call(request) {
          for (let attempt = 1; ; attempt++) {
            try {
              return await client.call(request);
            } catch (error) {
              if (attempt === attempts) throw error;
            }
          }
        },
      };
    },
  };
}
