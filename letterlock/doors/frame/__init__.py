"""What every web door shares: pages, components, middleware, errors; knows no single page."""
