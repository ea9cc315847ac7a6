import { PRIORITIES } from "./priority.ts";
import { WaitingLine } from "./waiting-line.ts";

/** Whoever shares a `fairnessKey`: what it holds and what it waits for. */
export class Tenant {
  readonly key: string | undefined;
  /** Permits that it holds. */
  inFlight = 0;
  waiting = 0;
  #lines: readonly WaitingLine[] | undefined;

  constructor(key: string | undefined) {
    this.key = key;
    this.#lines = undefined;
  }

  /** By rank of the class. Most tenants come and go without waiting. */
  get lines(): readonly WaitingLine[] {
    this.#lines ??= PRIORITIES.map(() => new WaitingLine(this));
    return this.#lines;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.waiting === 0;
  }
}

/**
 * The tenants of one limiter. Calls without a key are one of them, together. Whoever has nothing is forgotten at once:
 * keys come from callers, and there is nothing to know of an idle one.
 */
export class Tenants {
  /** Tenants that hold or wait for something. */
  active = 0;
  readonly #nameless = new Tenant(undefined);
  readonly #byKey = new Map<string, Tenant>();

  of(key: string | undefined): Tenant {
    if (key === undefined) return this.#nameless;
    return this.#byKey.get(key) ?? new Tenant(key);
  }

  took(tenant: Tenant): void {
    if (tenant.isIdle) this.#remember(tenant);
    tenant.inFlight++;
  }

  returned(tenant: Tenant): void {
    tenant.inFlight--;
    this.#forgetIfIdle(tenant);
  }

  joined(tenant: Tenant): void {
    if (tenant.isIdle) this.#remember(tenant);
    tenant.waiting++;
  }

  left(tenant: Tenant): void {
    tenant.waiting--;
    this.#forgetIfIdle(tenant);
  }

  /** Not before it has something: refused newcomers must not fill the memory. */
  #remember(tenant: Tenant): void {
    this.active++;
    if (tenant.key !== undefined) this.#byKey.set(tenant.key, tenant);
  }

  #forgetIfIdle(tenant: Tenant): void {
    if (!tenant.isIdle) return;
    this.active--;
    if (tenant.key !== undefined) this.#byKey.delete(tenant.key);
  }
}
