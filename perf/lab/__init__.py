"""What the scripts in perf/bin have in common: processes, proxies, loads and tables."""
