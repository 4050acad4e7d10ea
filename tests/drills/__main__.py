"""Drills: a page on this machine is killed, fed garbage, run out of disk and visited, and must stay in order.

Not collected by pytest: all of them take about half an hour. Everything happens on loopback and in a folder of its own,
which is removed. Small disks need the right to mount one (Linux, root); else that drill says so.

  python tests/drills                                     # all, as the table in docs/BENCHMARKS.md has them
  python tests/drills kills --times 6
  python tests/drills visitors --minutes 1 --visitors 3
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), *(str(PROJECT / "tests" / name) for name in ("support", "benchmarks"))]

import crowd  # noqa: E402
import disk  # noqa: E402
import garbled  # noqa: E402
import kills  # noqa: E402
import uploads  # noqa: E402
from outcome import table  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ("kills", "garbled", "disk", "uploads", "visitors")
    parser.add_argument("drills", nargs="*", metavar="drill", help=f"of {', '.join(names)} (all)")
    parser.add_argument("--times", type=int, default=40, help="kills (40)")
    parser.add_argument("--uploads", type=int, help="bad uploads (each content to each place)")
    parser.add_argument("--visitors", type=int, default=10, help="at once (10)")
    parser.add_argument("--minutes", type=float, default=10, help="that they stay (10)")
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (0)")
    args = parser.parse_args()
    if unknown := set(args.drills) - set(names):
        parser.error(f"there is no drill {', '.join(sorted(unknown))}; accepted are {', '.join(names)}")
    drills = {
        "kills": lambda root: kills.drill(root, args.times, args.seed),
        "garbled": garbled.drill,
        "disk": disk.drill,
        "uploads": lambda root: uploads.drill(root, args.uploads, args.seed),
        "visitors": lambda root: crowd.drill(root, args.visitors, 60 * args.minutes, args.seed),
    }
    outcomes = []
    for name in args.drills or names:
        with tempfile.TemporaryDirectory() as root:
            outcomes.append(drills[name](Path(root)))
        print(f"{name}: {' | '.join(outcomes[-1].row)}", file=sys.stderr, flush=True)
    print(table(outcomes))
    return int(any(outcome.problems for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
