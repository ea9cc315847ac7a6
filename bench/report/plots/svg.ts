import { type EChartsCoreOption, init } from "echarts";
import { FAINT_TEXT, TEXT } from "./palette.ts";

/** One file beside the report. */
export interface Plot {
  /** File name, such as `closed-loop-1-kb-64-in-flight-cpu.svg`. */
  readonly file: string;
  readonly title: string;
  /** The kind of work that it shows. */
  readonly work: string;
  readonly svg: string;
}

export interface Drawing {
  readonly part: string;
  readonly work: string;
  /** Names the file together with part and work: "cpu". */
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly heightPx: number;
  readonly option: EChartsCoreOption;
}

const WIDTH_PX = 860;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Draws without a browser. The same input gives the same bytes. */
export function draw({ part, work, name, title, subtitle, heightPx, option }: Drawing): Plot {
  const id = slug(`${part} ${work} ${name}`);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH_PX, height: heightPx });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: FONT, color: TEXT },
      title: {
        text: title,
        subtext: subtitle,
        left: 12,
        top: 8,
        itemGap: 5,
        textStyle: { fontSize: 15, fontWeight: 600, color: TEXT },
        subtextStyle: { fontSize: 12, color: FAINT_TEXT },
      },
      ...option,
    });
    return { file: `${id}.svg`, title, work, svg: `${toStillImage(chart.renderToSVGString(), id)}\n` };
  } finally {
    // An instance holds timers: one that is left keeps the process alive.
    chart.dispose();
  }
}

export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/**
 * Takes away what only a mouse could see, whose classes the library numbers through the whole process, and names the
 * clip paths after the plot: plots inlined into one page must not share them.
 */
function toStillImage(svg: string, id: string): string {
  return svg
    .replaceAll(/<style\b[^>]*>.*?<\/style>/gs, "")
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, "")
    .replaceAll(/\bzr\d+-/g, `${id}-`);
}
