"""Find the dates in an archive's pages.

It got four threads.
"""

from concurrent.futures import ThreadPoolExecutor

PAGES = [
    f"page {number}: written on {number % 28 + 1}.{number % 12 + 1}.1952 " * 12
    for number in range(30_000)
]


def dates(pages):
    """Every word that has two dots and is made of digits otherwise."""
    found = 0
    for page in pages:
        for word in page.split():
            parts = word.split(".")
            found += len(parts) == 3 and all(part.isdigit() for part in parts)
    return found


if __name__ == "__main__":
    parts = [PAGES[begin::4] for begin in range(4)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        print(sum(pool.map(dates, parts)), "dates")
