import { PRIORITIES } from "./priority.ts";
import { WaitingLine } from "./waiting-line.ts";

/** Idle tenants that are remembered, so that a returning one costs nothing; keys come from callers. */
const MAX_IDLE = 1_024;

/** Whoever shares a `fairnessKey`: what it holds and what it waits for. */
export class Tenant {
  readonly key: string | undefined;
  /** Permits that it holds. */
  inFlight = 0;
  waiting = 0;
  /** By rank of the class. */
  readonly lines: readonly WaitingLine[] = PRIORITIES.map(() => new WaitingLine(this));

  constructor(key: string | undefined) {
    this.key = key;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.waiting === 0;
  }
}

/** The tenants of one limiter. Calls without a key are one of them, together. */
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
    if (tenant.key !== undefined && this.#byKey.size - this.active > MAX_IDLE) this.#byKey.delete(tenant.key);
  }
}
