"""Print every benchmark's ratio."""

from tests.benchmarks import core, framing, startup


def main() -> None:
    for benchmark in (framing, core, startup):
        for ratio in benchmark.measure():
            print(ratio, flush=True)


if __name__ == "__main__":
    main()
