/** Loopback ports. */
import { createServer } from 'node:net';

export const loopback = '127.0.0.1';

/** Whether nothing listens on this loopback port. @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, loopback, () => server.close(() => resolve(true)));
  });
}

/** First free loopback port from `first` up; throws when a hundred in a row are taken. @param {number} first */
export async function freePort(first) {
  for (let port = first; port < first + 100; port++) if (await isFree(port)) return port;
  throw new Error(
    `No free port between ${first} and ${first + 99} on ${loopback}: stop a server, or name one with --port.`,
  );
}
