"""Rows of the one table, and how it is printed."""

HEAD = ("what", "measured", "peer in the same run", "ratio", "aim", "met?")


class Report:
    """Rows are added as they are measured; what could not be measured is said, and counted."""

    def __init__(self):
        self.rows, self.skipped = [], []

    def add(self, what, measured, peer="-", ratio="-", aim="-", met=None):
        """met None: nothing was aimed at."""
        row = (what, measured, peer, ratio, aim, {None: "-", True: "yes", False: "NO"}[met])
        self.rows.append(row)
        print("   " + " | ".join(row), flush=True)

    def skip(self, what, why):
        self.skipped.append((what, why))
        print(f"   SKIP {what}: {why}", flush=True)

    def table(self):
        """Markdown, with columns in line."""
        widths = [max(len(row[i]) for row in [HEAD, *self.rows]) for i in range(len(HEAD))]
        lines = [[cell.ljust(width) for cell, width in zip(row, widths)]
                 for row in [HEAD, ["-" * width for width in widths], *self.rows]]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def times(number):
    """A ratio as people say it: "0.42 x"."""
    return f"{number:.2f} x"
