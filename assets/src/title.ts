// The title of the browser's tab: the room, and how much was said while the page was out of sight.

const MOST_COUNTED = 99;

export class Title {
  private unseen = 0;

  constructor(private readonly room: string) {
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.seen();
    });
    this.show();
  }

  said(): void {
    if (!document.hidden) return;
    this.unseen += 1;
    this.show();
  }

  private seen(): void {
    this.unseen = 0;
    this.show();
  }

  private show(): void {
    const count = this.unseen > MOST_COUNTED ? `${MOST_COUNTED}+` : String(this.unseen);
    document.title = `${this.unseen > 0 ? `(${count}) ` : ''}${this.room} · coroom`;
  }
}
