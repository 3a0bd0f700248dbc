// Files that are pasted or dropped. The page does not send any, and must not be left for one either.

import { useEffect } from 'preact/hooks';

/** Whether there is nothing but files: office programs add a picture to the text that is copied. */
function onlyFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes('Files') && !data.types.includes('text/plain');
}

/** @param tell is called for each attempt, wherever on the page it is made */
export function useFiles(tell: () => void): void {
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault(); // else the browser would open it in place of the page
      event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      tell();
    };
    const paste = (event: ClipboardEvent): void => {
      if (!onlyFiles(event.clipboardData)) return;
      event.preventDefault();
      tell();
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, [tell]);
}
