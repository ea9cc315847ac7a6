import { parser } from "@prometheus-io/lezer-promql";

type Node = ReturnType<typeof parser.parse>["topNode"];

export interface Matcher {
  readonly label: string;
  /** Whether the value is an exact one, and no regular expression. */
  readonly isExact: boolean;
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** Labels that series are aggregated by, or matched on, and the selectors that these series come from. */
export interface Grouping {
  readonly kind: "aggregation" | "match";
  readonly labels: readonly string[];
  readonly of: readonly Selector[];
}

export interface Query {
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
}

/** @throws {SyntaxError} for what Prometheus' own grammar does not take */
export function parsePromql(expr: string): Query {
  const { topNode } = parser.parse(expr);
  const textOf = (node: Node) => expr.slice(node.from, node.to);
  const mistake = descendants(topNode).find(({ type }) => type.isError);
  if (mistake !== undefined) throw new SyntaxError(`no PromQL at character ${mistake.from}: ${expr}`);

  function selectorOf(node: Node): Selector {
    const matchers = named(node, "UnquotedLabelMatcher").map(({ firstChild, lastChild }) => ({
      label: textOf(firstChild!),
      isExact: ["=", "!="].includes(textOf(firstChild!.nextSibling!)),
      value: JSON.parse(textOf(lastChild!)) as string,
    }));
    return { metric: textOf(node.getChild("Identifier")!), matchers };
  }

  function groupingOf(node: Node): Grouping {
    const modifier = node.parent!;
    return {
      kind: modifier.name === "AggregateModifier" ? "aggregation" : "match",
      labels: named(node, "LabelName").map(textOf),
      of: named(modifier.parent!, "VectorSelector").map(selectorOf),
    };
  }

  return {
    selectors: named(topNode, "VectorSelector").map(selectorOf),
    groupings: named(topNode, "GroupingLabels").map(groupingOf),
  };
}

function named(node: Node, name: string): Node[] {
  return descendants(node).filter((one) => one.name === name);
}

function descendants(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}
