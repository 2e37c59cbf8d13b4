import { Button } from '@mantine/core';
import { CloseIcon, DownloadIcon } from '../shared/icons.tsx';
import { cancelExport, exportBundle } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import classes from './RunBar.module.css';

/** Downloads the finished items as a zip that opens in Python; while it is built, shows how far and offers to cancel. */
export function ExportButton() {
  const exporting = useStore((store) => store.exporting);
  const empty = useStore((store) => store.summaries.length === 0);
  const opened = useStore((store) => store.opened !== undefined && !store.opened.bundle);
  if (exporting) {
    const { done, total } = exporting;
    return (
      <Button
        variant="default"
        size="md"
        className={classes.export}
        leftSection={<CloseIcon />}
        onClick={cancelExport}
        aria-label={`Cancel the export, ${done} of ${total} files written`}
        title={exporting.file}
      >
        Cancel {total > 0 ? `${Math.floor((100 * done) / total)} %` : ''}
      </Button>
    );
  }
  return (
    <Button
      variant="default"
      size="md"
      className={classes.export}
      leftSection={<DownloadIcon />}
      onClick={() => void exportBundle()}
      disabled={empty || opened}
      title={
        opened
          ? 'These results were opened, not run here; run their configuration again to export a bundle'
          : empty
            ? 'Finished items can be exported, also after Stop'
            : 'Downloads results, summary, configuration and shaders as a zip'
      }
      data-testid="export"
    >
      Export
    </Button>
  );
}
