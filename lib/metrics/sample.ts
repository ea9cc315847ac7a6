/** Label names and values of a series. */
export type Labels = Readonly<Record<string, string>>;

/** One line of an exposition, in the shape that prom-client's registry writes it from. */
export interface Sample {
  readonly value: number;
  readonly labels: Labels;
  /** Where the line is named otherwise than its metric: the parts of a histogram. */
  readonly metricName?: string;
  /** Labels that many lines share. The registry renders each such object once and keeps the text. */
  readonly sharedLabels?: Labels;
}
