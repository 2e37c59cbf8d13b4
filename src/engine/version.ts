/** This program's version, for the records it writes. */
export { version as appVersion } from '../../package.json';
