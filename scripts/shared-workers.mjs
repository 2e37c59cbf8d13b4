/**
 * The engine's worker shares its chunks with the built page. Left to itself, the build tool makes a bundle of every worker, and what page and
 * engine both need (experiments' descriptions, sizes, the configuration of runs, the checks of schemas) would be fetched and held twice.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How sources name the script of the worker that every visit starts; the others are rare and keep bundles of their own. */
const named = /new URL\(\s*'(\.[^']*\/engine\.worker\.ts)'\s*,\s*import\.meta\.url\s*\)/;
/** The build tool's helper of dynamic imports: it adds preloads to the document, which a worker has not. */
const helper = /\0vite\/preload-helper\.js$/;
const helperStart = /function preload\((\w+),[^)]*\) \{/;

/** @returns {import('vite').Plugin[]} of the build alone: the development server has no chunks */
export function sharedWorkers() {
  return [
    {
      name: 'shared-workers',
      apply: 'build',
      enforce: 'pre',
      transform: {
        filter: { id: /\.tsx?$/, code: named },
        handler(code, id) {
          const [address = '', path = ''] = named.exec(code) ?? [];
          const script = this.emitFile({ type: 'chunk', id: fileURLToPath(new URL(path, pathToFileURL(id))) });
          return { code: code.replace(address, `import.meta.ROLLUP_FILE_URL_${script}`), map: null };
        },
      },
    },
    {
      name: 'imports-without-document',
      apply: 'build',
      enforce: 'post',
      transform: {
        filter: { id: helper },
        handler(code) {
          if (!helperStart.test(code)) this.error('The build tool preloads otherwise than this plugin knows.');
          return { code: code.replace(helperStart, "$& if (!('document' in globalThis)) return $1();"), map: null };
        },
      },
    },
    fewPreloads(),
  ];
}

/**
 * Beside each dynamic import stands a list of what it takes, to be fetched at once. Chunks that the page has by then are left out of it, and
 * the worker, which has no document to add preloads to, has no lists.
 * @returns {import('vite').Plugin}
 */
function fewPreloads() {
  /** Chunks that come with the page itself. @type {Set<string>} */
  let first = new Set();
  /** Chunks that the page may ever import. @type {Set<string>} */
  let pages = new Set();
  /** Chunks that bring a style sheet. @type {Set<string>} */
  let styled = new Set();
  return {
    name: 'few-preloads',
    apply: 'build',
    enforce: 'pre',
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
        const start = chunks.filter(({ facadeModuleId }) => facadeModuleId?.endsWith('.html'));
        /** @param {(chunk: typeof chunks[number]) => readonly string[]} importsOf */
        const reached = (importsOf) => {
          const found = new Set(start);
          for (const chunk of found)
            for (const name of importsOf(chunk)) {
              const next = bundle[name];
              if (next?.type === 'chunk') found.add(next);
            }
          return new Set([...found].map(({ fileName }) => fileName));
        };
        first = reached(({ imports }) => imports);
        pages = reached(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
        styled = new Set(
          chunks.filter(({ viteMetadata }) => viteMetadata?.importedCss.size).map(({ fileName }) => fileName),
        );
      },
    },
    config: () => ({
      build: {
        modulePreload: {
          resolveDependencies(file, parts, { hostId, hostType }) {
            if (hostType === 'html') return parts;
            if (!pages.has(hostId)) return [];
            const lacking = parts.filter((part) => !first.has(part));
            // The import asks for its own file by itself, unless it waits for a style sheet.
            return lacking.some((part) => part !== file || styled.has(part)) ? lacking : [];
          },
        },
      },
    }),
  };
}
