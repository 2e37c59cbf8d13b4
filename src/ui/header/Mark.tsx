/** The product's mark: lanes that advance together. */
export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#3446b8" />
      <g fill="none" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 10h11M7 16h11M7 22h11" stroke="#fff" />
        <path d="m21 6.5 4.5 9.5-4.5 9.5" stroke="#ffd166" />
      </g>
    </svg>
  );
}
