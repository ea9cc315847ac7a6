import type { BenchClient } from "../client.ts";
import { RawConnection } from "./raw-connection.ts";

/**
 * The load server's yardstick, not a peer: prebuilt bytes on bare sockets, answers cut by their length without a
 * look at them. What it reaches, the server can serve at least.
 */
export const client: BenchClient = {
  description: "raw sockets: prebuilt bytes, answers cut by their length",
  packages: [],
  async open({ origin, endpointName, contentType }) {
    const url = new URL(origin);
    const head = `POST /endpoints/${endpointName}/invocations HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: ${contentType}\r\n`;
    const idle: RawConnection[] = [];
    const opened: RawConnection[] = [];
    let request: Buffer | undefined;
    return {
      async call(body) {
        request ??= Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]);
        let connection = idle.pop();
        if (connection === undefined) {
          connection = await RawConnection.open(url);
          opened.push(connection);
        }
        const answer = await connection.exchange(request);
        idle.push(connection);
        return answer;
      },
      async close() {
        for (const connection of opened) connection.end();
      },
    };
  },
};
