/** Line icons of the page, 16 × 16, drawn in the text's colour. All are decoration: the control beside them carries the name. */
import type { ReactNode } from 'react';

interface IconProps {
  readonly size?: number;
}

interface LineArtProps extends IconProps {
  readonly filled?: boolean;
  readonly children: ReactNode;
}

function LineArt({ size = 16, filled = false, children }: LineArtProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={filled ? 'currentColor' : 'none'}
      stroke={filled ? 'none' : 'currentColor'}
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const PlayIcon = (props: IconProps) => (
  <LineArt {...props} filled>
    <path d="M4 2.4v11.2a.6.6 0 0 0 .9.5l9-5.6a.6.6 0 0 0 0-1l-9-5.6a.6.6 0 0 0-.9.5z" />
  </LineArt>
);
export const PauseIcon = (props: IconProps) => (
  <LineArt {...props} filled>
    <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />
  </LineArt>
);
export const StepIcon = (props: IconProps) => (
  <LineArt {...props} filled>
    <path d="M3 2.6v10.8l7-5.4zM11 2.5h2.2v11H11z" />
  </LineArt>
);
export const StopIcon = (props: IconProps) => (
  <LineArt {...props} filled>
    <rect x="3" y="3" width="10" height="10" rx="1" />
  </LineArt>
);
export const DownloadIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11" />
  </LineArt>
);
export const ShareIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M6.5 9.5 13.5 2.5M9 2.5h4.5V7M11.5 9.5v4h-9v-9h4" />
  </LineArt>
);
export const SunIcon = (props: IconProps) => (
  <LineArt {...props}>
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3" />
  </LineArt>
);
export const MoonIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" />
  </LineArt>
);
export const HelpIcon = (props: IconProps) => (
  <LineArt {...props}>
    <circle cx="8" cy="8" r="6.3" />
    <path d="M6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M8 11.6v.1" />
  </LineArt>
);
export const CloseIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="m4 4 8 8M12 4l-8 8" />
  </LineArt>
);
export const UploadIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M8 10.2V2M4.8 5.2 8 2l3.2 3.2M2.5 13.5h11" />
  </LineArt>
);
export const ResetIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M3 8a5 5 0 1 0 1.6-3.7M2.6 2.2v2.6h2.6" />
  </LineArt>
);
export const WarnIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="M8 2 1.5 13.5h13zM8 6.5v3.5M8 11.8v.1" />
  </LineArt>
);
export const CheckIcon = (props: IconProps) => (
  <LineArt {...props}>
    <path d="m3 8.5 3.3 3.3L13 4.8" />
  </LineArt>
);
