import { Chain, type Link } from "./chain.ts";
import type { Tenant } from "./tenants.ts";
import type { Waiter } from "./waiter.ts";

/** The waiters of one class and one tenant by age, and its turn among those of other tenants. */
export class WaitingLine extends Chain<Waiter> implements Link<WaitingLine> {
  readonly tenant: Tenant;
  before: WaitingLine | undefined = undefined;
  after: WaitingLine | undefined = undefined;

  constructor(tenant: Tenant) {
    super();
    this.tenant = tenant;
  }

  get oldest(): Waiter | undefined {
    return this.first;
  }

  get newest(): Waiter | undefined {
    return this.last;
  }
}
