"""`python -m benchmarks [NAME…]`: all benchmarks, or those named."""

import sys
from importlib import import_module
from pathlib import Path

names = sys.argv[1:] or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
for name in names:
    print(f"== {name.removeprefix('bench_')}")
    import_module(f"benchmarks.{name if name.startswith('bench_') else f'bench_{name}'}").main()
