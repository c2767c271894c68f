"""Side-by-side benchmarks: ratios measured in one run, never asserted by the clock in a test."""
