/**
 * What the built page may load and run, told to browsers twice: in the page itself, which any static host serves, and by the preview server,
 * whose header holds for the workers' scripts as well.
 */

/**
 * Everything comes from the page's own origin. WebAssembly (HDF5, ONNX Runtime) is compiled, text is never run as code. The component library
 * writes its variables into a style element, so styles may be inline; scripts may not.
 * @type {Readonly<Record<string, string>>}
 */
const policy = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  // The HDF5 library carries its WebAssembly as a data address.
  'connect-src': "'self' data:",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** @param {Readonly<Record<string, string>>} directives */
const written = (directives) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

/** Of the page. */
export const pagePolicy = written(policy);
/** Of a server: what a page cannot say of itself, too. */
export const serverPolicy = written({ ...policy, 'frame-ancestors': "'none'" });

/**
 * Adds the policy to the built page and to the preview server; the development server runs without, since it writes scripts into the page.
 * @returns {import('vite').Plugin}
 */
export function contentPolicy() {
  return {
    name: 'content-policy',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { server }) =>
        server
          ? []
          : [
              {
                tag: 'meta',
                attrs: { 'http-equiv': 'Content-Security-Policy', content: pagePolicy },
                injectTo: 'head-prepend',
              },
            ],
    },
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('Content-Security-Policy', serverPolicy);
        next();
      });
    },
  };
}
