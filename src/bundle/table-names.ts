/** Ends of names of tables, apart from their reader: forms list them before any is read. */
export const TABLES = ['.csv', '.tsv', '.txt', '.dat'] as const;
