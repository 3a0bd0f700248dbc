// A component that is drawn again only when one of its properties changes.

import { Component, type FunctionComponent, type VNode } from 'preact';

export function memo<P extends object>(Inner: FunctionComponent<P>): new (props: P) => Component<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== this.props[key]);
    }

    override render(): VNode {
      return <Inner {...this.props} />;
    }
  };
}
