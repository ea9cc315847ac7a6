/** What can stand in a {@link Chain}, in one at a time. Its neighbours are the chain's to keep. */
export interface Link<Node> {
  before: Node | undefined;
  after: Node | undefined;
}

/** An order that anything may leave from anywhere: what stands in it is linked itself, so nothing is allocated. */
export class Chain<Node extends Link<Node>> {
  length = 0;
  #first: Node | undefined;
  #last: Node | undefined;

  get first(): Node | undefined {
    return this.#first;
  }

  get last(): Node | undefined {
    return this.#last;
  }

  /** Puts it behind the others. */
  add(node: Node): void {
    node.before = this.#last;
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.length++;
  }

  remove(node: Node): void {
    const { before, after } = node;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    node.before = undefined;
    node.after = undefined;
    this.length--;
  }
}
