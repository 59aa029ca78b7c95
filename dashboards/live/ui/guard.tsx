import { Component, type ComponentChildren, type JSX } from "preact";

/** Shows that a view failed instead of an empty page. */
export class Guard extends Component<
  { readonly children: ComponentChildren },
  { readonly error: string | null }
> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown): { readonly error: string } {
    return { error: String(error) };
  }

  override render(): JSX.Element {
    const { error } = this.state;
    if (error === null) return <>{this.props.children}</>;
    return (
      <div role="alert">
        <h1>This view failed</h1>
        <p class="empty">{error}</p>
      </div>
    );
  }
}
