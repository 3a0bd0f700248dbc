// Handles files that are pasted or dropped, which the page can't send. The browser must not open them instead.

import { useEffect } from 'preact/hooks';

/** Returns whether only files were pasted: office programs add a picture to a copied text. */
function onlyFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes('Files') && !data.types.includes('text/plain');
}

/** @param onFiles called for each attempt to paste or drop files on the page */
export function useFiles(onFiles: () => void): void {
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault(); // the browser would open the file instead of the page
      event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      onFiles();
    };
    const paste = (event: ClipboardEvent): void => {
      if (!onlyFiles(event.clipboardData)) return;
      event.preventDefault();
      onFiles();
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, [onFiles]);
}
