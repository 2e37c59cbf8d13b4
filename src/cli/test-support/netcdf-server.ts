/** What the command line's main module does in a thread. */
import { serveNetcdf } from '../netcdf-threads.ts';

serveNetcdf();
