/** The part of asciichart that is used here; the package has no types of its own. */
declare module "asciichart" {
  export interface PlotConfig {
    /** Columns of the axis, a label counted as one. */
    readonly offset?: number;
    readonly symbols?: readonly string[];
    /** Rows. */
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    /** The label of a value on the axis. */
    readonly format?: (value: number) => string;
  }

  export function plot(series: readonly number[], config?: PlotConfig): string;
}
